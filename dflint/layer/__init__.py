"""Layers: trees of changes, and the archives that they travel in."""

from dflint.layer.apply import apply_tar
from dflint.layer.writer import TarSummary, write_tar

__all__ = ["TarSummary", "apply_tar", "write_tar"]
