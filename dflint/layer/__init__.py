"""Layers: trees of changes, and the archives that they travel in."""

from dflint.layer.apply import apply_tar
from dflint.layer.compression import (
    Compressed,
    CompressingWriter,
    DecompressingReader,
    compress,
    decompress,
)
from dflint.layer.export import MergedEntry, merged_entries, write_merged_tar
from dflint.layer.merged import MergedTree
from dflint.layer.reader import TarReader
from dflint.layer.writer import TarSummary, write_tar

__all__ = [
    "Compressed",
    "CompressingWriter",
    "DecompressingReader",
    "MergedEntry",
    "MergedTree",
    "TarReader",
    "TarSummary",
    "apply_tar",
    "compress",
    "decompress",
    "merged_entries",
    "write_merged_tar",
    "write_tar",
]
