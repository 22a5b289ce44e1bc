"""Times by SOURCE_DATE_EPOCH: seconds since 1970, in years that images can name."""

from __future__ import annotations

import re

from dflint.errors import BuildError

#: The beginning of the year 1, and the end of the year 9999.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}\Z")


def require_epoch(text: str, what: str, others: str = "") -> None:
    """Raise BuildError for what is no time; `others` says in the error what else may stand."""
    if not _NUMBER.match(text):
        raise BuildError(f"{what}: expected seconds since 1970{others}, found `{text}`")
    if not _FIRST <= int(text) <= _LAST:
        raise BuildError(f"{what}: expected a time before the year 10000, found `{text}`")
