"""Text measured in the cells of a terminal."""

from __future__ import annotations

import unicodedata


def width_of(text: str) -> int:
    """How many cells a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def cut(text: str, width: int) -> str:
    """As much of a text as fits into so many cells."""
    if text.isascii():
        return text[: max(0, width)]
    taken = 0
    for at, character in enumerate(text):
        taken += _width(character)
        if taken > width:
            return text[:at]
    return text


def fill(left: str, right: str, width: int) -> str:
    """Two texts at the two ends of a line; the left one is cut where there is no room."""
    room = width - width_of(right)
    left = cut(left, room)
    return left + " " * (room - width_of(left)) + right


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
