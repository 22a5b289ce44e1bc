"""A shell text as tokens with the depth of what they stand in: what a layout is made of.

This is a reader of its own beside the grammar: it needs only know where words, operators and the
constructs around them begin and end, and takes a tenth of the grammar's time. It gives up on what
it does not understand. `dflint.shell.blanks` has the grammar judge what comes of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from dflint.shell.layout_words import Unclear, matching, part_end, plain_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

WORD, AND_OR, PIPE, SEMICOLON, BACKGROUND, CASE_END, OPEN, CLOSE, COMMENT = range(9)
"""What a token is; constructs' own words, such as `then`, are words."""

_BLANKS = re.compile(r"[ \t]*+")
_OPERATOR = re.compile(r"&&|\|\||\|&|\||;;&|;;|;&|;|&(?!>)")
_KINDS = {
    "&&": AND_OR, "||": AND_OR, "|": PIPE, "|&": PIPE, ";": SEMICOLON, "&": BACKGROUND,
    ";;": CASE_END, ";&": CASE_END, ";;&": CASE_END,
}  # fmt: skip
_TEST_END = re.compile(r"[ \t]\]\](?=[ \t;&|)]|\Z)")
_NO_ARGUMENTS = re.compile(r"\([ \t]*+\)")
_DEEPEST = 40


def blanks_end(text: str, at: int) -> int:
    """The end of the blanks that begin at `at`, if any do."""
    match = _BLANKS.match(text, at)
    return match.end() if match else at


class Token:
    """A piece of a shell text without blanks at its ends.

    `depth` is how deep the construct is that it stands in. `command` is the index of the token
    that begins its command, its own for that very token; -1 for operators. `is_nested` tells that
    some construct stands around it.
    """

    __slots__ = ("command", "depth", "end", "is_nested", "kind", "start")

    def __init__(
        self, start: int, end: int, kind: int, depth: int, command: int, is_nested: bool
    ) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.depth = depth
        self.command = command
        self.is_nested = is_nested

    def __repr__(self) -> str:
        return f"Token({self.start}, {self.end}, {self.kind}, {self.depth})"


def add_layout_tokens(
    tokens: list[Any], make: type[Token], text: str, start: int, end: int, seams: Sequence[int]
) -> bool:
    """Add the tokens between two offsets of a text; none, and false, when it is not understood.

    `make` makes them; their commands are indices into all `tokens`. `seams` are the offsets at
    which lines were joined. A substitution stays one token with its word unless a seam is within.
    """
    first = len(tokens)
    try:
        _Reader(tokens, make, text, end, seams).read(start)
    except Unclear:
        del tokens[first:]
    return len(tokens) > first


