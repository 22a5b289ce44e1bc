"""Versions of official images whose support has ended, and when."""

from __future__ import annotations

from dflint.semantic.known_images import short_name

#: For each image the newest version of each length whose support has ended, and when: all before
#: it have ended too. Versions are compared by as many numbers as the row has.
_UP_TO = {
    "php": ((8, 1), "December 2025"),
    "postgres": ((13,), "November 2025"),
    "python": ((3, 9), "October 2025"),
    "ruby": ((3, 2), "March 2026"),
}
#: The last of Node's even versions that has ended; odd ones live half a year.
_NODE = (20, "April 2026")
#: Images that are given up altogether.
_GIVEN_UP = {
    "adoptopenjdk": "2021",
    "java": "2016",
    "openjdk": "2022",
}


def ended(image: str) -> str:
    """Since when an image, named with its tag, gets no fixes; empty where that is not known."""
    name, _, tag = short_name(image).partition(":")
    version = tag.partition("-")[0]
    if name in _GIVEN_UP:
        return _GIVEN_UP[name]
    numbers = _numbers(version)
    if not numbers:
        return ""
    if name == "node":
        is_over = numbers[0] <= _NODE[0] or (numbers[0] % 2 == 1 and numbers[0] < 25)
        return _NODE[1] if is_over else ""
    last, when = _UP_TO.get(name, ((), ""))
    if not last:
        return ""
    # `php:8` is the newest of its line, `php:7` is not.
    is_over = numbers[: len(last)] <= last if len(numbers) >= len(last) else numbers[0] < last[0]
    return when if is_over else ""


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version; none where it is no version."""
    parts = version.split(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in parts):
        return ()
    return tuple(map(int, parts))
