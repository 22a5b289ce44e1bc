"""What keeps a text from being the JSON array that an exec form is, and where.

For text that a builder has found to be no exec form, so speed is of no matter; but the time is
linear in the text's length.
"""

from __future__ import annotations

from enum import Enum

_SPACE = " \t\n\r"
_SINGLE = ("'", "`")
_STRAIGHT = ('"', *_SINGLE)
#: Typographic quotation marks with those that may close them.
_TYPOGRAPHIC = {
    "“": "”“",
    "”": "”“",
    "„": "“”",
    "‟": "”",
    "‘": "’‘",
    "’": "’‘",
    "‚": "‘’",
    "«": "»",
    "»": "«»",
    "″": "″",
    "′": "′",
    "＂": "＂",
}
_SIMPLE_ESCAPES = '"\\/bfnrt'
_HEX = frozenset("0123456789abcdefABCDEF")
_ENDS_BARE = frozenset(_SPACE + ",]\"'[")


class FaultKind(Enum):
    """What is wrong with the text of an array; `{}` stands for the characters at fault."""

    #: A string within `'` or backticks.
    SINGLE_QUOTE = 'JSON strings need `"`, not {}'
    #: A string within quotation marks such as “ and ”.
    TYPOGRAPHIC_QUOTE = 'JSON strings need `"`, not the typographic {}'
    #: A word without quotes.
    UNQUOTED = '{} lacks the `"` of a JSON string'
    #: A backslash that begins no escape of JSON.
    ESCAPE = "{} is no escape of JSON, where a backslash is `\\\\`"
    #: A character below U+0020 in a string.
    CONTROL_CHARACTER = "{} cannot stand in a JSON string"
    UNCLOSED_STRING = "nothing closes the string that begins here"
    UNCLOSED_ARRAY = "nothing closes this `[`"
    #: Two elements without a comma between them.
    MISSING_COMMA = "a comma is missing before {}"
    #: A comma that no element follows.
    EXTRA_COMMA = "no string follows this comma"
    #: Something after a string that is neither a comma nor the array's end.
    UNEXPECTED = "found {} where JSON has `,` or `]`"
    #: Something after the array.
    TEXT_AFTER = "the array is followed by {}"
    #: Elements separated by commas, without `[` before them.
    NO_BRACKET = "the array lacks its `[`"
    #: The whole array within quotes.
    QUOTED_ARRAY = "the whole array stands in quotes"
    #: A backslash of a Windows path that begins an escape, as in `"C:\temp"`.
    PATH = "{} is a control character in JSON"


class Fault:
    """The first thing that is wrong; `start` and `end` are offsets into the text."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: FaultKind, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"Fault({self.kind!r}, {self.start}, {self.end})"


def find_fault(text: str) -> Fault | None:
    """The first fault in a text that begins with `[`; None when it has the form of an array.

    A number, an array and whatever else is JSON but no string counts as unquoted.
    """
    at = _skip(text, 1)
    if text[at : at + 1] == "]":
        return _after_array(text, at + 1)
    while True:
        fault, at = _element(text, at)
        if fault is not None:
            return fault
        at = _skip(text, at)
        separator = text[at : at + 1]
        if separator == "]":
            return _after_array(text, at + 1)
        if separator != ",":
            return _no_separator(text, at)
        comma = at
        at = _skip(text, at + 1)
        if text[at : at + 1] in ("]", ""):
            return Fault(FaultKind.EXTRA_COMMA, comma, comma + 1)


def elements(text: str) -> list[tuple[int, int]]:
    """The places of what may be meant as elements in a text that begins with `[`.

    Commas, white space and the closing bracket are left out; a quoted string is one element
    whatever its quotes, an unclosed one goes on to the end.
    """
    places: list[tuple[int, int]] = []
    at = 1
    while True:
        at = _skip(text, at, _SPACE + ",")
        if at >= len(text) or text[at] == "]":
            return places
        start = at
        closing = closing_quotes(text[at])
        at = _bare_end(text, at) if closing is None else _close(text, at + 1, closing) + 1
        places.append((start, min(at, len(text))))


def closing_quotes(character: str) -> str | None:
    """The characters that may close a string opened by this one; None for no quote."""
    if character in _STRAIGHT:
        return character
    return _TYPOGRAPHIC.get(character)


def _skip(text: str, at: int, blanks: str = _SPACE) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


def _close(text: str, at: int, closing: str) -> int:
    """Where a string that began before `at` is closed, else the text's end."""
    while at < len(text) and text[at] not in closing:
        at += 2 if text[at] == "\\" and closing == '"' else 1
    return min(at, len(text))


def _bare_end(text: str, at: int) -> int:
    """Where an element without quotes that begins at `at` ends."""
    start = at
    while at < len(text) and text[at] not in _ENDS_BARE:
        at += 1
    return at if at > start else at + 1


def _element(text: str, at: int) -> tuple[Fault | None, int]:
    """The fault of the element at `at`, and where the element ends."""
    first = text[at : at + 1]
    if first == '"':
        return _string(text, at)
    if not first:
        return Fault(FaultKind.UNCLOSED_ARRAY, 0, 1), at
    if first == ",":
        return Fault(FaultKind.EXTRA_COMMA, at, at + 1), at
    if first in _SINGLE:
        return Fault(FaultKind.SINGLE_QUOTE, at, at + 1), at
    if first in _TYPOGRAPHIC:
        return Fault(FaultKind.TYPOGRAPHIC_QUOTE, at, at + 1), at
    return Fault(FaultKind.UNQUOTED, at, _bare_end(text, at)), at


def _string(text: str, start: int) -> tuple[Fault | None, int]:
    """The fault of the string that begins at `start`, and where it ends."""
    end = _close(text, start + 1, '"')
    if end >= len(text):
        return Fault(FaultKind.UNCLOSED_STRING, start, start + 1), end
    at = start + 1
    while at < end:
        character = text[at]
        if character == "\\":
            size = _escape_size(text, at)
            if not size:
                return Fault(FaultKind.ESCAPE, at, at + 2), end
            at += size
        elif character < " ":
            return Fault(FaultKind.CONTROL_CHARACTER, at, at + 1), end
        else:
            at += 1
    return None, end + 1


def _escape_size(text: str, at: int) -> int:
    """How many characters the escape at `at` has; 0 for none of JSON's."""
    letter = text[at + 1]
    if letter in _SIMPLE_ESCAPES:
        return 2
    digits = text[at + 2 : at + 6]
    return 6 if letter == "u" and len(digits) == 4 and _HEX.issuperset(digits) else 0


def _after_array(text: str, at: int) -> Fault | None:
    at = _skip(text, at)
    return Fault(FaultKind.TEXT_AFTER, at, len(text)) if at < len(text) else None


def _no_separator(text: str, at: int) -> Fault:
    """The fault when neither a comma nor a bracket stands at `at`, after an element."""
    if at >= len(text):
        return Fault(FaultKind.UNCLOSED_ARRAY, 0, 1)
    character = text[at]
    if closing_quotes(character) is not None or character in "$[{" or character.isalnum():
        return Fault(FaultKind.MISSING_COMMA, at, at + 1)
    return Fault(FaultKind.UNEXPECTED, at, at + 1)
