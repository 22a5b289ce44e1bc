"""What a builder reads from an instruction: flags and arguments as plain strings.

The same grammar as the nodes, without making any: most questions about an instruction are
answered here, and only a place that is reported needs `spans`.
"""

from __future__ import annotations

from dflint.cst.parser.head import (
    Head,
    command_start,
    head_of,
    keyword_of,
    plain_head,
    split_legacy_pair,
    split_list,
    split_words,
    unquote_flag,
    word_value,
)
from dflint.cst.parser.json_array import decode_string, string_places
from dflint.cst.parser.patterns import rule
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction


class Reading:
    """An instruction as BuildKit reads it.

    `keyword` is in lower case. `arguments` are BuildKit's words: ENV and LABEL give key, value
    and separator (`=` or empty) for each pair, HEALTHCHECK its kind and its command. `is_json`
    tells exec form. `trigger` is what stands behind ONBUILD. `head` and `places` are offsets
    into the joined text, a place for each argument. `is_lawful` once somebody has looked and found
    nothing that BuildKit refuses.
    """

    __slots__ = (
        "arguments", "flags", "head", "is_json", "is_lawful", "keyword", "places", "trigger",
    )  # fmt: skip

    keyword: str
    head: Head
    flags: tuple[str, ...]
    is_json: bool
    arguments: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    trigger: Reading | None
    is_lawful: bool

    def __init__(self, keyword: str, head: Head) -> None:
        self.keyword = keyword
        self.head = head
        self.flags = ()
        self.is_json = False
        self.arguments = ()
        self.places = ()
        self.trigger = None
        self.is_lawful = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The keys and values of ENV and LABEL."""
        arguments = self.arguments
        return list(zip(arguments[::3], arguments[1::3], strict=True))

    def flag(self, name: str) -> str | None:
        """The value of the first `--name`: empty when it has none, None without the flag."""
        for flag in self.flags:
            found, _, value = flag[2:].partition("=")
            if found == name:
                return value
        return None

    def flag_values(self, name: str) -> list[str]:
        """The values of every `--name`."""
        values = []
        for flag in self.flags:
            found, _, value = flag[2:].partition("=")
            if found == name:
                values.append(value)
        return values


def read(instruction: Instruction) -> Reading:
    """What a builder reads from the instruction; an unreadable one has no arguments."""
    line = instruction.line
    keyword = instruction.KEYWORD.lower()
    if not keyword:
        keyword = keyword_of(line.text)
        return _with_flags(Reading(keyword, head_of(line.text, 0, line.escape)), line.text)
    return _read(keyword, line.text, 0, line.escape)


def read_text(text: str, start: int, escape: str) -> Reading:
    """What a builder reads from the instruction at `start` of a joined line."""
    return _read(keyword_of(text, start), text, start, escape)


def _read(keyword: str, text: str, start: int, escape: str) -> Reading:
    head = plain_head(text, start, start + len(keyword)) or head_of(text, start, escape)
    reading = Reading(keyword, head)
    if head.flags:
        _with_flags(reading, text)
    begin, end = head.arguments, head.end
    if begin < end:
        if keyword == "run" and text[begin] != "[":
            reading.arguments = (text[begin:],)
            reading.places = ((begin, end),)
        elif keyword in _READERS:
            _READERS[keyword](reading, text, begin, end, escape)
    return reading


def _with_flags(reading: Reading, text: str) -> Reading:
    words = [unquote_flag(text[begin:end]) for begin, end in reading.head.flags]
    reading.flags = tuple(word for word in words if word != "--")
    return reading


def _read_string(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    del escape
    reading.arguments = (text[start:end],)
    reading.places = ((start, end),)


def _read_command(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    if not _read_array(reading, text, start, end):
        _read_string(reading, text, start, end, escape)


def _read_array(reading: Reading, text: str, start: int, end: int) -> bool:
    if text[start] != "[":
        return False
    places = string_places(text[start:end])
    if places is None:
        return False
    reading.is_json = True
    reading.places = tuple([(start + begin, start + close) for begin, close in places])
    reading.arguments = tuple([decode_string(text[begin:close]) for begin, close in reading.places])
    return True


def _read_list(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    del escape
    spans = split_list(text, start, end)
    reading.places = tuple(spans)
    reading.arguments = tuple([text[begin:close] for begin, close in spans])


def _read_list_or_array(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    if not _read_array(reading, text, start, end):
        _read_list(reading, text, start, end, escape)


def _read_names(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    spans = split_words(text, start, end, escape)
    reading.places = tuple(spans)
    reading.arguments = tuple([word_value(text[begin:close], escape) for begin, close in spans])


def _read_pairs(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    words = split_words(text, start, end, escape)
    if not words:
        return
    arguments: list[str] = []
    places: list[tuple[int, int]] = []
    if "=" in text[words[0][0] : words[0][1]]:
        for begin, close in words:
            equals = text.find("=", begin, close)
            if equals < 0:
                return
            key, _, value = word_value(text[begin:close], escape).partition("=")
            arguments += (key, value, "=")
            places += ((begin, equals), (equals + 1, close), (equals, equals + 1))
    else:
        legacy = split_legacy_pair(text, start, end)
        if legacy is None:
            return
        arguments += (text[start : legacy[0]], text[legacy[1] : end], "")
        places += ((start, legacy[0]), (legacy[1], end), legacy)
    reading.arguments = tuple(arguments)
    reading.places = tuple(places)


def _read_health_check(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    found = rule("kind").match(text, start, end)
    if found is None:
        return
    begin = command_start(text, start)
    if begin < end:
        _read_command(reading, text, begin, end, escape)
    reading.arguments = (found.group(), *reading.arguments)
    reading.places = (found.span(), *reading.places)


def _read_trigger(reading: Reading, text: str, start: int, end: int, escape: str) -> None:
    del end
    reading.trigger = read_text(text, start, escape)


_READERS = {
    "run": _read_command,
    "cmd": _read_command,
    "entrypoint": _read_command,
    "shell": _read_command,
    "copy": _read_list_or_array,
    "add": _read_list_or_array,
    "volume": _read_list_or_array,
    "from": _read_list,
    "expose": _read_list,
    "env": _read_pairs,
    "label": _read_pairs,
    "arg": _read_names,
    "healthcheck": _read_health_check,
    "onbuild": _read_trigger,
    "maintainer": _read_string,
    "stopsignal": _read_string,
    "user": _read_string,
    "workdir": _read_string,
}


def place_span(instruction: Instruction, place: tuple[int, int]) -> Span:
    """The span in the source, of the parsed tree, of a place in the joined text."""
    line = instruction.line
    begin, end = place
    if len(line.pieces) == 1:
        return Span(line.start + begin, line.start + max(begin, end))
    start = line.offset(begin)
    return Span(start, max(start, line.offset_after(end)))
