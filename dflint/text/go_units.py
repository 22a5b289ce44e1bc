"""Sizes and times as docker (github.com/docker/go-units) and BuildKit write them for people."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_DAY, _WEEK = 24, 24 * 7
_MONTH, _YEAR = _DAY * 30, _DAY * 365


def human_size(size: int, digits: int = 4) -> str:
    """A number of bytes with so many figures, as `1.982MB`; units are powers of 1000."""
    value, unit = _scaled(size)
    return f"{value:.{digits}g}{unit}"


def byte_count(size: int) -> str:
    """A number of bytes as BuildKit writes it, as `409B` or `1.04MB`."""
    value, unit = _scaled(size)
    return f"{size}B" if unit == "B" else f"{value:.2f}{unit}"


def _scaled(size: int) -> tuple[float, str]:
    value, unit = float(size), 0
    while value >= 1000 and unit + 1 < len(_UNITS):
        value /= 1000
        unit += 1
    return value, _UNITS[unit]


def human_duration(seconds: float) -> str:
    """A span of time in one unit, as `About an hour` or `3 weeks`."""
    whole = int(seconds)
    if whole < 60:
        return "Less than a second" if whole < 1 else _counted(whole, "second")
    if whole < 3600:
        return "About a minute" if whole < 120 else f"{whole // 60} minutes"
    hours = int(seconds / 3600 + 0.5)
    if hours < 48:
        return "About an hour" if hours == 1 else f"{hours} hours"
    for span, below, name in (
        (_DAY, _WEEK * 2, "days"), (_WEEK, _MONTH * 2, "weeks"), (_MONTH, _YEAR * 2, "months"),
    ):  # fmt: skip
        if hours < below:
            return f"{hours // span} {name}"
    return f"{whole // 3600 // _YEAR} years"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
