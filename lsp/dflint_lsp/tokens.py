"""The tokens of a Dockerfile: instructions by their parts, comments, directives, heredocs."""

from __future__ import annotations

import re

from dflint.cst.parser.head import head_of, keyword_of, split_list, split_words
from dflint_lsp.colours import Colour
from dflint_lsp.reference.instructions import INSTRUCTIONS
from dflint_lsp.shell_tokens import shell_tokens, variable_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint_lsp.colours import Token

_JSON = re.compile(r'"(?:\\.|[^"\\])*"?')
_DIRECTIVE = re.compile(r"(#[ \t]*)(\w+)([ \t]*)(=)[ \t]*(.*?)[ \t\r]*\Z")
_HEREDOC = re.compile(r"<<-?")
_PORT = re.compile(r"\d+")
_IMAGE = re.compile(r"([^:@$]+(?::\d+/[^:@$]*)?)?(?::([^@$]*))?(?:@(.*))?\Z")


def line_tokens(line: LogicalLine, stages: set[str]) -> list[Token]:
    """The tokens of an instruction as places in its joined text.

    `stages` are the names of the stages above, in small letters.
    """
    return [one for one in _instruction(line.text, 0, line, stages) if one[1] > one[0]]


def directive_tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of the parser directive on a line of the source."""
    found = _DIRECTIVE.match(text[start:end])
    if found is None:
        return
    for group, colour in (
        (1, Colour.COMMENT), (2, Colour.PROPERTY), (4, Colour.OPERATOR), (5, Colour.PARAMETER),
    ):  # fmt: skip
        begin, close = found.span(group)
        if close > begin:
            yield start + begin, start + close, colour


def value_tokens(
    text: str, begin: int, end: int, plain: Colour, escape: str, quotes: str = "\"'"
) -> Iterator[Token]:
    """The tokens of a word that the builder expands: strings, variables, and the rest.

    `quotes` are the characters that begin strings; in heredocs there are none.
    """
    at = rest = begin
    while at < end:
        character = text[at]
        tokens: list[Token] = []
        if character == escape:
            at += 2
            continue
        if character == "$":
            tokens = list(variable_tokens(text[:end], at))
        elif character in quotes:
            tokens = list(_string(text, at, end, escape))
        if not tokens:
            at += 1
            continue
        if at > rest:
            yield rest, at, plain
        yield from tokens
        at = rest = tokens[-1][1]
    if end > rest:
        yield rest, end, plain


def _string(text: str, begin: int, end: int, escape: str) -> Iterator[Token]:
    quote = text[begin]
    rest, at = begin, begin + 1
    while at < end and text[at] != quote:
        tokens: list[Token] = []
        if text[at] == escape and quote == '"':
            at += 1
        elif text[at] == "$" and quote == '"':
            tokens = list(variable_tokens(text[:end], at))
        if tokens:
            yield rest, at, Colour.STRING
            yield from tokens
            at = rest = tokens[-1][1]
        else:
            at += 1
    yield rest, min(at + 1, end), Colour.STRING


def _instruction(text: str, start: int, line: LogicalLine, stages: set[str]) -> Iterator[Token]:
    head = head_of(text, start, line.escape)
    keyword = keyword_of(text, start)
    if keyword.upper() not in INSTRUCTIONS:
        return
    begin = head.keyword_end - len(text[start : head.keyword_end].lstrip())
    yield begin, head.keyword_end, Colour.KEYWORD
    for flag_begin, flag_end in head.flags:
        yield from _flag(text, flag_begin, flag_end, line.escape)
    if head.arguments >= len(text):
        return
    if keyword == "onbuild":
        yield from _instruction(text, head.arguments, line, stages)
        return
    read = _BY_KEYWORD.get(keyword, _words)
    yield from read(_Arguments(text, head.arguments, line, stages, keyword))


def _flag(text: str, begin: int, end: int, escape: str) -> Iterator[Token]:
    equals = text.find("=", begin, end)
    if equals < 0:
        yield begin, end, Colour.PARAMETER
        return
    yield begin, equals, Colour.PARAMETER
    yield equals, equals + 1, Colour.OPERATOR
    if text[begin:equals] not in ("--mount", "--device"):
        yield from value_tokens(text, equals + 1, end, Colour.PROPERTY, escape)
        return
    at = equals + 1
    for field in text[at:end].split(","):
        key, sign, _ = field.partition("=")
        yield at, at + len(key), Colour.PARAMETER
        if sign:
            yield at + len(key), at + len(key) + 1, Colour.OPERATOR
            value = at + len(key) + 1
            yield from value_tokens(text, value, at + len(field), Colour.PROPERTY, escape)
        at += len(field) + 1


class _Arguments:
    """The arguments of an instruction: from `begin` to the end of the joined text."""

    __slots__ = ("begin", "keyword", "line", "stages", "text")

    def __init__(
        self, text: str, begin: int, line: LogicalLine, stages: set[str], keyword: str
    ) -> None:
        self.text = text
        self.begin = begin
        self.line = line
        self.stages = stages
        self.keyword = keyword

    @property
    def is_array(self) -> bool:
        """Whether they look like an array in JSON."""
        return self.text.startswith("[", self.begin)

    def words(self) -> list[tuple[int, int]]:
        """The places of the words between blanks."""
        return split_list(self.text, self.begin, len(self.text))


def _array(arguments: _Arguments) -> Iterator[Token]:
    text = arguments.text
    rest = arguments.begin
    for found in _JSON.finditer(text, arguments.begin):
        for at in range(rest, found.start()):
            if text[at] in "[],":
                yield at, at + 1, Colour.OPERATOR
        yield found.start(), found.end(), Colour.STRING
        rest = found.end()
    for at in range(rest, len(text)):
        if text[at] in "[],":
            yield at, at + 1, Colour.OPERATOR


def _words(arguments: _Arguments) -> Iterator[Token]:
    """Words: in quotes, with variables, and heredocs among them."""
    if arguments.is_array:
        yield from _array(arguments)
        return
    has_heredocs = bool(arguments.line.markers)
    for begin, end in arguments.words():
        operator = _HEREDOC.match(arguments.text, begin) if has_heredocs else None
        if operator is not None:
            yield begin, operator.end(), Colour.OPERATOR
            yield operator.end(), end, Colour.MACRO
            continue
        yield from value_tokens(arguments.text, begin, end, Colour.PARAMETER, arguments.line.escape)


def _command(arguments: _Arguments) -> Iterator[Token]:
    """The script or the array of a command; what is not for a POSIX shell has strings alone."""
    if arguments.is_array:
        yield from _array(arguments)
    elif arguments.line.escape == "`":
        yield from _words(arguments)
    else:
        yield from shell_tokens(arguments.text, arguments.begin, len(arguments.text))


def _health_check(arguments: _Arguments) -> Iterator[Token]:
    words = arguments.words()
    if not words:
        return
    begin, end = words[0]
    if arguments.text[begin:end].upper() not in ("CMD", "NONE"):
        yield from _words(arguments)
        return
    yield begin, end, Colour.KEYWORD
    if len(words) > 1:
        rest = arguments
        yield from _command(
            _Arguments(rest.text, words[1][0], rest.line, rest.stages, rest.keyword)
        )


def _pairs(arguments: _Arguments) -> Iterator[Token]:
    """The pairs of ARG, ENV and LABEL."""
    text, escape = arguments.text, arguments.line.escape
    name = Colour.PROPERTY if arguments.keyword == "label" else Colour.VARIABLE
    words = split_words(text, arguments.begin, len(text), escape)
    is_legacy = arguments.keyword != "arg" and bool(words) and "=" not in text[slice(*words[0])]
    for index, (begin, end) in enumerate(words):
        if is_legacy and index:
            yield from value_tokens(text, begin, end, Colour.PARAMETER, escape)
            continue
        equals = text.find("=", begin, end)
        if equals < 0:
            yield begin, end, name
            continue
        yield begin, equals, name
        yield equals, equals + 1, Colour.OPERATOR
        yield from value_tokens(text, equals + 1, end, Colour.PARAMETER, escape)


def _from(arguments: _Arguments) -> Iterator[Token]:
    text = arguments.text
    words = arguments.words()
    for index, (begin, end) in enumerate(words):
        word = text[begin:end]
        if index == 0 and word.lower() in arguments.stages:
            yield begin, end, Colour.NAMESPACE
        elif index == 0:
            yield from _image(text, begin, end, arguments.line.escape)
        elif index == 1 and word.upper() == "AS":
            yield begin, end, Colour.KEYWORD
        elif index == 2 and text[slice(*words[1])].upper() == "AS":
            yield begin, end, Colour.NAMESPACE
        else:
            yield begin, end, Colour.PARAMETER


def _image(text: str, begin: int, end: int, escape: str) -> Iterator[Token]:
    found = _IMAGE.match(text[begin:end])
    if found is None or "$" in text[begin:end]:
        yield from value_tokens(text, begin, end, Colour.CLASS, escape)
        return
    for group, colour in ((1, Colour.CLASS), (2, Colour.PROPERTY), (3, Colour.PROPERTY)):
        if found[group]:
            yield begin + found.start(group), begin + found.end(group), colour


def _expose(arguments: _Arguments) -> Iterator[Token]:
    for begin, end in arguments.words():
        if "$" in arguments.text[begin:end]:
            yield from value_tokens(
                arguments.text, begin, end, Colour.NUMBER, arguments.line.escape
            )
            continue
        rest = begin
        for port in _PORT.finditer(arguments.text, begin, end):
            yield rest, port.start(), Colour.PARAMETER
            yield port.start(), port.end(), Colour.NUMBER
            rest = port.end()
        yield rest, end, Colour.PARAMETER


_BY_KEYWORD: dict[str, Callable[[_Arguments], Iterator[Token]]] = {
    "run": _command,
    "cmd": _command,
    "entrypoint": _command,
    "healthcheck": _health_check,
    "arg": _pairs,
    "env": _pairs,
    "label": _pairs,
    "from": _from,
    "expose": _expose,
}
