"""What a cursor stands in: a comment, a directive, a heredoc, or which part of an instruction.

Reads leniently: what is half typed is a part of something, too.
"""

from __future__ import annotations

import re
from enum import Enum

from dflint.semantic.instruction_at import instruction_at
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint_lsp.documents import DocumentVersion

_DIRECTIVE = re.compile(r"\ufeff?#[ \t]*\w+[ \t]*=")
_BLANKS = " \t"
_WORD = re.compile(r"\S+")


class Place(Enum):
    """What kind of text a cursor stands in."""

    #: Where an instruction may begin.
    GAP = "gap"
    COMMENT = "comment"
    #: A comment in which a parser directive may stand.
    DIRECTIVE = "directive"
    #: The lines of a heredoc.
    HEREDOC = "heredoc"
    #: An instruction: its keyword, flags or arguments.
    INSTRUCTION = "instruction"


class Cursor:
    """An offset in a document, and what is there.

    `before` is what an instruction's joined line has up to the cursor, `text` all of it, with the
    blanks at its end that a builder trims.
    """

    __slots__ = ("before", "instruction", "offset", "place", "text", "version")

    def __init__(self, version: DocumentVersion, offset: int) -> None:
        self.version = version
        self.offset = offset
        self.instruction: Instruction | None = None
        self.before = ""
        self.text = ""
        self.place = self._find()

    @property
    def at(self) -> int:
        """The offset in the joined line."""
        return len(self.before)

    @property
    def line(self) -> LogicalLine:
        """The logical line of the instruction that the cursor is in."""
        assert self.instruction is not None
        return self.instruction.line

    def span(self, begin: int, end: int) -> Span:
        """The span in the source of a place in the joined line."""
        size = len(self.line.text)
        if begin >= size:  # among the blanks at the end
            return Span(self.offset - (self.at - begin), self.offset + max(end - self.at, 0))
        start = self.line.offset(begin)
        return Span(start, max(start, self.line.offset_after(min(end, size))))

    def edited(self, begin: int, end: int) -> Span | None:
        """The same on the cursor's line alone, as a completion has to be; None when that fails.

        The part before the cursor must be there all of it; what is behind may be cut.
        """
        text = self.version.text
        start = self.offset if begin >= self.at else self.span(begin, end).start
        stop = self.offset if end <= self.at else self.span(begin, end).end
        if start > self.offset or "\n" in text[start : self.offset]:
            return None
        stop = max(stop, self.offset)
        line_end = text.find("\n", self.offset, stop)
        if line_end >= 0:
            stop = self.offset + len(text[self.offset : line_end].rstrip("\r \t\\`"))
        return Span(start, stop)

    def _find(self) -> Place:
        text = self.version.text
        line_start = text.rfind("\n", 0, self.offset) + 1
        instructions = self.version.document.instructions
        if not instructions:
            return self._outside(line_start)
        tree = self.version.document.tree
        instruction = instruction_at(tree, self.offset)
        line = instruction.line
        if self.offset < line.start:
            return self._outside(line_start)
        if self.offset > line.end and self.offset > line.start:
            if line.markers and self.offset >= line.bodies[0][0]:
                self.instruction = instruction
                if self._is_in_body(line):
                    return Place.HEREDOC
                self.instruction = None
            return self._outside(line_start)
        self.instruction = instruction
        return self._inside(line, line_start)

    def _is_in_body(self, line: LogicalLine) -> bool:
        begin, close, end = line.bodies[-1]
        del begin
        return self.offset < end or (close == end and self.offset <= end)

    def _outside(self, line_start: int) -> Place:
        """What a line is that belongs to no instruction's text."""
        text = self.version.text
        before = text[line_start : self.offset].lstrip("\ufeff")
        if not before.lstrip().startswith("#"):
            return Place.GAP
        above = text[:line_start].split("\n")[:-1]
        if before.startswith("#") and all(_DIRECTIVE.match(one) for one in above):
            return Place.DIRECTIVE
        return Place.COMMENT

    def _inside(self, line: LogicalLine, line_start: int) -> Place:
        source = line.source
        pieces = line.pieces
        is_read = line.start >= line_start or any(start == line_start for _, start in pieces)
        if not is_read and source[line_start : self.offset].lstrip().startswith("#"):
            return Place.COMMENT
        parts: list[str] = []
        for index, (begin, start) in enumerate(pieces):
            if start > self.offset:
                break
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            stop = line.end if following is None else start + following[0] - begin
            parts.append(source[start : min(stop, self.offset)])
        self.before = "".join(parts)
        if len(self.before) >= len(line.text) and line_start > line.start:
            # An empty line, which a builder skips, may be what is typed next.
            blanks = source[line_start : min(pieces[-1][1], self.offset)].rstrip("\r\n")
            self.before += blanks if blanks.isspace() else ""
        self.text = line.text + self.before[len(line.text) :]
        return Place.INSTRUCTION

    @property
    def is_behind_escape(self) -> bool:
        """Whether the cursor is right behind the character that continues its line."""
        if self.place is not Place.INSTRUCTION:
            return False
        text = self.version.text
        end = text.find("\n", self.offset)
        rest = text[self.offset : len(text) if end < 0 else end]
        return not rest.strip() and text[: self.offset].rstrip(_BLANKS).endswith(self.line.escape)