class _Reader:
    """Reads tokens front to back, with a stack of the constructs that are open."""

    def __init__(
        self, tokens: list[Any], make: type[Token], text: str, end: int, seams: Sequence[int]
    ) -> None:
        self.text = text if end == len(text) else text[:end]
        self.end = end
        self.seams = seams
        self.tokens = tokens
        self._make = make
        self._at = 0
        self._level = 0
        self._frames: list[str] = []
        self._command = -1  # the token that begins the current command
        self._begins = True  # whether a command may begin here
        self._depth = 0

    def read(self, start: int) -> None:
        """Read everything from `start` on."""
        self._at = start
        self._read_list()
        if self._at < self.end or self._frames:
            raise Unclear

    def _read_list(self) -> None:
        """Read tokens up to the end, or to a `)` that nothing in here has opened."""
        text = self.text
        base = len(self._frames)
        while True:
            self._at = blanks_end(text, self._at)
            if self._at >= self.end:
                return
            if self._frames and self._frames[-1] == "patterns":
                self._read_pattern()
                continue
            first = text[self._at]
            if first == ")":
                if len(self._frames) == base:
                    return
                self._close("(", 1)
            elif first == "(":
                self._open_parenthesis()
            elif first == "#":
                self._add(self.end, COMMENT)
            elif first in "&|;" and (operator := _OPERATOR.match(text, self._at)) is not None:
                self._read_operator(operator[0])
            else:
                self._read_word()

    def _add(
        self, end: int, kind: int, level: int | None = None, command: int | None = None
    ) -> None:
        """Add the token from here to `end`, and go on behind it."""
        if level is None:
            level = self._level
        if command is None:
            command = self._command
        make = self._make
        self.tokens.append(make(self._at, end, kind, level, command, bool(self._frames)))
        self._at = end

    def _read_operator(self, operator: str) -> None:
        kind = _KINDS[operator]
        command = self._command if kind == PIPE else -1
        self._add(self._at + len(operator), kind, command=command)
        if kind == CASE_END:
            if not self._frames or self._frames[-1] != "item":
                raise Unclear
            self._frames[-1] = "patterns"
            self._level -= 1
        self._begins = True
        if kind != PIPE:
            self._command = -1

    def _open_parenthesis(self) -> None:
        text = self.text
        if not self._begins:
            found = _NO_ARGUMENTS.match(text, self._at)
            if found is None:
                raise Unclear
            self._add(found.end(), WORD)
            self._begins = True
            self._command = -1
            return
        if text.startswith("((", self._at):
            self._begin_command()
            self._add(matching(text, self._at), WORD)
            self._begins = False
            return
        self._open("(", 1)

    def _begin_command(self) -> None:
        """The next token begins a command, or goes on with a pipeline."""
        if self._command < 0:
            self._command = len(self.tokens)

    def _open(self, frame: str, length: int) -> None:
        self._begin_command()
        self._add(self._at + length, OPEN)
        self._frames.append(frame)
        self._level += 1
        self._begins = True
        self._command = -1

    def _close(self, frame: str, length: int) -> None:
        if not self._frames or self._frames.pop() != frame:
            raise Unclear
        self._level -= 1
        self._command = len(self.tokens)
        self._add(self._at + length, CLOSE)
        self._begins = False

    def _read_word(self) -> None:
        text = self.text
        at = self._at
        end = plain_end(text, at)
        if self._begins:
            word = text[at:end]
            handler = _RESERVED.get(word)
            if handler is not None and text[end : end + 1] in " \t;&|<>()":
                handler(self, len(word))
                return
        self._begin_command()
        if end > at and text[end : end + 1] in " \t;|)":  # at the end of the text, too
            self._add(end, WORD)
        else:
            self._add_word()
        self._begins = False

    def _add_word(self) -> None:
        """Add a word; with a seam in one of its substitutions, as several tokens."""
        start = self._at
        count = len(self.tokens)
        command = self._command
        self._word_parts(command)
        if not self._has_seam(start, self._at):
            del self.tokens[count:]
            end, self._at = self._at, start
            self._command = command
            self._add(end, WORD)

    def _has_seam(self, start: int, end: int) -> bool:
        seams = self.seams
        index = bisect_right(seams, start)
        return index < len(seams) and seams[index] < end

    def _word_parts(self, command: int) -> None:
        """Read a word; `_at` is then its end."""
        text = self.text
        at = begin = start = self._at
        is_quoted = False
        while True:
            at = plain_end(text, at, is_quoted)
            if text.startswith('"', at):
                is_quoted = not is_quoted
                at += 1
            elif text.startswith(("$(", "<(", ">("), at) and (not is_quoted or text[at] == "$"):
                at, start = self._read_substitution(start, at, command)
            else:
                end = part_end(text, start, at, is_quoted)
                if end == at:
                    break
                at = end
        self._at = start
        if at == start or is_quoted:
            raise Unclear
        self._add(at, WORD if start == begin else CLOSE, command=command)

    def _read_substitution(self, start: int, at: int, command: int) -> tuple[int, int]:
        """Read `$(…)`; where reading goes on, and where the token that it goes on with begins."""
        text = self.text
        if text.startswith("$((", at):
            return matching(text, at + 1), start
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unclear
        state = self._frames, self._level, self._begins
        self._at = start
        self._add(at + 2, OPEN, command=command)
        self._frames, self._begins, self._command = [*self._frames, "$("], True, -1
        self._level += 1
        self._read_list()
        if self._at >= self.end:
            raise Unclear
        self._frames, self._level, self._begins = state
        self._command = command
        self._depth -= 1
        return self._at + 1, self._at

    def _read_pattern(self) -> None:
        """Read a pattern of `case` with its `)`, or `esac`."""
        text = self.text
        at = self._at
        if re.compile(r"esac(?=[ \t;&|<>()]|\Z)").match(text, at):
            self._end_case(4)
            return
        at += text.startswith("(", at)
        while at < self.end:
            at = blanks_end(text, plain_end(text, blanks_end(text, at)))
            if text.startswith(")", at):
                break
            if not text.startswith("|", at):
                raise Unclear
            at += 1
        if at >= self.end:
            raise Unclear
        self._add(at + 1, WORD, command=-1)
        self._frames[-1] = "item"
        self._level += 1
        self._begins = True
        self._command = -1

    def _end_case(self, length: int) -> None:
        if self._frames and self._frames[-1] == "item":
            self._level -= 1
            self._frames[-1] = "patterns"
        self._close("patterns", length)

    def _begin_clause(self, length: int, frame: str) -> None:
        """`if`, `while`, `until`: a condition follows."""
        self._open(frame, length)
        self.tokens[-1].kind = WORD

    def _begin_for(self, length: int) -> None:
        self._begin_command()
        command = self._command
        self._begin_clause(length, "loop")
        self._begins = False
        self._command = command
        self._at = blanks_end(self.text, self._at)
        if self.text.startswith("((", self._at):
            self._add(matching(self.text, self._at), WORD)
        self._level -= 1
        self._frames[-1] = "for"

    def _begin_case(self, length: int) -> None:
        self._begin_command()
        command = self._command
        self._begin_clause(length, "patterns")
        self._frames.pop()
        self._level -= 1
        self._begins = False
        self._command = command
        for _ in range(2):
            self._at = blanks_end(self.text, self._at)
            if self._at >= self.end:
                raise Unclear
            self._add_word()
        last = self.tokens[-1]
        if self.text[last.start : last.end] != "in":
            raise Unclear
        self._frames.append("patterns")
        self._level += 1

    def _go_on(self, length: int, frames: tuple[str, ...]) -> None:
        """`then`, `else`, `elif`, `do`: another clause follows."""
        if not self._frames or self._frames[-1] not in frames:
            raise Unclear
        if self._frames[-1] == "for":
            self._frames[-1] = "loop"
            self._level += 1
        self._command = -1
        self._add(self._at + length, WORD, level=self._level - 1)
        self._begins = True

    def _pass(self, length: int) -> None:
        """`!` and `time`, behind which a command begins."""
        self._begin_command()
        self._add(self._at + length, WORD)

    def _begin_function(self, length: int) -> None:
        self._begin_command()
        self._add(self._at + length, WORD)
        self._at = blanks_end(self.text, self._at)
        self._add_word()
        found = re.compile(r"[ \t]*+(\([ \t]*+\))").match(self.text, self._at)
        if found is not None:
            self._at = found.start(1)
            self._add(found.end(), WORD)
        self._begins = True
        self._command = -1

    def _read_test(self, length: int) -> None:
        found = _TEST_END.search(self.text, self._at + length)
        if found is None:
            raise Unclear
        self._begin_command()
        self._add(found.end(), WORD)
        self._begins = False

    def _give_up(self, length: int) -> None:
        raise Unclear


_RESERVED = {
    "if": lambda reader, length: reader._begin_clause(length, "if"),
    "while": lambda reader, length: reader._begin_clause(length, "loop"),
    "until": lambda reader, length: reader._begin_clause(length, "loop"),
    "for": _Reader._begin_for,
    "select": _Reader._begin_for,
    "case": _Reader._begin_case,
    "then": lambda reader, length: reader._go_on(length, ("if",)),
    "elif": lambda reader, length: reader._go_on(length, ("if",)),
    "else": lambda reader, length: reader._go_on(length, ("if",)),
    "do": lambda reader, length: reader._go_on(length, ("loop", "for")),
    "fi": lambda reader, length: reader._close("if", length),
    "done": lambda reader, length: reader._close("loop", length),
    "esac": _Reader._end_case,
    "{": lambda reader, length: reader._open("{", length),
    "}": lambda reader, length: reader._close("{", length),
    "!": _Reader._pass,
    "time": _Reader._pass,
    "function": _Reader._begin_function,
    "[[": _Reader._read_test,
    "coproc": _Reader._give_up,
}
