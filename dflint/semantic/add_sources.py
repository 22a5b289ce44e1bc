"""What an ADD does with its sources that a COPY would not: fetch them, or unpack them."""

from __future__ import annotations

import re

from dflint.semantic.known_value import known_value
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.scope import Environment

#: Flags that only ADD has.
_OWN_FLAGS = ("checksum", "keep-git-dir", "unpack")
_REMOTE = LazyPattern(r"(?:https?|git|ssh|ftp)://|[\w.-]++@[\w.-]++:", re.IGNORECASE)
#: Names of tar archives, and of compressed files, which may be archives: their content tells.
_PACKED = (
    ".tar", ".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".tz2", ".txz", ".tlz", ".tpz", ".tzst",
    ".gz", ".bz2", ".xz", ".zst", ".lzma", ".lz", ".z",
)  # fmt: skip
_WILDCARDS = ("*", "?", "]")


def adds_like_copy(occurrence: Occurrence, env: Environment) -> bool:
    """Tell whether COPY would do the same with every source.

    A source of unknown value may be anything, and so may a wildcard at the end of a name.
    """
    reading = occurrence.reading
    if len(reading.arguments) < 2:
        return False
    if any(reading.flag(name) is not None for name in _OWN_FLAGS):
        return False
    escape = occurrence.instruction.line.escape
    for word in reading.arguments[:-1]:
        if word.startswith("<<"):
            continue
        source = known_value(word, env, escape)
        if source is None or _REMOTE.get().match(source) or may_be_archive(source):
            return False
    return True


def may_be_archive(source: str) -> bool:
    """Tell whether a source may name a file that ADD unpacks, going by its name."""
    name = source.rstrip("/").rpartition("/")[2].lower()
    if name.endswith(_PACKED) or ".tar." in name:
        # A signature or checksum beside an archive is called `x.tar.gz.asc`.
        return name.endswith(_PACKED) or name.endswith(_WILDCARDS)
    return name.endswith(_WILDCARDS)
