"""Makes the fields of an instruction from its logical line."""

from __future__ import annotations

from dflint.cst.forms import (
    Element,
    ExecForm,
    HealthCheckForm,
    JSONString,
    PairList,
    ShellForm,
    WordList,
)
from dflint.cst.heredocs import HeredocBody
from dflint.cst.instructions import Instruction, UnknownInstruction, class_of
from dflint.cst.parser.build import pairs_problem
from dflint.cst.parser.head import (
    Head,
    command_start,
    head_of,
    keyword_of,
    split_legacy_pair,
    split_list,
    split_words,
)
from dflint.cst.parser.json_array import is_string_array
from dflint.cst.parser.logical_lines import LogicalLine
from dflint.cst.parser.patterns import rule
from dflint.cst.parser.trivia import lines_above, seam
from dflint.cst.trivia import Comment, Continuation, EmptyLine, Whitespace
from dflint.cst.words import Comma, Flag, KeyValue, LegacyKeyValue, OptionList, Text, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    Gap = tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    Arguments = ShellForm | ExecForm | WordList | PairList | HealthCheckForm | Instruction


def fields_of(line: LogicalLine) -> tuple[object, ...]:
    """The values of Instruction's fields, in order, for a logical line."""
    source = line.source
    cutter = Cutter(line)
    indent = len(source[line.above : line.start]) - len(
        source[line.above : line.start].rpartition("\n")[2]
    )
    begin = line.above + indent
    fields = instruction_fields(cutter, line.text, 0, line.escape)
    trailing = cutter.rest()
    heredocs = tuple(_body(source, *body, last) for body, last in _ends(line))
    newline_end = line.bodies[0][0] if line.bodies else line.stop
    return (
        lines_above(source, line.above, begin),
        source[begin : line.start],
        *fields,
        trailing,
        source[line.end : newline_end],
        heredocs,
    )


def _ends(line: LogicalLine) -> list[tuple[tuple[int, int, int], bool]]:
    return [(body, marker.chomp) for body, marker in zip(line.bodies, line.markers, strict=True)]


def _body(source: str, start: int, close: int, end: int, chomp: bool) -> HeredocBody:
    ending = source[close:end]
    bare = ending.rstrip("\r\n")
    name = bare.lstrip("\t") if chomp else bare
    indent = bare[: len(bare) - len(name)]
    return HeredocBody(source[start:close], indent, name, ending[len(bare) :])


class Cutter:
    """Cuts nodes from a logical line, front to back, so that no character is lost.

    Offsets are those of the joined text. What stands at a seam between physical lines goes to a
    gap if one begins or ends there, else to the word behind it.
    """

    __slots__ = ("_at", "_line", "_pending", "_piece")

    def __init__(self, line: LogicalLine) -> None:
        self._line = line
        self._at = 0  # offset in the joined text
        self._piece = 0  # the physical line that it is in
        self._pending = False  # whether the seam before that line is still to be taken

    def word(self, end: int) -> Word:
        """The word up to `end`."""
        parts: list[Text | Continuation | Comment | EmptyLine] = []
        self._take(end, parts, Text)
        return Word(tuple(parts))

    def gap(self, end: int) -> Gap:
        """What stands between two words, up to `end` and any seam there."""
        parts: list[Whitespace | Continuation | Comment | EmptyLine] = []
        self._take(end, parts, Whitespace)
        self._seams(parts)
        return tuple(parts)

    def rest(self) -> Gap:
        """What follows the last word."""
        line = self._line
        parts: list[Whitespace | Continuation | Comment | EmptyLine] = []
        begin, source = line.pieces[-1]
        self._take(begin + line.end - source, parts, Whitespace)
        self._seams(parts)
        return tuple(parts)

    def _take(self, end: int, parts: list, node: type[Text] | type[Whitespace]) -> None:  # type: ignore[type-arg]  # of either kind of parts
        line = self._line
        pieces = line.pieces
        last = len(pieces) - 1
        while self._at < end:
            self._seams(parts)
            begin, source = pieces[self._piece]
            stop = min(end, pieces[self._piece + 1][0]) if self._piece < last else end
            first = source + self._at - begin
            parts.append(node(line.source[first : first + stop - self._at]))
            self._at = stop
            if self._piece < last and stop == pieces[self._piece + 1][0]:
                self._piece += 1
                self._pending = True

    def _seams(self, parts: list) -> None:  # type: ignore[type-arg]  # of either kind of parts
        """Take the seam here, and those before further physical lines with nothing on them."""
        line = self._line
        pieces = line.pieces
        while True:
            if self._pending:
                begin, source = pieces[self._piece - 1]
                start = source + pieces[self._piece][0] - begin
                parts.extend(seam(line.source, start, pieces[self._piece][1]))
                self._pending = False
            following = self._piece + 1
            if following == len(pieces) or pieces[following][0] != self._at:
                return
            self._piece = following
            self._pending = True


def instruction_fields(
    cutter: Cutter, text: str, start: int, escape: str
) -> tuple[Word, Gap, tuple[Flag, ...], Arguments | None]:
    """Keyword, gap, flags and arguments of the instruction at `start` of the joined text."""
    head = head_of(text, start, escape)
    keyword = cutter.word(head.keyword_end)
    gap = cutter.gap(head.flags[0][0] if head.flags else head.arguments)
    flags = []
    for at, (begin, end) in enumerate(head.flags):
        following = head.flags[at + 1][0] if at + 1 < len(head.flags) else head.arguments
        flags.append(_flag(cutter, text, begin, end, following))
    arguments = None
    if head.arguments < head.end:
        arguments = _arguments(cutter, text, keyword_of(text, start), head, escape)
    return keyword, gap, tuple(flags), arguments


