"""What an ADD does with its sources that a COPY would not: fetch them, or unpack them.

What is unpacked is told by the content of a file, not by its name: a tar archive, plain or
compressed with gzip, bzip2, xz or zstd.
"""

from __future__ import annotations

import re

from dflint.semantic.known_value import known_value
from dflint.semantic.plain_names import is_plain_name
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.context.build_context import BuildContext
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.scope import Environment

#: Flags that only ADD has.
_OWN_FLAGS = ("checksum", "keep-git-dir", "unpack")
_REMOTE = LazyPattern(r"(?:https?|git|ssh|ftp)://|[\w.-]++@[\w.-]++:", re.IGNORECASE)
#: Names of tar archives, and of compressed files, which may be archives: their content tells.
_PACKED = (
    ".tar", ".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".tz2", ".txz", ".tlz", ".tpz", ".tzst",
    ".gz", ".bz2", ".xz", ".zst", ".lzma", ".lz", ".z",
    # Packages and images that are tar archives.
    ".apk", ".ipk", ".gem", ".crate", ".ova",
)  # fmt: skip
_WILDCARDS = ("*", "?", "]")


def adds_like_copy(occurrence: Occurrence, env: Environment) -> bool:
    """Tell whether COPY would do the same with every source.

    A source of unknown value may be anything, and so may a wildcard at the end of a name.
    """
    reading = occurrence.reading
    if len(reading.arguments) < 2:
        return False
    if reading.flags and any(reading.flag(name) is not None for name in _OWN_FLAGS):
        return False
    escape = occurrence.instruction.line.escape
    for word in reading.arguments[:-1]:
        if word.startswith("<<"):
            continue
        source = known_value(word, env, escape)
        if source is None or _is_remote(source) or may_be_archive(source):
            return False
    return True


def _is_remote(source: str) -> bool:
    return ":" in source and _REMOTE.get().match(source) is not None


def unpacks_nothing(
    occurrence: Occurrence, env: Environment, context: BuildContext | None
) -> bool | None:
    """Tell whether no source of such an ADD is an archive; None where nobody can say.

    The files of the context tell, and without them the names: of sources that no build argument
    can change.
    """
    is_certain = True
    escape = occurrence.instruction.line.escape
    for word in occurrence.reading.arguments[:-1]:
        if word.startswith("<<"):
            continue
        source = known_value(word, env, escape)
        if "$" in word:
            first, last = word.partition("/")[0], word.rpartition("/")[2]
            # An extension is told from the text behind the last variable alone.
            if "$" in first or not is_plain_name(last) or "." not in last.rpartition("}")[2]:
                is_certain = False
            continue
        unpacked = None
        if context is not None and source is not None and not occurrence.is_trigger:
            unpacked = context.holds_archive(source)
        if unpacked:
            return False
        if unpacked is None and not is_plain_name(word):
            is_certain = False
    return is_certain or None


def may_be_archive(source: str) -> bool:
    """Tell whether a source may name a file that ADD unpacks, going by its name."""
    name = source.rstrip("/").rpartition("/")[2].lower()
    if name.endswith(_PACKED) or ".tar." in name:
        # A signature or checksum beside an archive is called `x.tar.gz.asc`.
        return name.endswith(_PACKED) or name.endswith(_WILDCARDS)
    return name.endswith(_WILDCARDS)
