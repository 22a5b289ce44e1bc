"""Mends text that is meant as an exec form, where there is no doubt what it is meant to be."""

from __future__ import annotations

from dflint.cst.parser.json_array import decode_string, is_string_array
from dflint.cst.parser.json_diagnosis import FaultKind, closing_quotes, elements
from dflint.cst.writing import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    #: What stands from one offset to another, and what is to stand there.
    Piece = tuple[int, int, str]

_SPACE = " \t\n\r"
_MENDABLE = frozenset((
    FaultKind.SINGLE_QUOTE, FaultKind.TYPOGRAPHIC_QUOTE, FaultKind.UNQUOTED, FaultKind.ESCAPE,
    FaultKind.UNCLOSED_ARRAY, FaultKind.MISSING_COMMA, FaultKind.EXTRA_COMMA,
    FaultKind.NO_BRACKET, FaultKind.QUOTED_ARRAY, FaultKind.PATH,
))  # fmt: skip


def array_pieces(text: str, kind: FaultKind) -> list[Piece] | None:
    """What is to be changed in the text of an array so that it is JSON; None in case of doubt.

    `kind` is that of its first fault. The pieces are in order and do not overlap.
    """
    if kind not in _MENDABLE or "{{" in text:
        return None
    if kind is FaultKind.PATH:
        return _path_pieces(text)
    if kind is FaultKind.QUOTED_ARRAY:
        quotes = [(0, 1, ""), (len(text) - 1, len(text), "")]
        return quotes if is_string_array(text[1:-1]) else None
    if kind is FaultKind.NO_BRACKET:
        pieces = _element_pieces("[" + text)
        shifted = None if pieces is None else [(b - 1, e - 1, new) for b, e, new in pieces]
        return None if shifted is None else [(0, 0, "["), *shifted]
    return _element_pieces(text)


def word_pieces(text: str) -> list[Piece] | None:
    """What is to be changed in words between blanks so that they are an array.

    None where one has quotes or something else that a shell would have a meaning for.
    """
    pieces: list[Piece] = []
    at = 0
    for word in text.split():
        string = _string(word) if word.isprintable() and not set(word) & set("\"'[]") else None
        if string is None:
            return None
        at = text.index(word, at)
        pieces.append((at, at + len(word), string + ","))
        at += len(word)
    if not pieces:
        return None
    begin, end, string = pieces[-1]
    pieces[-1] = begin, end, string[:-1] + "]"
    begin, end, string = pieces[0]
    pieces[0] = begin, end, "[" + string
    return pieces


def string_pieces(text: str) -> list[Piece] | None:
    """What is to be changed in an array of JSON so that all of its elements are strings."""
    pieces: list[Piece] = []
    for begin, end in elements(text):
        word = text[begin:end]
        if word[0] in "[{":
            return None
        if word[0] != '"':
            pieces.append((begin, end, f'"{word}"'))
    return pieces


def _element_pieces(text: str) -> list[Piece] | None:
    places = elements(text)
    pieces: list[Piece] = []
    at = 1
    for number, (begin, end) in enumerate(places):
        gap = _gap_pieces(text, at, begin, "," if number else "")
        string = _string(text[begin:end])
        if gap is None or string is None:
            return None
        pieces += gap
        if string != text[begin:end]:
            pieces.append((begin, end, string))
        at = end
    closing = text.find("]", at)
    last = _gap_pieces(text, at, len(text) if closing < 0 else closing, "")
    if not places or last is None:
        return None
    if closing < 0:
        return [*pieces, *last, (len(text), len(text), "]")]
    return None if text[closing + 1 :].strip(_SPACE) else [*pieces, *last]


def _gap_pieces(text: str, begin: int, end: int, wanted: str) -> list[Piece] | None:
    """What is between two elements, with one comma where one is wanted and else none."""
    gap = text[begin:end]
    commas = gap.count(",")
    if gap.strip(_SPACE + ","):
        return None
    if commas == len(wanted):
        return []
    if not commas:
        return [(begin, begin, wanted if gap else wanted + " ")]
    first = begin + gap.index(",")
    if wanted:
        return None
    return [(first, first + 1, "")] if commas == 1 else None


def _string(written: str) -> str | None:
    """An element as a string of JSON; None where it is not certain what it is."""
    opening = written[0]
    closing = closing_quotes(opening)
    if closing is None:
        has_meaning = any(character in "\\$`&|;<>()*?" for character in written)
        return None if has_meaning else json_string(written)
    if len(written) < 2 or written[-1] not in closing:
        return None
    inner = written[1:-1]
    if opening == '"':
        return written if is_string_array(f"[{written}]") else _escaped(inner)
    # Of backslashes in other quotes nobody knows which language they are of.
    return None if "\\" in inner else json_string(inner)


def _escaped(inner: str) -> str | None:
    """The string whose backslashes, none of which begins an escape, are those of a path."""
    doubled = '"' + inner.replace("\\", "\\\\") + '"'
    is_sure = "\\\\" not in inner and '\\"' not in inner and is_string_array(f"[{doubled}]")
    return doubled if is_sure else None


def _path_pieces(text: str) -> list[Piece] | None:
    """One string with a path of Windows whose backslashes JSON takes for escapes."""
    written = _escaped(text[1:-1])
    if written is None or decode_string(written) != text[1:-1]:
        return None
    return [(0, len(text), written)]
