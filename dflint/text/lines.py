"""Lines and columns of a text."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from dflint.text.span import Span


class LineIndex:
    r"""Maps offsets of a text to lines and columns and back.

    A line ends at `\n` and nowhere else, as a Dockerfile's does: a lone `\r`, U+0085 or
    U+2028 is an ordinary character of its line. Lines and columns count from 1, columns in
    code points.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        starts = [0]
        # A blank more for each line, as it is longer than its content by the line end.
        starts.extend(accumulate(map(len, text.replace("\n", " \n").split("\n"))))
        starts.pop()
        self._starts = starts

    @property
    def count(self) -> int:
        """How many lines there are; what follows the last newline counts, even when empty."""
        return len(self._starts)

    def line(self, offset: int) -> int:
        """The line, from 1, that `offset` lies on."""
        return bisect_right(self._starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column, both from 1, of `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column; a column past the end of its line gives that end."""
        span = self.line_span(line)
        return min(span.start + column - 1, span.end)

    def line_span(self, line: int) -> Span:
        r"""The span of a line without its line end (`\n` or `\r\n`)."""
        start = self._starts[line - 1]
        if line < len(self._starts):
            end = self._starts[line] - 1
            if end > start and self._text[end - 1] == "\r":
                end -= 1
        else:
            end = len(self._text)
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """The text of a line without its line end."""
        return self.line_span(line).slice(self._text)