def _flag(cutter: Cutter, text: str, begin: int, end: int, following: int) -> Flag:
    equals = text.find("=", begin, end)
    marker = cutter.word(begin + 2)
    name = cutter.word(equals if equals >= 0 else end)
    if equals < 0:
        return Flag(marker, name, None, None, cutter.gap(following))
    sign = cutter.word(equals + 1)
    value = _option_list(cutter, text, equals + 1, end) if name.value == "mount" else None
    return Flag(marker, name, sign, value or cutter.word(end), cutter.gap(following))


def _option_list(cutter: Cutter, text: str, begin: int, end: int) -> OptionList | None:
    """The options of a mount; None where quotes or escapes would have to be understood first."""
    if any(mark in text[begin:end] for mark in "\"'\\"):
        return None
    items: list[KeyValue | Word | Comma] = []
    at = begin
    while at < end:
        found = rule("option").match(text, at, end)
        close = found.end() if found else at
        equals = text.find("=", at, close)
        if equals >= 0:
            key = cutter.word(equals)
            items.append(KeyValue(key, cutter.word(equals + 1), cutter.word(close)))
        elif close > at:
            items.append(cutter.word(close))
        if close < end:
            items.append(Comma(cutter.word(close + 1)))
        at = close + 1
    return OptionList(tuple(items))


def _arguments(cutter: Cutter, text: str, keyword: str, head: Head, escape: str) -> Arguments:
    start, end = head.arguments, head.end
    if keyword in ("run", "cmd", "entrypoint", "shell"):
        return _command(cutter, text, start, end)
    if keyword in ("copy", "add", "volume"):
        if is_string_array(text[start:end]):
            return _exec_form(cutter, text, start, end)
        return _word_list(cutter, split_list(text, start, end))
    if keyword in ("from", "expose"):
        return _word_list(cutter, split_list(text, start, end))
    if keyword in ("env", "label"):
        if pairs_problem(text, start, end, escape) is None:
            return _pairs(cutter, text, start, end, escape)
    elif keyword == "arg":
        return _names(cutter, text, split_words(text, start, end, escape), end)
    elif keyword == "healthcheck":
        return _health_check(cutter, text, start, end)
    elif keyword == "onbuild":
        return _trigger(cutter, text, start, escape)
    return ShellForm(cutter.word(end))


def _command(cutter: Cutter, text: str, start: int, end: int) -> ShellForm | ExecForm:
    if is_string_array(text[start:end]):
        return _exec_form(cutter, text, start, end)
    return ShellForm(cutter.word(end))


def _exec_form(cutter: Cutter, text: str, start: int, end: int) -> ExecForm:
    space = rule("json_space").match
    string = rule("json_string").match
    opening = cutter.word(start + 1)
    at = space(text, start + 1).end()  # type: ignore[union-attr]  # matches the empty text
    gap = cutter.gap(at)
    elements = []
    while found := string(text, at, end):
        quoted = JSONString(cutter.word(found.end()))
        at = space(text, found.end()).end()  # type: ignore[union-attr]  # as above
        before = cutter.gap(at)
        comma = None
        if text.startswith(",", at):
            comma = cutter.word(at + 1)
            at = space(text, at + 1).end()  # type: ignore[union-attr]  # as above
        elements.append(Element(quoted, before, comma, cutter.gap(at)))
    return ExecForm(opening, gap, tuple(elements), cutter.word(end))


def _word_list(cutter: Cutter, spans: list[tuple[int, int]]) -> WordList:
    items: list[Word | Whitespace | Continuation | Comment | EmptyLine] = []
    for begin, end in spans:
        items.extend(cutter.gap(begin))
        items.append(cutter.word(end))
    return WordList(tuple(items))


def _pairs(cutter: Cutter, text: str, start: int, end: int, escape: str) -> PairList:
    words = split_words(text, start, end, escape)
    if "=" in text[words[0][0] : words[0][1]]:
        return _names(cutter, text, words, end)
    legacy = split_legacy_pair(text, start, end)
    assert legacy is not None
    key = cutter.word(legacy[0])
    return PairList((LegacyKeyValue(key, cutter.gap(legacy[1]), cutter.word(end)),))


def _names(cutter: Cutter, text: str, words: list[tuple[int, int]], end: int) -> PairList:
    items: list[
        KeyValue | LegacyKeyValue | Word | Whitespace | Continuation | Comment | EmptyLine
    ] = []
    for begin, close in words:
        items.extend(cutter.gap(begin))
        equals = text.find("=", begin, close)
        if equals < 0:
            items.append(cutter.word(close))
        else:
            key = cutter.word(equals)
            items.append(KeyValue(key, cutter.word(equals + 1), cutter.word(close)))
    items.extend(cutter.gap(end))
    return PairList(tuple(items))


def _health_check(cutter: Cutter, text: str, start: int, end: int) -> HealthCheckForm:
    kind = rule("kind").match(text, start, end)
    close = kind.end() if kind else end
    word = cutter.word(close)
    begin = min(command_start(text, start), end)
    gap = cutter.gap(begin)
    command = _command(cutter, text, begin, end) if begin < end else None
    return HealthCheckForm(word, gap, command)


def _trigger(cutter: Cutter, text: str, start: int, escape: str) -> Instruction:
    cls = class_of(keyword_of(text, start)) or UnknownInstruction
    fields = instruction_fields(cutter, text, start, escape)
    return cls((), "", *fields, (), "", ())
