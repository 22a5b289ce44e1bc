"""Writes values so that a builder reads them as they were: the words of ENV and LABEL, JSON arrays.

The counterpart of `dflint.cst.reading` and of the expansion of words.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_JSON_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(character: str, escape: str = "\\") -> str:
    """A character as it is written within double quotes, where it is to mean nothing else."""
    return escape + character if character in ('"', "$", escape) else character


def quoted_value(text: str, escape: str = "\\") -> str | None:
    """The text in double quotes, as the value of a pair; None for one that has several lines."""
    if "\n" in text:
        return None
    if '"' in text or "$" in text or escape in text:
        text = "".join([literal(character, escape) for character in text])
    return f'"{text}"'


def json_array(words: Iterable[str]) -> str | None:
    """An exec form of the words; None where one has bytes that JSON has no characters for."""
    strings = [json_string(word) for word in words]
    return None if None in strings else "[" + ", ".join(filter(None, strings)) + "]"


def json_string(text: str) -> str | None:
    """The text as a string of JSON; None where it has bytes that are no UTF-8."""
    if text.isprintable():
        # Nothing but these two is to be escaped, as in nearly every text.
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if any("\ud800" <= character <= "\udfff" for character in text):
        return None
    return '"' + "".join(_in_json(character) for character in text) + '"'


def _in_json(character: str) -> str:
    if character < " ":
        return _JSON_ESCAPES.get(character) or f"\\u{ord(character):04x}"
    return _JSON_ESCAPES.get(character, character)
