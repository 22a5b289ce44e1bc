"""Commands and constructs of a text that `plain` knows for a program, without the grammar.

What it gives is what the grammar's tree gives; a test compares both on every real body.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dflint.shell.commands import PLAIN_NAME, Command
from dflint.shell.redirects import Assignment, Redirect
from dflint.shell.statements import Construct, Kind, Operator, Place
from dflint.shell.words import Part, PartKind, Word, literal_parts, quoted_parts
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from dflint.shell.contents import Content
    from dflint.shell.shell_text import ShellText


# The text is known to be plain, so these need not tell what may stand in it.
_QUOTED = r"""\\ . | ' [^']*+ ' | " (?: [^"\\] | \\ . )*+ " """
# What stands between two operators, without the blanks before it, and the operator after it. The
# first group is one of words without quotes, variables, redirections and assignments, as most are.
_COMMAND = re.compile(
    rf"""
    [ \t\n]*+
    (?: ( [^'"\\$<>=;&|\n]++ ) (?= [;&|\n] | \Z )
      | ( (?: [^'"\\;&|\n<>]++ | {_QUOTED} | [<>]++ &? )++ )
    )
    ( && | \|\|? | [;\n] | \Z )
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(rf"[<>] [&>]? | (?: [^ \t'\"\\<>]++ | {_QUOTED} )++", re.VERBOSE)
_ASSIGNMENT = LazyPattern(r"([A-Za-z_][A-Za-z0-9_]*+)\+?=")
_PIECE = LazyPattern(
    r"""
      (?P<single> ' [^']*+ ' )
    | (?P<double> " (?: [^"\\] | \\ . )*+ " )
    | (?P<variable> \$ (?: [A-Za-z_][A-Za-z0-9_]*+ | \{ [^}]++ \} ) )
    | (?P<literal> (?: [^'"$\\] | \\ . )++ )
    """,
    re.VERBOSE,
)


class PlainOutline:
    """The constructs and commands of a plain text, in its order; it has no comments."""

    __slots__ = ("_shell_text", "commands", "comments", "constructs")

    def __init__(self, shell_text: ShellText) -> None:
        self._shell_text = shell_text
        self.commands: list[Command] = []
        self.comments: list[tuple[int, int]] = []
        text = shell_text.text
        place = _PlainPlace(0, len(text), None, Kind.SCRIPT)
        script = Construct(Kind.SCRIPT, place, shell_text, None)
        self.constructs: list[Construct] = [script]
        commands = self.commands
        for place in _lists(text):
            if place.kind is None:
                commands.append(_PlainCommand(place, shell_text, script))
            else:
                self._add_chain(place, place.kind, script)

    def _add_chain(self, place: _PlainPlace, kind: Kind, parent: Construct) -> None:
        shell_text, commands = self._shell_text, self.commands
        construct = Construct(kind, place, shell_text, parent)
        self.constructs.append(construct)
        for member in place.members:
            if member.kind is None:
                commands.append(_PlainCommand(member, shell_text, construct))
            else:
                self._add_chain(member, member.kind, construct)


class _PlainPlace(Place):
    """The place of a statement that no node of the grammar stands for.

    `kind` is what it is, None for a command, and `members` are the places in that of a chain.
    `is_simple` tells that a command has nothing but words without anything special.
    """

    __slots__ = ("is_simple", "kind", "members")

    is_job = False
    is_negated = False
    redirects = ()

    def __init__(
        self,
        start: int,
        end: int,
        separator: Node | Operator | None,
        kind: Kind | None = None,
        members: Sequence[_PlainPlace] = (),
    ) -> None:
        self.start = start
        self.end = end
        self.separator = separator
        self.kind = kind
        self.members = members
        self.is_simple = False


@lru_cache(maxsize=256)
def _lists(text: str) -> list[_PlainPlace]:
    """The and-or lists of a text: pipelines, each of some commands.

    Kept for a while, as scripts are read again that fixes leave as they were.
    """
    lists: list[_PlainPlace] = []
    pipelines: list[_PlainPlace] = []
    members: list[_PlainPlace] = []
    for match in _COMMAND.finditer(text):
        start, end = match.span(1)
        is_simple = start >= 0
        if not is_simple:
            start, end = match.span(2)
        operator = match[3]
        is_sign = operator and operator != "\n"
        separator = Operator(operator, end) if is_sign else None
        while text[end - 1] in " \t" and text[end - 2] != "\\":
            end -= 1
        place = _PlainPlace(start, end, separator)
        place.is_simple = is_simple
        members.append(place)
        if operator == "|":
            continue
        pipelines.append(_joined(Kind.PIPELINE, members))
        members = []
        if operator != "&&" and operator != "||":
            lists.append(_joined(Kind.AND_OR, pipelines))
            pipelines = []
    return lists


def _joined(kind: Kind, places: list[_PlainPlace]) -> _PlainPlace:
    """Give the place of a chain, or of its one member."""
    last = places[-1]
    if len(places) == 1:
        return last
    joined = _PlainPlace(places[0].start, last.end, last.separator, kind, places)
    # What stands after the chain ends the chain, and not its last member.
    last.separator = None
    return joined


class _PlainCommand(Command):
    """A command that is read from tokens."""

    __slots__ = ()

    _place: _PlainPlace

    def _plain_name(self) -> str | None:
        text = self._shell_text.text
        place = self._place
        if place.is_simple:
            return text[place.start : place.end].split(None, 1)[0]
        match = PLAIN_NAME.match(text, place.start)
        if match is None:
            return None
        # A number right before a redirection is none.
        name = match[0]
        return None if name.isdigit() and text[match.end() : match.end() + 1] in "<>" else name

    def _read(self) -> Content:
        words: list[Word] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        shell_text = self._shell_text
        text = shell_text.text
        place = self._place
        if place.is_simple:
            start = place.start
            for value in text[start : place.end].replace("\t", " ").split(" "):
                end = start + len(value)
                if value:
                    words.append(_SimpleWord(start, end, shell_text, value))
                start = end + 1
            self._content = tuple(words), (), ()
            return self._content
        sign: re.Match[str] | None = None
        for match in _TOKEN.finditer(text, place.start, place.end):
            token = match[0]
            start, end = match.span()
            if token[0] in "<>":
                sign = match
            elif sign is not None:
                target = _PlainWord(start, end, shell_text)
                redirects.append(Redirect(sign[0], *sign.span(), target, shell_text))
                sign = None
            elif token.isdigit() and text[end : end + 1] in ("<", ">"):
                continue  # the descriptor of the redirection that follows
            elif words or "=" not in token or (found := _ASSIGNMENT.get().match(token)) is None:
                words.append(_PlainWord(start, end, shell_text))
            else:
                begin = start + found.end()
                given = _PlainWord(begin, end, shell_text) if begin < end else None
                assignments.append(Assignment(found[1], given, start, end, shell_text))
        self._content = tuple(words), tuple(assignments), tuple(redirects)
        return self._content


class _PlainWord(Word):
    """A word of quotes, variables and plain characters."""

    __slots__ = ()

    def __init__(self, start: int, end: int, shell_text: ShellText) -> None:
        self.start = start
        self.end = end
        self._shell_text = shell_text
        self._parts = None
        self._value = None

    def _read_parts(self) -> Iterator[Part]:
        shell_text = self._shell_text
        text = shell_text.text
        for match in _PIECE.get().finditer(text, self.start, self.end):
            start, end = match.span()
            kind = match.lastgroup
            if kind == "single":
                value = text[start + 1 : end - 1]
                yield Part(PartKind.SINGLE_QUOTED, start, end, shell_text, value)
            elif kind == "double":
                yield quoted_parts(
                    start, end, _variables(start + 1, end - 1, shell_text), shell_text
                )
            elif kind == "variable":
                yield _variable(start, end, shell_text)
            else:
                yield from literal_parts(start, end, shell_text)


class _SimpleWord(_PlainWord):
    """A word of plain characters: its text is its value."""

    __slots__ = ("prefix", "text", "value")

    prefix: str
    text: str
    value: str

    def __init__(self, start: int, end: int, shell_text: ShellText, text: str) -> None:
        self.start = start
        self.end = end
        self._shell_text = shell_text
        self._parts = None
        self.prefix = self.text = self.value = text


def _variables(start: int, end: int, shell_text: ShellText) -> Iterator[Part]:
    """The `${name}` within double quotes; `$name` is found where literal text is read."""
    text = shell_text.text
    at = text.find("$", start, end)
    while at >= 0:
        if not _is_escaped(text, at, start) and text.startswith("${", at):
            close = text.index("}", at) + 1
            yield _variable(at, close, shell_text)
        at = text.find("$", at + 1, end)


def _is_escaped(text: str, at: int, start: int) -> bool:
    backslashes = 0
    while at - backslashes > start and text[at - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _variable(start: int, end: int, shell_text: ShellText) -> Part:
    name = shell_text.text[start + 1 : end].strip("{}")
    return Part(PartKind.VARIABLE, start, end, shell_text, None, (name,))
