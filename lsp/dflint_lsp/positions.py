r"""Positions as editors count them, and offsets of a text.

LSP 3.17, "Position": lines and characters from 0; a line ends at `\n`, `\r\n` or `\r`, and at
nothing else; characters are counted in the code units that client and server agreed on.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types

from dflint.text.span import Span

_LINE_END = re.compile(r"\r\n|\r|\n")

UTF8 = types.PositionEncodingKind.Utf8.value
UTF16 = types.PositionEncodingKind.Utf16.value
UTF32 = types.PositionEncodingKind.Utf32.value


class ClientLines:
    """Maps positions in a text, as a client counts them, to offsets in code points and back.

    `encoding` is one of `utf-8`, `utf-16` and `utf-32`. A position beyond its line means the
    line's end, and one beyond the last line the end of the text, as the specification has it. One
    in the middle of a character means the character's beginning.
    """

    __slots__ = ("_starts", "encoding", "text")

    def __init__(self, text: str, encoding: str = UTF16) -> None:
        self.text = text
        self.encoding = encoding
        self._starts = [0, *[match.end() for match in _LINE_END.finditer(text)]]

    @property
    def count(self) -> int:
        """How many lines there are; what follows the last line end counts, even when empty."""
        return len(self._starts)

    def line_span(self, line: int) -> Span:
        """The span of a line, from 0, without its line end; empty at the end when there is none."""
        if line >= len(self._starts):
            return Span(len(self.text), len(self.text))
        start = self._starts[line]
        if line + 1 == len(self._starts):
            return Span(start, len(self.text))
        end = self._starts[line + 1]
        return Span(start, end - (2 if self.text.endswith("\r\n", start, end) else 1))

    def line_of(self, offset: int) -> int:
        """The line, from 0, that an offset lies on."""
        return bisect_right(self._starts, offset) - 1

    def holds(self, position: types.Position) -> bool:
        """Whether a position is one in the text; those beyond its end mean the end."""
        return True

    def offset(self, position: types.Position) -> int:
        """The offset of a position."""
        span = self.line_span(position.line)
        if self.encoding == UTF32:
            return min(span.start + position.character, span.end)
        line = span.slice(self.text)
        if line.isascii():
            return min(span.start + position.character, span.end)
        return span.start + _index(line, position.character, self.encoding)

    def position(self, offset: int) -> types.Position:
        """The position of an offset; between the halves of a line end it is the line's end."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self.text[offset - 1 : offset + 1] == "\r\n" and offset > start:
            offset -= 1
        return types.Position(line, _units(self.text[start:offset], self.encoding))

    def span(self, wanted: types.Range) -> Span:
        """The span of a range; one whose ends are swapped is taken as it was meant."""
        start, end = self.offset(wanted.start), self.offset(wanted.end)
        return Span(start, end) if start <= end else Span(end, start)

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def whole(self) -> types.Range:
        """The range of the whole text."""
        return self.range(Span(0, len(self.text)))


def _units(text: str, encoding: str) -> int:
    """How many code units a text takes."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _index(line: str, units: int, encoding: str) -> int:
    """How many characters of a line take at most so many code units."""
    taken = 0
    for index, char in enumerate(line):
        taken += _units(char, encoding)
        if taken > units:
            return index
    return len(line)
