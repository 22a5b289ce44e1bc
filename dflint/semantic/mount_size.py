"""Sizes as Docker reads them: `64m`, `1.5GiB`, `10 kb`; units are powers of 1024."""

from __future__ import annotations

from dflint.text.lazy_pattern import LazyPattern

_UNITS = "bkmgtp"
_DIGITS = r"[0-9]++(?:_[0-9]++)*+"
_DECIMAL = LazyPattern(
    rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?+)?+|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?+"
)
_HEXES = r"[0-9a-fA-F]++(?:_[0-9a-fA-F]++)*+"
_HEXADECIMAL = LazyPattern(
    rf"[+-]?0[xX]_?(?:{_HEXES}(?:\.(?:{_HEXES})?+)?+|\.{_HEXES})[pP][+-]?{_DIGITS}"
)


def parse_size(text: str) -> int | None:
    """Read a number of bytes; None when there is none, or it is negative."""
    number, unit = _parts(text)
    size = _number(number)
    if size is None or size < 0 or len(unit) > 3:
        return None
    unit = unit.lower()
    if unit == "" or unit == "b":
        return int(size)
    if unit[0] not in _UNITS[1:] or unit[1:] not in ("", "b", "ib"):
        return None
    return int(size * 1024 ** _UNITS.index(unit[0]))


def _parts(text: str) -> tuple[str, str]:
    """The number and the unit: the last digit, point or blank parts them."""
    at = max(text.rfind(character) for character in "0123456789. ")
    end = at if text[at : at + 1] == " " else at + 1
    return text[:end], text[at + 1 :]


def _number(text: str) -> float | None:
    """A number as Go's `strconv.ParseFloat` reads it; None for one that is too great."""
    try:
        if _DECIMAL.get().fullmatch(text) is not None:
            number = float(text)
        elif _HEXADECIMAL.get().fullmatch(text) is not None:
            number = float.fromhex(text.replace("_", ""))
        else:
            return None
    except OverflowError:
        return None
    return None if number in (float("inf"), float("-inf")) else number
