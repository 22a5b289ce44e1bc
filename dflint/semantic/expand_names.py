"""What may be the name of a variable behind a `$`."""

from __future__ import annotations

import re

_ASCII_NAME = re.compile(r"[A-Za-z0-9_]*+")
_SPECIAL = frozenset("@*#?-$!")


def name_end(text: str, at: int) -> int:
    """Where the letters, decimal digits and underscores that begin at `at` end."""
    end = _ASCII_NAME.match(text, at).end()  # type: ignore[union-attr]  # may match nothing
    # Most names are ASCII; any letter or decimal digit of Unicode may go on.
    while end < len(text) and _is_name_character(text[end]):
        end += 1
    return end


def _is_name_character(character: str) -> bool:
    return character == "_" or character.isalpha() or character.isdecimal()


def variable_name_end(text: str, at: int) -> int:
    """Where the variable name at `at` ends; `at` itself when there is none.

    A digit begins a positional parameter, which is digits only, and one of `@*#?-$!` is a
    special parameter of one character.
    """
    character = text[at : at + 1]
    if character.isdecimal():
        end = at + 1
        while end < len(text) and text[end].isdecimal():
            end += 1
        return end
    if character in _SPECIAL:
        return at + 1
    return name_end(text, at)
