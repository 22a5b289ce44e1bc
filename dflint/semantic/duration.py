"""Durations as Go writes them, for HEALTHCHECK: `1h2m3.5s`, `1.5h`, `-300ms`."""

from __future__ import annotations

import re

_UNITS = {
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
    "m": 60_000_000_000, "h": 3_600_000_000_000,
}  # fmt: skip
_PART = re.compile(r"([0-9]*+)(?:\.([0-9]*+))?+([^0-9.]*+)")
_MOST = 1 << 63


class Duration:
    """A length of time in `nanoseconds`, which may be negative."""

    __slots__ = ("nanoseconds",)

    nanoseconds: int

    def __init__(self, nanoseconds: int) -> None:
        self.nanoseconds = nanoseconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.nanoseconds == other.nanoseconds

    def __hash__(self) -> int:
        return hash(self.nanoseconds)

    def __repr__(self) -> str:
        return f"Duration({self.nanoseconds})"


class DurationProblem:
    """Why a text is no duration: `message` is what Go says."""

    __slots__ = ("message",)

    message: str

    def __init__(self, message: str) -> None:
        self.message = message

    def __repr__(self) -> str:
        return f"DurationProblem({self.message!r})"


def parse_duration(text: str) -> Duration | DurationProblem:
    """Read a duration exactly as Go's `time.ParseDuration` does."""
    negative = text.startswith("-")
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return Duration(0)
    total = at = 0
    while at < len(rest) or not rest:
        part = _PART.match(rest, at)
        if part is None or not (part[1] or part[2]):
            return DurationProblem(f"time: invalid duration {_quote(text)}")
        length = _nanoseconds(part[1], part[2] or "", part[3])
        if isinstance(length, str):
            return DurationProblem(f"time: {length} {_quote(text)}")
        total += length
        at = part.end()
    if total > _MOST - (not negative):
        return DurationProblem(f"time: invalid duration {_quote(text)}")
    return Duration(-total if negative else total)


def _nanoseconds(digits: str, fraction: str, unit: str) -> int | str:
    """One number with its unit, or what is wrong with it."""
    whole = _leading(digits)
    if whole is None:
        return "invalid duration"
    if not unit:
        return "missing unit in duration"
    if unit not in _UNITS:
        return f"unknown unit {_quote(unit)} in duration"
    scale = _UNITS[unit]
    if whole > _MOST // scale:
        return "invalid duration"
    return whole * scale + _fraction(fraction, scale)


def _leading(digits: str) -> int | None:
    """The number before the point, None when it is more than 64 bits hold."""
    digits = digits.lstrip("0")
    number = int(digits or "0") if len(digits) < 20 else _MOST + 1
    return None if number > _MOST else number


def _fraction(digits: str, scale: int) -> int:
    """What the digits behind the point add; digits that 64 bits cannot hold are left out."""
    number, divisor = 0, 1.0
    for digit in digits[:40]:
        if number > (_MOST - 1) // 10:
            break
        more = number * 10 + int(digit)
        if more > _MOST:
            break
        number, divisor = more, divisor * 10
    return int(float(number) * (float(scale) / divisor))


def _quote(text: str) -> str:
    parts = []
    for character in text:
        if character in '"\\':
            parts.append("\\" + character)
        elif " " <= character <= "\x7f":
            parts.append(character)
        else:
            encoded = character.encode("utf-8", "surrogatepass")
            parts.append("".join(f"\\x{byte:02x}" for byte in encoded))
    return '"' + "".join(parts) + '"'
