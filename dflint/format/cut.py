"""Cuts an instruction into the pieces that its layout is made of."""

from __future__ import annotations

from dflint.cst.instructions import (
    BadInstruction,
    HealthCheck,
    OnBuild,
    UnknownInstruction,
    class_of,
)
from dflint.cst.parser.head import (
    command_start,
    keyword_of,
    split_legacy_pair,
    split_list,
    split_words,
)
from dflint.cst.parser.patterns import rule
from dflint.format.pieces import (
    ARGUMENT,
    CLOSING,
    COMMA,
    FLAG,
    KEYWORD,
    KIND,
    OPENING,
    PAIR,
    SHELL_WORD,
    STRING,
    Piece,
    Seams,
)
from dflint.shell.layout_tokens import add_layout_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading

_BLANKS = " \t"


def cut(instruction: Instruction, reads_shell: Callable[[], bool]) -> list[Piece] | None:
    """The pieces of an instruction, first to last; None when it is to be left as it is.

    `reads_shell` tells whether the shell of its stage is one of POSIX.
    """
    line = instruction.line
    if isinstance(instruction, (BadInstruction, UnknownInstruction)) or line.text[:1].isspace():
        return None
    seams = Seams(line)
    if line.pieces[-1][0] > len(line.text) or _is_doubtful(instruction, seams):
        return None
    cutter = _Cutter(instruction, seams, reads_shell)
    cutter.cut(instruction.reading, 0)
    pieces = cutter.pieces
    if seams.offsets and seams.offsets[-1] >= pieces[-1].end:
        return None  # something stands behind the last word
    seams.fill(pieces)
    return pieces if "\n" not in pieces[0].text else None


def _is_doubtful(instruction: Instruction, seams: Seams) -> bool:
    """Whether its lines may have been joined by mistake.

    That is where an instruction seems to begin behind an empty line: of an escape character that
    was forgotten at the end of a line, the layout should stay as it is found.
    """
    line = instruction.line
    if isinstance(instruction, (HealthCheck, OnBuild)):
        return False
    text = line.text
    for index, offset in enumerate(seams.offsets):
        if (
            (text[offset : offset + 1].isupper() or seams.has_empty_line(index))
            # What costs more is asked last.
            and class_of(keyword_of(text, offset)) is not None
        ):
            return True
    return False


class _Cutter:
    """Collects the pieces of one instruction."""

    def __init__(
        self, instruction: Instruction, seams: Seams, reads_shell: Callable[[], bool]
    ) -> None:
        self.pieces: list[Piece] = []
        self._line = instruction.line
        self._seams = seams
        self._reads_shell = reads_shell

    def cut(self, reading: Reading, start: int) -> None:
        """Add the pieces of what begins at `start` of the joined text."""
        head = reading.head
        self._add(start, head.keyword_end, KEYWORD)
        for begin, end in head.flags:
            self._add(begin, end, FLAG)
        if head.arguments >= head.end:
            return
        if reading.trigger is not None:
            self.cut(reading.trigger, head.arguments)
            return
        cutters: dict[str, Callable[[Reading, int, int], None]] = {
            "run": self._cut_command,
            "cmd": self._cut_command,
            "entrypoint": self._cut_command,
            "shell": self._cut_array,
            "copy": self._cut_list,
            "add": self._cut_list,
            "volume": self._cut_list,
            "from": self._cut_from,
            "expose": self._cut_list,
            "env": self._cut_pairs,
            "label": self._cut_pairs,
            "arg": self._cut_pairs,
            "healthcheck": self._cut_health_check,
        }
        cutters.get(reading.keyword, self._cut_string)(reading, head.arguments, head.end)

    def _add(self, start: int, end: int, kind: int) -> None:
        self.pieces.append(Piece(start, end, kind))

    def _cut_string(self, reading: Reading, start: int, end: int) -> None:
        self._add(start, end, ARGUMENT)

    def _cut_command(self, reading: Reading, start: int, end: int) -> None:
        if reading.is_json:
            self._cut_array(reading, start, end)
            return
        is_read = False
        if not self._line.markers and self._reads_shell():
            text, offsets = self._line.text, self._seams.offsets
            is_read = add_layout_tokens(self.pieces, Piece, text, start, end, offsets)
        if not is_read:
            self._add(start, end, ARGUMENT)

    def _cut_array(self, reading: Reading, start: int, end: int) -> None:
        if not reading.is_json:
            self._add(start, end, ARGUMENT)
            return
        text = self._line.text
        self._add(start, start + 1, OPENING)
        for found in rule("json_string").finditer(text, start, end):
            comma = text.find(",", self.pieces[-1].end, found.start())
            if comma >= 0:
                self._add(comma, comma + 1, COMMA)
            self._add(*found.span(), STRING)
        self._add(end - 1, end, CLOSING)

    def _cut_list(self, reading: Reading, start: int, end: int) -> None:
        if reading.is_json:
            self._cut_array(reading, start, end)
            return
        for begin, close in split_list(self._line.text, start, end):
            self._add(begin, close, ARGUMENT)

    def _cut_from(self, reading: Reading, start: int, end: int) -> None:
        self._cut_list(reading, start, end)
        words = self.pieces[-3:]
        if len(reading.arguments) == 3 and reading.arguments[1].lower() == "as":
            words[1].kind = KIND

    def _cut_pairs(self, reading: Reading, start: int, end: int) -> None:
        text = self._line.text
        words = split_words(text, start, end, self._line.escape)
        if reading.keyword != "arg" and words and "=" not in text[slice(*words[0])]:
            legacy = split_legacy_pair(text, start, end)
            if legacy is not None:
                # Blanks at the beginning of its lines are the value's.
                if not self._seams.offsets or self._seams.offsets[-1] <= start:
                    self._add(start, legacy[0], ARGUMENT)
                    start = legacy[1]
                self._add(start, end, ARGUMENT)
                return
        for begin, close in words:
            self._add(begin, close, PAIR)

    def _cut_health_check(self, reading: Reading, start: int, end: int) -> None:
        kind = rule("kind").match(self._line.text, start, end)
        if kind is None or kind.group().upper() not in ("CMD", "NONE"):
            self._cut_string(reading, start, end)
            return
        self._add(start, kind.end(), KIND)
        begin = command_start(self._line.text, start)
        if begin < end:
            self._cut_command(reading, begin, end)


def is_script(piece: Piece) -> bool:
    """Whether a piece is one of a script."""
    return SHELL_WORD <= piece.kind < KEYWORD
