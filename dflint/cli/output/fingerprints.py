"""Fingerprints by which a service knows a finding again from one run to the next."""

from __future__ import annotations

from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.engine.report import ReportedFinding

# Enough to tell lines apart, without hashing a megabyte for each finding in it.
_LINE_PART = 1000


def fingerprint(*parts: str) -> str:
    """Make 32 hexadecimal digits that differ when any part does."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=16).hexdigest()


class FileFingerprints:
    """The fingerprints of one file's findings, asked for in their order.

    They are made of the rule, the text of the line without its indentation and which
    occurrence of the two it is, so that moving the line changes nothing. With a `path`, those
    of different files differ as well.
    """

    __slots__ = ("_path", "_seen")

    def __init__(self, path: str = "") -> None:
        self._path = path
        self._seen: dict[tuple[str, str], int] = {}

    def next(self, finding: ReportedFinding) -> str:
        """Make the fingerprint of the file's next finding."""
        line = finding.source_line.strip()[:_LINE_PART]
        key = (finding.rule, line)
        occurrence = self._seen.get(key, 0)
        self._seen[key] = occurrence + 1
        return fingerprint(self._path, finding.rule, line, str(occurrence))
