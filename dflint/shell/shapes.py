"""What an expansion can come to where a shell splits it into words: one word, or what else.

A shape is a set of flags. Without any it is one word with nothing in it to split or to match.
"""

from __future__ import annotations

#: One plain word, whatever happens.
WORD = 0
#: It may be nothing.
EMPTY = 1
#: It may be several words, of which it is known that they are meant to be several.
LIST = 2
#: It may be anything.
UNKNOWN = 4

_GLOBS = frozenset("*?[")


def shape_of_text(text: str) -> int:
    """The shape of a known text."""
    if not text:
        return EMPTY
    if not _GLOBS.isdisjoint(text):
        return UNKNOWN
    words = text.split()
    if not words:
        return EMPTY | LIST
    return WORD if words == [text] else LIST


def concatenated(shapes: list[int]) -> int:
    """The shape of some in a row; it is empty only if all are."""
    shape = WORD
    for one in shapes:
        shape |= one
    if any(not one & (EMPTY | UNKNOWN) for one in shapes):
        shape &= ~EMPTY
    return shape if shapes else EMPTY
