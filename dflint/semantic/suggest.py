"""The `(did you mean …?)` at the end of BuildKit's messages."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_EDITS = 2


def suggestion(word: str, options: Iterable[str]) -> str | None:
    """Find the option that BuildKit suggests for a mistaken `word`, or None.

    It is the first among those that take fewest edits, two at most; to add, drop or change a
    character is one edit, to swap two is two. Case counts.
    """
    best = None
    most = _MOST_EDITS
    for option in options:
        edits = _edits(word, option, most)
        if edits <= most:
            best, most = option, edits - 1
    return best


def _edits(one: str, other: str, most: int) -> int:
    """The number of edits; any number above `most` stands for all above it."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, 1):
        current = [row]
        for column, opposite in enumerate(other, 1):
            changed = above[column - 1] + (character != opposite)
            current.append(min(changed, above[column] + 1, current[column - 1] + 1))
        above = current
    return above[-1]
