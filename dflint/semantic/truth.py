"""True and false as Go reads them in the options of flags."""

from __future__ import annotations

_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def parse_truth(text: str) -> bool | None:
    """Read a truth value as Go's `strconv.ParseBool` does; None when it is none."""
    if text in _TRUE:
        return True
    return False if text in _FALSE else None
