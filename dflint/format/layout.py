"""Decides which pieces of an instruction begin a line, and how far that is indented.

The author's breaks stay, at the operator's other side where that is the style; new ones come
where lines are too long, and in lists that are written one below the other.
"""

from __future__ import annotations

import sys

from dflint.format.packages import package_lists
from dflint.format.pieces import (
    AND_OR,
    BACKGROUND,
    CASE_END,
    CLOSE,
    CLOSING,
    COMMA,
    FLAG,
    KEYWORD,
    KIND,
    OPEN,
    OPENING,
    PAIR,
    PIPE,
    SEMICOLON,
    SHELL_COMMENT,
    SHELL_WORD,
    STRING,
    Piece,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.format.options import FormatOptions

#: What has one value, with or without a name before it: never broken anew.
_SINGLE = frozenset(("env", "label", "maintainer", "user", "workdir", "stopsignal", "from"))
_KEEPS_BLANKS = frozenset((SHELL_WORD, SHELL_COMMENT, OPEN, CLOSE))
#: What has no blank before it, and what has one on both sides, or behind it.
_BEHIND = frozenset((SEMICOLON, COMMA, CLOSING))
_JOINING = frozenset((AND_OR, PIPE))
_PARTS = frozenset((AND_OR, PIPE, SEMICOLON, BACKGROUND, CASE_END))


class Layout:
    """The layout of one instruction; `pieces` are changed by it."""

    def __init__(self, pieces: list[Piece], options: FormatOptions) -> None:
        self.pieces = pieces
        self.options = options
        self.keeps = options.align == "keep"
        self.script = next(
            (at for at, one in enumerate(pieces) if SHELL_WORD <= one.kind < KEYWORD), len(pieces)
        )
        self._indent_width = options.indent_width
        # Of each piece the width, up to a line end in it; keywords do not change theirs.
        self._widths = [
            len(text if "\n" not in text else text.partition("\n")[0])
            for text in [piece.text for piece in pieces]
        ]
        self._long: list[tuple[int, int]] | None = None
        self._has_levels = False

    def arrange(self) -> None:
        """Decide everything."""
        pieces = self.pieces
        for piece in pieces[: self.script]:
            if piece.kind in (KEYWORD, KIND) and "\n" not in piece.text:
                piece.text = self.options.cased(piece.text)
        if self._has_breaks():
            self._move_breaks()
        self._set_spaces()
        if self.script < len(pieces):
            self._arrange_script()
        elif any(piece.kind == PAIR for piece in pieces):
            self._arrange_pairs()
        elif not any(piece.kind == OPENING for piece in pieces):
            self._set_levels()
            if self._is_long():
                self._break_words()
        self._set_levels()

    def _has_breaks(self) -> bool:
        return any([piece.is_broken for piece in self.pieces])

    def _move_breaks(self) -> None:
        """Breaks stand before `&&`, `||` and `|`, behind `,`."""
        pieces = self.pieces
        last = len(pieces) - 1
        for at, piece in enumerate(pieces):
            kind = piece.kind
            if kind in _JOINING and at < last:
                _move(pieces[at + 1], piece)
            elif kind == COMMA and at < last:
                _move(piece, pieces[at + 1])

    def _set_spaces(self) -> None:
        pieces = self.pieces
        keeps = self.keeps
        before = pieces[0].kind
        for piece in pieces[1:]:
            kind = piece.kind
            if keeps and len(piece.space) > 1:
                pass
            elif kind in _BEHIND or before == OPENING:
                piece.space = ""
            elif (
                kind in _KEEPS_BLANKS
                and before <= CLOSE
                and (before not in _PARTS or (before == SEMICOLON and piece.text == ")"))
            ):
                piece.space = " " if piece.space else ""
            else:
                piece.space = " "
            before = kind

    def _arrange_script(self) -> None:
        # A new line can put others further to the right.
        count = -1
        while count != (count := [piece.is_broken for piece in self.pieces].count(True)):
            self._set_levels()
            self._shorten(self._break_head)
            self._shorten(self._break_commands)
            self._shorten(self._break_alternatives)
            self._lay_out_lists()
            self._shorten(self._break_pipes)

    def _lay_out_lists(self) -> None:
        lists = list(package_lists(self.pieces, self.script))
        if lists:
            is_broken = any(piece.is_broken for piece in self.pieces[self.script + 1 :])
            for heads, tail in lists:
                self._lay_out_list(heads, tail, is_broken)
            self._set_levels()

    def _shorten(self, breaks: Callable[[int, int], bool]) -> None:
        """Break each line that is too long."""
        changed = False
        for start, end in self._long_lines():
            changed |= breaks(start, end)
        if changed:
            self._set_levels()

    def _break_head(self, start: int, end: int) -> bool:
        """Put every flag on a line of its own, and what follows them."""
        return self._break(
            at
            for at in range(max(start, 1) + 1, min(end, self.script + 1))
            if self.pieces[at - 1].kind == FLAG and self.pieces[at].kind != KEYWORD
        )

    def _break_commands(self, start: int, end: int) -> bool:
        pieces = self.pieces
        return self._break(
            at
            for at in range(max(start, self.script) + 1, end)
            if not pieces[at].is_nested
            and (
                (pieces[at].kind == AND_OR and pieces[at].text == "&&")
                or (pieces[at - 1].kind == SEMICOLON and not pieces[at - 1].is_nested)
            )
        )

    def _break_alternatives(self, start: int, end: int) -> bool:
        pieces = self.pieces
        return self._break(
            at
            for at in range(max(start, self.script) + 1, end)
            if pieces[at].kind == AND_OR and not pieces[at].is_nested
        )

    def _break_pipes(self, start: int, end: int) -> bool:
        pieces = self.pieces
        return self._break(
            at
            for at in range(max(start, self.script) + 1, end)
            if pieces[at].kind == PIPE and not pieces[at].is_nested
        )

    def _break(self, places: Iterator[int]) -> bool:
        changed = False
        for at in places:
            if not self.pieces[at].is_broken and not self.pieces[at].text.startswith("#"):
                _break(self.pieces[at])
                changed = True
        self._has_levels = self._has_levels and not changed
        return changed

    def _lay_out_list(self, heads: list[int], tail: int, is_broken: bool) -> None:
        """Put packages one below the other, if they are not on one line that is short enough."""
        pieces = self.pieces
        if len(heads) < 2:
            return
        start, end = next(line for line in self._lines() if line[0] <= heads[0] < line[1])
        is_long = (start, end) in self._long_lines()
        is_broken_within = any(pieces[at].is_broken for at in range(heads[0] + 1, tail))
        if is_long or is_broken_within or (is_broken and len(heads) > 2):
            self._break(iter(heads))

    def _arrange_pairs(self) -> None:
        pieces = self.pieces
        pairs = [at for at, piece in enumerate(pieces) if piece.kind == PAIR]
        if len(pairs) < 2:
            return
        self._set_levels()
        if self._is_long() or any(pieces[at].is_broken for at in pairs):
            self._break(iter(pairs[1:]))

    def _break_words(self) -> None:
        """Put the words behind the flags on lines of their own."""
        pieces = self.pieces
        first = next(
            (at for at, piece in enumerate(pieces) if piece.kind not in (KEYWORD, FLAG)), 0
        )
        if not first or any(piece.is_broken for piece in pieces):
            return
        if pieces[0].text.lower() in _SINGLE:
            return
        if pieces[first].kind == KIND or len(pieces) - first < 2:
            return
        has_flags = pieces[first - 1].kind == FLAG
        if any(piece.kind == KIND for piece in pieces):
            return
        self._break(iter(range(first if has_flags else first + 1, len(pieces))))

    def _lines(self) -> Iterator[tuple[int, int]]:
        """The lines, each as the indices of its pieces."""
        start = 0
        for at in range(1, len(self.pieces)):
            if self.pieces[at].is_broken:
                yield start, at
                start = at
        yield start, len(self.pieces)

    def _is_long(self) -> bool:
        return bool(self._long_lines())

    def _long_lines(self) -> list[tuple[int, int]]:
        """The lines that are too long; told anew when levels were."""
        if self._long is None:
            limit = self.options.line_length or sys.maxsize
            self._long = []
            if sum(self._widths) + len(self._widths) > limit - 2 * self._indent_width - 2:
                self._long = [line for line in self._lines() if self._length(*line) > limit]
        return self._long

    def _length(self, start: int, end: int) -> int:
        """How long a line is, with the escape character at its end; up to a line end in a word."""
        pieces = self.pieces
        length = pieces[start].level * self._indent_width if start else 0
        for at in range(start, end):
            piece = pieces[at]
            if at > start:
                length += len(piece.space)
            length += self._widths[at]
            if "\n" in piece.text:
                return length
        return length + 2 if end < len(pieces) else length

    def _set_levels(self) -> None:
        """Tell for each piece how far its line is indented if it begins one."""
        if self._has_levels:
            return
        self._has_levels = True
        self._long = None
        if any([piece.is_broken for piece in self.pieces]):  # else nobody asks for any
            self._tell_levels()

    def _tell_levels(self) -> None:
        base = 1
        is_first_line = not self._has_statement_lines()
        arguments: dict[int, int] = {}
        after_pipe = 0
        for at, piece in enumerate(self.pieces):
            if piece.is_broken:
                is_first_line = False
            if piece.kind >= KEYWORD:
                base = self._set_outer_level(at, base)
                continue
            level = base + piece.depth
            if piece.command == at and piece.kind != CLOSE:
                arguments[at] = level if is_first_line else level + 1
                after_pipe = 0
            elif piece.command >= 0 and piece.kind != CLOSE:
                hang = arguments.get(piece.command, level + 1)
                level = hang + after_pipe
                if piece.kind == PIPE:
                    level = hang
                    after_pipe = int(piece.is_broken)
            elif piece.command == at:
                arguments[at] = level + 1
                after_pipe = 0
            else:
                after_pipe = 0
                if piece.is_broken and piece.kind == SEMICOLON:
                    level = base + self._depth_beside(at)
            piece.level = level

    def _depth_beside(self, at: int) -> int:
        """The depth of a `;` that begins a line: with `fi` behind it, the one of `fi`."""
        depth = self.pieces[at].depth
        if at + 1 < len(self.pieces) and not self.pieces[at + 1].is_broken:
            return min(depth, self.pieces[at + 1].depth)
        return depth

    def _has_statement_lines(self) -> bool:
        """Whether what goes on the first command could be taken for another one.

        That is where a line begins with a command, or one with `|` and another with `&&`.
        """
        kinds = set()
        for at in range(self.script + 1, len(self.pieces)):
            piece = self.pieces[at]
            if piece.is_broken and not piece.is_nested:
                if piece.command == at:
                    return True
                kinds.add(piece.kind)
        return AND_OR in kinds and PIPE in kinds

    def _set_outer_level(self, at: int, base: int) -> int:
        """The level of a piece that is none of a script, and that of a script behind it."""
        piece = self.pieces[at]
        if piece.kind == CLOSING:
            piece.level = base - 1
        elif piece.kind in (STRING, COMMA):
            piece.level = base
        else:
            piece.level = 1
        if piece.kind in (OPENING, KIND) and piece.is_broken:
            return 2
        return base


def _break(piece: Piece) -> None:
    piece.is_broken = True
    piece.space = " "
    piece.indent = None


def _move(origin: Piece, target: Piece) -> None:
    """Move a break from before one piece to before another one beside it."""
    if not origin.is_broken:
        return
    if not target.is_broken:
        target.is_broken = True
        target.pad = origin.pad
    if origin.comments:
        first, second = origin.comments, target.comments
        if origin.start > target.start:
            first, second = second, first
        # Of lines with nothing on them that meet one stays.
        target.comments = first + second[int(first[-1:] == second[:1] == ("",)) :]
    target.indent = origin.indent
    target.space = " "
    origin.is_broken = False
    origin.comments = ()
