"""Writes a pair of the legacy form, `key value`, as `key=value` that means the same.

The legacy form takes the rest of the line for the value, blanks and all; behind `=` a value is
one word. Where it is none already, it is put in double quotes: what stood in quotes and behind
escape characters of its own goes on to mean what it meant.
"""

from __future__ import annotations

from dflint.cst.parser.head import split_words
from dflint.cst.reading import read_text
from dflint.cst.writing import literal
from dflint.semantic.expand import evaluate_word
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    #: What stands from one offset to another, and what is to stand there.
    Piece = tuple[int, int, str]

#: A key, and a value, in which nothing has a meaning.
_PLAIN_KEY = LazyPattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*+")
_PLAIN = LazyPattern(r"[A-Za-z0-9_./:@,+-]++")
#: Environments that tell words apart which do not mean the same.
_TRIALS: tuple[Callable[[str], str | None], ...] = (
    lambda name: None,
    lambda name: "",
    lambda name: f"<{name} \"'\\`>",
)


def pair_pieces(text: str, key: tuple[int, int], start: int, escape: str) -> list[Piece] | None:
    """What is to be changed in a joined line so that its pair has a `=`.

    `key` is the key's place, the value goes from `start` to the line's end. The pieces are in
    order and do not overlap. None where it is not certain that the value stays the same.
    """
    value = text[start:]
    if _PLAIN_KEY.get().fullmatch(text, *key) and _PLAIN.get().fullmatch(value):
        return [(key[1], start, "=")]  # both mean themselves, whichever way they are written
    pieces = word_pieces(value, escape)
    if pieces is None:
        return None
    first = (key[1], start, "=")
    result = [first, *((start + begin, start + end, new) for begin, end, new in pieces)]
    new = replaced(text, result)
    arguments = read_text(new, 0, escape).arguments
    name = text[key[0] : key[1]]
    if len(arguments) != 3 or arguments[0] != name or arguments[2] != "=":
        return None
    if evaluate_word(value, _TRIALS[-1], escape).error is not None:
        return None
    is_same = arguments[1] == value or all(
        _outcome(arguments[1], trial, escape) == _outcome(value, trial, escape) for trial in _TRIALS
    )
    return result if is_same else None


def word_pieces(value: str, escape: str) -> list[Piece] | None:
    """What is to be changed in the text of a value so that it is one word; None if it has faults.

    Nothing is, in one that is a word already.
    """
    if split_words(value, 0, len(value), escape) == [(0, len(value))]:
        return []
    expansion = evaluate_word(value, _TRIALS[-1], escape)
    # The quotes in the braces of a template are none of the Dockerfile's.
    if expansion.error is not None or "{{" in value:
        return None
    ends: dict[int, int] = {}
    for reference in expansion.references:
        begin, end = reference.span.start, reference.span.end
        ends[begin] = max(end, ends.get(begin, 0))
    pieces = _Quoting(value, escape, ends).pieces()
    return None if pieces is None else [(0, 0, '"'), *pieces, (len(value), len(value), '"')]


class _Quoting:
    """Takes the quotes and escapes out of a value that is to stand within double quotes."""

    def __init__(self, value: str, escape: str, references: dict[int, int]) -> None:
        self._value = value
        self._escape = escape
        self._references = references
        self._pieces: list[Piece] = []
        #: The last reference without braces, while nothing stands behind it.
        self._open: tuple[int, int] | None = None

    def pieces(self) -> list[Piece] | None:
        """What is to be changed; None for an escape character at the end."""
        value, at, quote = self._value, 0, ""
        while at < len(value):
            character = value[at]
            end = self._references.get(at) if quote != "'" else None
            if end is not None:
                self._open = None if value.startswith("${", at) else (at, end)
                at = end
            elif character == quote or (not quote and character in "\"'"):
                quote = "" if quote else character
                self._pieces.append((at, at + 1, ""))
                at += 1
            elif character == self._escape and quote != "'":
                if at + 1 == len(value):
                    return None
                at = self._escaped(at, quote)
            else:
                self._put(at, at + 1, literal(character, self._escape))
                at += 1
        return sorted(self._pieces)

    def _escaped(self, at: int, quote: str) -> int:
        """Put what an escape character and the one behind it mean; the end of the two."""
        character = self._value[at + 1]
        if quote and character not in ('"', "$", self._escape):
            self._put(at, at + 1, self._escape)
            return at + 1
        self._put(at, at + 2, literal(character, self._escape))
        return at + 2

    def _put(self, begin: int, end: int, text: str) -> None:
        """Have a text stand there; braces part it from a name that it would go on."""
        if self._open is not None:
            start, close = self._open
            self._open = None
            if begin != close and (text[0].isalnum() or text[0] == "_"):
                self._pieces.append((start + 1, start + 1, "{"))
                self._pieces.append((close, close, "}"))
        if self._value[begin:end] != text:
            self._pieces.append((begin, end, text))


def replaced(text: str, pieces: list[Piece]) -> str:
    """The text with the pieces in it."""
    parts: list[str] = []
    at = 0
    for begin, end, new in pieces:
        parts += (text[at:begin], new)
        at = end
    return "".join((*parts, text[at:]))


def _outcome(
    word: str, get: Callable[[str], str | None], escape: str
) -> tuple[str, bool, list[str]]:
    expansion = evaluate_word(word, get, escape)
    names = [reference.name for reference in expansion.references]
    return expansion.text if expansion.error is None else "", expansion.error is None, names
