"""The values of COPY's and ADD's flags that BuildKit refuses."""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.reading import Reading

_SYMBOLIC = LazyPattern(r"[ugoa]*+(?:[+=-](?:[rwxXst]*+|[ugo]))+\Z")
_DIGEST = LazyPattern(r"[a-z0-9]++(?:[.+_-][a-z0-9]++)*+:[a-zA-Z0-9=_-]++\Z")
#: The digest algorithms that are known, with the length of a digest in hexadecimal digits.
_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}


def copy_flag_problem(reading: Reading) -> tuple[str, str, str] | None:
    """The flag at fault, what BuildKit prints, and the value; None when all is well.

    Values with variables are passed over.
    """
    mode = reading.flag("chmod")
    if mode and "$" not in mode:
        reason = _mode_reason(mode)
        if reason:
            return "chmod", reason, mode
    checksum = reading.flag("checksum")
    if checksum and "$" not in checksum and reading.keyword == "add":
        reason = _checksum_reason(checksum, reading.arguments[:-1])
        if reason:
            return "checksum", reason, checksum
    return None


def _mode_reason(mode: str) -> str:
    if mode[0].isdigit():
        if len(mode.lstrip("0")) <= 4 and all("0" <= digit < "8" for digit in mode):
            return ""
        return (
            f"invalid chmod parameter: '{mode}'. it should be octal string and between 0 and 07777"
        )
    if all(_SYMBOLIC.get().match(clause) for clause in mode.split(",")):
        return ""
    return "invalid syntax"


def _checksum_reason(checksum: str, sources: tuple[str, ...]) -> str:
    if len(sources) != 1:
        return "checksum can't be specified for multiple sources"
    source = sources[0]
    if is_git(source):
        return ""
    if not source.startswith(("http://", "https://")):
        return "" if "$" in source else "checksum requires HTTP(S) or Git sources"
    if _DIGEST.get().match(checksum) is None:
        return "invalid checksum digest format"
    algorithm, _, digest = checksum.partition(":")
    length = _LENGTHS.get(algorithm)
    if length is None:
        return "unsupported digest algorithm"
    if len(digest) != length:
        return "invalid checksum digest length"
    return "" if re.match(r"[0-9a-f]++\Z", digest) else "invalid checksum digest format"


def is_git(source: str) -> bool:
    """Tell whether a source of ADD is a Git repository."""
    path = source.partition("#")[0].partition("?")[0]
    return path.endswith(".git") or source.startswith(("git@", "git://", "ssh://"))