class Word:
    """A piece of the joined line, with the cursor in it or at its ends."""

    __slots__ = ("begin", "cursor", "end")

    def __init__(self, cursor: Cursor, begin: int, end: int) -> None:
        self.cursor = cursor
        self.begin = begin
        self.end = end

    @property
    def text(self) -> str:
        """All of it."""
        return self.cursor.text[self.begin : self.end]

    @property
    def prefix(self) -> str:
        """The part before the cursor."""
        return self.cursor.text[self.begin : self.cursor.at]

    @property
    def suffix(self) -> str:
        """The part behind the cursor."""
        return self.cursor.text[self.cursor.at : self.end]


class Parts:
    """The instruction at a cursor, be it the line's own or the one behind ONBUILD.

    `flag` is the flag that the cursor is in, `index` the argument: that of `words`, or the one
    that would be typed there. `is_keyword` tells that the cursor is on or before the keyword's
    end.
    """

    __slots__ = ("arguments", "cursor", "flag", "flags", "index", "is_keyword", "is_trigger",
                 "keyword", "keyword_begin", "keyword_end", "words")  # fmt: skip

    def __init__(self, cursor: Cursor) -> None:
        from dflint.cst.parser.head import head_of, keyword_of, split_list

        text, escape = cursor.text, cursor.line.escape
        self.cursor = cursor
        begin = 0
        head = head_of(text, 0, escape)
        self.keyword = keyword_of(text)
        self.is_trigger = self.keyword == "onbuild" and cursor.at > head.keyword_end
        if self.is_trigger:
            begin = min(head.arguments, len(text))
            self.keyword = keyword_of(text, begin)
            head = head_of(text, begin, escape)
        self.keyword_begin = begin
        self.keyword_end = max(head.keyword_end, begin)
        self.is_keyword = cursor.at <= self.keyword_end or not text[begin : cursor.at].strip()
        self.flags = [Word(cursor, *place) for place in head.flags]
        self.arguments = head.arguments
        words = split_list(text, head.arguments, len(text)) if head.arguments < len(text) else []
        self.words = [Word(cursor, *place) for place in words]
        self.flag = next((one for one in self.flags if one.begin < cursor.at <= one.end), None)
        self.index = sum(one.end < cursor.at for one in self.words)

    @property
    def word(self) -> Word:
        """The argument at the cursor; an empty one between two."""
        at = self.cursor.at
        if self.index < len(self.words) and self.words[self.index].begin <= at:
            return self.words[self.index]
        return Word(self.cursor, at, at)

    @property
    def is_before_arguments(self) -> bool:
        """Whether a flag may stand at the cursor."""
        return not self.words or self.cursor.at <= self.words[0].begin

    def flag_names(self) -> list[str]:
        """The flags that are given."""
        return [one.text[2:].partition("=")[0] for one in self.flags]
