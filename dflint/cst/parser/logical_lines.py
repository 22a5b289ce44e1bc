"""Cuts a text into parser directives, logical lines with their heredocs, and what is between.

A logical line is an instruction as a builder reads it: its physical lines joined at the escaped
line ends, with comment lines and blank lines in between dropped ("Format" in the reference).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from dflint.cst.parser.patterns import rule
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from dflint.cst.heredocs import HeredocMarker
    from dflint.cst.node import Node

#: White space as Unicode has it; what a builder trims. Python's own `strip` takes more.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
#: The same as a pattern, without the line end; written so that it compiles quickly.
_BLANK = r"[^\S\n\x1c-\x1f]*+"
#: What a line that is empty or a comment can begin with.
_SKIPPABLE = frozenset(SPACE + "#")
#: The same, and the nothing that a line of blanks consists of behind them.
_SKIPPED = _SKIPPABLE | {""}
#: What stands around the name of a parser directive.
_AROUND_NAME = SPACE + "#"
#: A line that ends in none of these ends its instruction, and needs no trimming.
_BEFORE_END = frozenset(SPACE + "\\`") | {""}
#: The line end that no escape character stands before, by that.
_ENDS = {"\\": LazyPattern(r"\n(?<!\\\n)"), "`": LazyPattern(r"\n(?<!`\n)")}
#: The directives that builders know.
DIRECTIVES = frozenset(("syntax", "escape", "check"))
#: A heredoc that lacks its end is taken to end before a line that begins an instruction.
_NEXT_INSTRUCTION = (
    r"^(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD"
    r"|STOPSIGNAL|HEALTHCHECK|SHELL)[ \t]"
)


class LogicalLine:
    """One instruction as text: where it stands, and what a builder reads there.

    Offsets into the source: `above` where its comments begin, `start` its keyword, `end` the end
    of its last physical line's content, `stop` the end of its heredocs. `text` is the joined
    line, trimmed at the right; `pieces` tells for each physical line that is read its offset in
    `text` and in the source; `bodies` are the ends of each heredoc's content and closing line.
    `memo` is for what a higher layer made of the line and should not make again.
    """

    __slots__ = (
        "above",
        "bodies",
        "end",
        "escape",
        "markers",
        "memo",
        "pieces",
        "source",
        "start",
        "stop",
        "text",
    )

    source: str
    above: int
    start: int
    end: int
    stop: int
    escape: str
    text: str
    markers: tuple[HeredocMarker, ...]
    pieces: list[tuple[int, int]]
    bodies: tuple[tuple[int, int, int], ...]
    memo: Any

    def __init__(self, source: str, above: int, start: int, escape: str) -> None:
        self.source = source
        self.above = above
        self.start = start
        self.escape = escape
        self.markers = ()
        self.bodies = ()
        self.memo = None
        self.pieces = [(0, start)]
        end = source.find("\n", start)
        if end < 0:
            end = len(source)
        elif source[end - 1] not in _BEFORE_END:
            self.end = end
            self.stop = end + 1
            self.text = source[start:end]
            return
        if not self._join_plain_lines():
            self._join()

    @property
    def whole(self) -> str:
        """All the text that the instruction owns."""
        return self.source[self.above : self.stop]

    def is_in(self, text: str, at: int, escape: str) -> bool:
        """Whether all that it owns stands at an offset of a text, and ends there as it does here.

        It must end where it does whatever the text goes on with.
        """
        above, stop = self.above, self.stop
        if text[at : at + stop - above] != self.source[above:stop] or self.escape != escape:
            return False
        if self.end == stop or self.source[stop - 1] != "\n":
            return False
        return not self.bodies or all([close < end for _, close, end in self.bodies])

    def is_read_as(self, other: LogicalLine) -> bool:
        """Whether a builder reads the same in both lines, heredocs included."""
        if self.text != other.text or self.escape != other.escape:
            return False
        if not self.markers and not other.markers:
            return True
        return self.source[self.start : self.stop] == other.source[other.start : other.stop]

    def moved(self, source: str, above: int) -> LogicalLine:
        """The same line in another text, where all that it owns begins at `above`."""
        made = LogicalLine.__new__(LogicalLine)
        by = above - self.above
        made.source = source
        made.above = above
        made.start = self.start + by
        made.end = self.end + by
        made.stop = self.stop + by
        made.escape = self.escape
        made.text = self.text
        made.markers = self.markers
        if by == 0:
            made.pieces = self.pieces
            made.bodies = self.bodies
            made.memo = None if self.markers else self.memo
        else:
            made.pieces = [(logical, at + by) for logical, at in self.pieces]
            made.bodies = self.bodies and tuple(
                [(begin + by, close + by, stop + by) for begin, close, stop in self.bodies]
            )
            made.memo = None
        return made

    def _join_plain_lines(self) -> bool:
        """As `_join` does, all lines at once; False where one may have to be left out.

        By far the most instructions have nothing in them that may be a comment, and an escape
        character at the very end of each line but the last.
        """
        source = self.source
        start = self.start
        escape = self.escape
        found = _ENDS[escape].get().search(source, start)
        if found is None:
            return False
        end = found.start()
        escaped = escape + "\n"
        lines = source[start:end]
        if "#" in lines or lines[-1:] in _BEFORE_END or escape + escaped in lines:
            return False
        parts = lines.split(escaped)
        lengths = accumulate(map(len, parts), initial=0)
        self.pieces = [(at, start + at + 2 * nth) for nth, at in enumerate(lengths)]
        self.pieces.pop()
        self.text = "".join(parts)
        self.end = end
        self.stop = end + 1
        return True

    def _join(self) -> None:
        """Read physical lines as long as they end in the escape character, and join them."""
        source = self.source
        escape = self.escape
        twice = escape * 2
        size = len(source)
        at = self.start
        pieces: list[tuple[int, int]] = []
        parts: list[str] = []
        length = 0
        while True:
            close = source.find("\n", at)
            # By far the most: the escape character at the very end, and no comment.
            if close > at and source[close - 1] == escape and source[close - 2] != escape:
                part = source[at : close - 1]
                if "#" not in part:
                    pieces.append((length, at))
                    parts.append(part)
                    length += len(part)
                    at = close + 1
                    continue
            line = source[at : size if close < 0 else close]
            last = line[-1:]
            may_be_skipped = "#" in line or last in _SKIPPED
            if may_be_skipped and pieces and at < size and _is_skipped(line):
                at = size if close < 0 else close + 1
                continue
            pieces.append((length, at))
            part = line if last == escape else line.rstrip("\r").rstrip(" \t")
            if part[-1:] != escape or part[-2:] == twice:
                break
            parts.append(part[:-1])
            length += len(part) - 1
            at = size if close < 0 else close + 1
        line = line.rstrip("\r")
        parts.append(line)
        self.end = at + len(line)
        self.stop = size if close < 0 else close + 1
        text = "".join(parts)
        self.text = text.rstrip(SPACE) if text[-1:] in _BEFORE_END else text
        self.pieces = pieces

    def offset(self, logical: int) -> int:
        """The source offset of the character at `logical` in `text`.

        At a seam between two physical lines it is the later line's beginning.
        """
        pieces = self.pieces
        if len(pieces) == 1:
            return self.start + logical
        at = bisect_right(pieces, (logical, len(self.source))) - 1
        begin, source = pieces[at]
        return source + logical - begin

    def offset_after(self, logical: int) -> int:
        """The source offset just behind the character before `logical`."""
        return self.offset(logical - 1) + 1 if logical else self.offset(0)

    def read_heredocs(self, markers: tuple[HeredocMarker, ...]) -> None:
        """Take the lines behind the instruction as the bodies of its heredocs."""
        bodies = []
        at = self.stop
        for marker in markers:
            begin, ending = _find_terminator(self.source, at, marker)
            bodies.append((at, begin, ending))
            at = ending
        self.markers = markers
        self.bodies = tuple(bodies)
        self.stop = at


def _find_terminator(source: str, at: int, marker: HeredocMarker) -> tuple[int, int]:
    """Where the closing line of a heredoc begins and ends; both the same when there is none."""
    name = marker.name
    size = len(source)
    search = at
    while name and (found := source.find(name, search)) >= 0:
        begin = source.rfind("\n", at, found) + 1 or at
        close = source.find("\n", found)
        close = size if close < 0 else close
        before = source[begin:found]
        if marker.chomp:
            before = before.lstrip("\t")
        if not before and source[found + len(name) : close].strip("\r") == "":
            return begin, min(close + 1, size)
        search = close if close > found else found + 1
    if not name:
        return _find_empty_terminator(source, at, marker)
    following = re.compile(_NEXT_INSTRUCTION, re.MULTILINE).search(source, at)
    end = size if following is None else following.start()
    return end, end


def _find_empty_terminator(source: str, at: int, marker: HeredocMarker) -> tuple[int, int]:
    """The first empty line: the end of a heredoc whose quoted name is empty."""
    size = len(source)
    begin = at
    while begin < size:
        close = source.find("\n", begin)
        close = size if close < 0 else close
        line = source[begin:close].rstrip("\r")
        if not (line.lstrip("\t") if marker.chomp else line):
            return begin, min(close + 1, size)
        begin = close + 1
    return size, size


def directives_end(source: str, at: int) -> tuple[list[tuple[int, int]], int]:
    """The lines from `at` that are parser directives, and where the rest of the file begins."""
    spans: list[tuple[int, int]] = []
    while at < len(source) and source[at] in _SKIPPABLE:
        close = source.find("\n", at) + 1 or len(source)
        name, equals, _ = source[at:close].partition("=")
        if not equals or name.strip(_AROUND_NAME).lower() not in DIRECTIVES:
            break
        found = rule("directive").match(source, at, close)
        if found is None or found.end() != close:
            break
        spans.append((at, close))
        at = close
    return spans, at


def logical_lines(source: str, at: int, escape: str) -> Iterator[LogicalLine]:
    """The logical lines from `at` on; the heredocs of each must be read before the next."""
    size = len(source)
    while True:
        if at >= size:
            return
        start = _after_skipped(source, at) if source[at] in _SKIPPABLE else at
        if start >= size:
            return
        if source[start] in SPACE:
            indent = re.compile(_BLANK).match(source, start)
            start = indent.end() if indent else start
        line = LogicalLine(source, at, start, escape)
        yield line
        at = line.stop


def _after_skipped(source: str, at: int) -> int:
    """The beginning of the first line from `at` that is neither empty nor a comment."""
    size = len(source)
    while at < size:
        first = source[at]
        if first == "\n":
            at += 1
            continue
        if first not in _SKIPPABLE:
            break
        close = source.find("\n", at)
        if first != "#" and not _is_skipped(source[at : size if close < 0 else close]):
            break
        at = size if close < 0 else close + 1
    return at


def _is_skipped(line: str) -> bool:
    """Whether a line is empty or a comment."""
    return line.lstrip(SPACE)[:1] in ("", "#")


def line_of_nodes(node: Node) -> LogicalLine:
    """The logical line of an instruction whose nodes were put together by hand."""
    from dflint.cst.parser.build import attach_heredocs
    from dflint.cst.trivia import Continuation
    from dflint.cst.visitor import walk

    source = node.code
    escape = next((part.escape for part in walk(node) if isinstance(part, Continuation)), "\\")
    for line in logical_lines(source, 0, escape):
        attach_heredocs(line)
        return line
    return LogicalLine(source, 0, len(source), escape)
