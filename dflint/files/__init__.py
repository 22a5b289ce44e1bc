"""What COPY, ADD and WORKDIR do to a root file system."""

from __future__ import annotations

from dflint.files.checksum import DigestCache, checksum
from dflint.files.copying import Copy, copy
from dflint.files.directories import make_directory
from dflint.files.limits import Limits
from dflint.files.tree import SourceTree, read_matcher
from dflint.kernel.file_content import StatKey

__all__ = [
    "Copy",
    "DigestCache",
    "Limits",
    "SourceTree",
    "StatKey",
    "checksum",
    "copy",
    "make_directory",
    "read_matcher",
]
