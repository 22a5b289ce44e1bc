"""An instruction in pieces: words that stay as they are, and the gaps before them.

A layout changes gaps only. What is in a gap is blanks, escaped line ends and comment lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from dflint.shell.layout_tokens import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.parser.logical_lines import LogicalLine

#: What a piece is to the layout; those of the shell are the numbers of `layout_tokens` and so on.
(
    SHELL_WORD, AND_OR, PIPE, SEMICOLON, BACKGROUND, CASE_END, OPEN, CLOSE, SHELL_COMMENT,
    KEYWORD, FLAG, ARGUMENT, PAIR, OPENING, STRING, COMMA, CLOSING, KIND,
) = range(18)  # fmt: skip


class Piece(Token):
    r"""A word of an instruction and the gap before it.

    `text` is what is written, line ends as `\n`. `space` are the blanks before it when it does not
    begin a line; `is_broken` tells that it begins one, `level` how far that is indented. `indent`
    are the author's blanks at the line's beginning, None for a line that is new, `pad` those before
    the escape character. `comments` are the comment lines in the gap, "" for lines with nothing on
    them. A piece of a script is a token of it; `command` is an index of all pieces.
    """

    __slots__ = ("comments", "indent", "is_broken", "level", "pad", "space", "text")

    def __init__(
        self,
        start: int,
        end: int,
        kind: int,
        depth: int = 0,
        command: int = -1,
        is_nested: bool = False,
    ) -> None:
        # There are many: a call of the token's own `__init__` would cost as much again.
        self.start = start
        self.end = end
        self.kind = kind
        self.depth = depth
        self.command = command
        self.is_nested = is_nested
        self.text = ""
        self.space = " "
        self.is_broken = False
        self.comments: tuple[str, ...] = ()
        self.level = 1
        self.indent: str | None = None
        self.pad = " "

    def __repr__(self) -> str:
        return f"Piece({self.text!r}, {self.kind}, broken={self.is_broken}, level={self.level})"


class Seams:
    """Where the physical lines of an instruction were joined."""

    __slots__ = ("_line", "offsets")

    def __init__(self, line: LogicalLine) -> None:
        self._line = line
        self.offsets = [begin for begin, _ in line.pieces[1:]]

    def text(self, start: int, end: int) -> str:
        """What is written for a place of the joined text, seams within it included."""
        offsets = self.offsets
        joined = self._line.text
        first = bisect_right(offsets, start)
        last = bisect_left(offsets, end)
        lines: list[str] = []
        at = start
        for index in range(first, last):
            lines.append(joined[at : offsets[index]] + self._line.escape)
            lines += self.comments(index)
            at = offsets[index]
        lines.append(joined[at:end])
        return "\n".join(lines)

    def comments(self, index: int) -> list[str]:
        """The comment lines behind a seam, without blanks at their right."""
        return [line for line in self._skipped(index) if line]

    def has_empty_line(self, index: int) -> bool:
        """Whether there is an empty line behind a seam."""
        return self._skips(index) and "" in self._skipped(index)

    def _skips(self, index: int) -> bool:
        """Whether more may be behind a seam than the escape character and the line's end."""
        pieces = self._line.pieces
        begin, source = pieces[index]
        following, stop = pieces[index + 1]
        return stop - source - following + begin > 2

    def _skipped(self, index: int) -> list[str]:
        line = self._line
        begin, source = line.pieces[index]
        following, stop = line.pieces[index + 1]
        lines = line.source[source + following - begin : stop].split("\n")
        # The first is the escape character's line, the last is empty but at the end of the file.
        skipped = [text.rstrip() for text in lines[1:]]
        if skipped and not skipped[-1]:
            skipped.pop()
        return skipped

    def fill(self, pieces: list[Piece]) -> None:
        """Tell of pieces, from the first one on, what is written there and in the gaps between."""
        offsets = self.offsets
        joined = self._line.text
        count = len(offsets)
        before = at = 0  # where the piece before ends, and the first seam behind it
        for piece in pieces:
            start, end = piece.start, piece.end
            if at < count and offsets[at] <= start:
                first = at
                at = bisect_right(offsets, start)
                self._break(piece, before, first, at)
            else:
                piece.space = joined[before:start]
            if at < count and offsets[at] < end:
                piece.text = self.text(start, end)
                at = bisect_left(offsets, end)
            else:
                piece.text = joined[start:end]
            before = end

    def _break(self, piece: Piece, before: int, first: int, last: int) -> None:
        """Tell what is in the gap before a piece, with the seams from `first` up to `last`."""
        offsets = self.offsets
        joined = self._line.text
        piece.is_broken = True
        piece.pad = joined[before : offsets[first]]
        piece.indent = joined[offsets[last - 1] : piece.start]
        if last - first == 1 and not (self._skips(first) and self._skipped(first)):
            return
        comments: list[str] = []
        for index in range(first, last):
            if index > first and comments[-1:] != [""]:
                comments.append("")
            for comment in self._skipped(index):
                if comment or comments[-1:] != [""]:
                    comments.append(comment)
        piece.comments = tuple(comments)
