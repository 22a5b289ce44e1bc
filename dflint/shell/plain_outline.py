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
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.contents import Content
    from dflint.shell.shell_text import ShellText

    Token = tuple[str, int, int]
    # A command of a pipeline: where it begins and ends, and the operator after it.
    Member = tuple[int, int, Operator | None]
    # The pipelines of an and-or list.
    Pipelines = tuple[tuple[Member, ...], ...]

# The text is known to be plain, so these need not tell what may stand in it.
_QUOTED = r"""\\ . | ' [^']*+ ' | " (?: [^"\\] | \\ . )*+ " """
# What stands between two operators; blanks before it are left out.
_COMMAND = re.compile(
    rf"""
      [ \t]*+ (?P<command> (?: [^'"\\;&|\n<>]++ | {_QUOTED} | [<>]++ &? )++ )
    | (?P<operator> && | \|\|? | [;\n] )
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(
    rf"(?P<redirect> [<>] [&>]? ) | (?P<word> (?: [^ \t'\"\\<>]++ | {_QUOTED} )++ )",
    re.VERBOSE,
)
_BLACK = re.compile(r"[^ \t]++")
_SPECIAL = "'\"\\$<>="
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
        self.constructs: list[Construct] = []
        script = self._construct(Kind.SCRIPT, 0, len(shell_text.text), None, None)
        for pipelines in _lists(shell_text.text):
            self._add_list(pipelines, script)

    def _construct(
        self, kind: Kind, start: int, end: int, separator: Operator | None, parent: Construct | None
    ) -> Construct:
        place = _PlainPlace(start, end, separator)
        construct = Construct(kind, place, self._shell_text, parent)
        self.constructs.append(construct)
        return construct

    def _add_list(self, pipelines: Pipelines, parent: Construct) -> None:
        if len(pipelines) > 1:
            _, end, separator = pipelines[-1][-1]
            parent = self._construct(Kind.AND_OR, pipelines[0][0][0], end, separator, parent)
            # What stands after the list ends the list, and not its last member.
            for members in pipelines[:-1]:
                self._add_pipeline(members, parent, members[-1][2])
            self._add_pipeline(pipelines[-1], parent, None)
        else:
            self._add_pipeline(pipelines[0], parent, pipelines[0][-1][2])

    def _add_pipeline(
        self, members: tuple[Member, ...], parent: Construct, separator: Operator | None
    ) -> None:
        if len(members) > 1:
            parent = self._construct(
                Kind.PIPELINE, members[0][0], members[-1][1], separator, parent
            )
            for start, end, operator in members[:-1]:
                self._add_command(_PlainPlace(start, end, operator), parent)
            separator = None
        start, end, _ = members[-1]
        self._add_command(_PlainPlace(start, end, separator), parent)

    def _add_command(self, place: Place, parent: Construct) -> None:
        self.commands.append(_PlainCommand(place, self._shell_text, parent))


@lru_cache(maxsize=256)
def _lists(text: str) -> tuple[Pipelines, ...]:
    """The and-or lists of a text: pipelines, each of some commands.

    Kept for a while, as scripts are read again that fixes leave as they were.
    """
    lists: list[Pipelines] = []
    pipelines: list[tuple[Member, ...]] = []
    members: list[Member] = []
    start = end = -1
    for match in _COMMAND.finditer(text):
        if match.lastgroup == "command":
            start, end = match.span("command")
            while text[end - 1] in " \t" and text[end - 2] != "\\":
                end -= 1
            continue
        if start < 0:
            continue  # a newline after an operator
        operator = match[0]
        made = None if operator == "\n" else Operator(operator, match.start())
        members.append((start, end, made))
        start = -1
        if operator == "|":
            continue
        pipelines.append(tuple(members))
        members = []
        if operator == ";" or operator == "\n":
            lists.append(tuple(pipelines))
            pipelines = []
    if start >= 0:
        members.append((start, end, None))
        pipelines.append(tuple(members))
        lists.append(tuple(pipelines))
    return tuple(lists)


class _PlainPlace(Place):
    """The place of a statement that no node of the grammar stands for."""

    __slots__ = ()

    def __init__(self, start: int, end: int, separator: Operator | None) -> None:
        self.start = start
        self.end = end
        self.separator = separator
        self.is_job = False
        self.is_negated = False
        self.redirects = ()


class _PlainCommand(Command):
    """A command that is read from tokens."""

    __slots__ = ()

    def _plain_name(self) -> str | None:
        text = self._shell_text.text
        match = PLAIN_NAME.match(text, self._place.start)
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
        own = text[place.start : place.end]
        if not contains_any(own, _SPECIAL):
            # Words without quotes, variables, redirections and assignments: most commands.
            for match in _BLACK.finditer(text, place.start, place.end):
                words.append(_PlainWord(*match.span(), shell_text, match[0]))
            self._content = tuple(words), (), ()
            return self._content
        tokens: list[Token] = [
            (match.lastgroup or "", *match.span())
            for match in _TOKEN.finditer(text, place.start, place.end)
        ]
        at = 0
        while at < len(tokens):
            kind, start, end = tokens[at]
            if kind == "redirect":
                target = _PlainWord(tokens[at + 1][1], tokens[at + 1][2], shell_text)
                redirects.append(Redirect(text[start:end], start, end, target, shell_text))
                at += 2
                continue
            at += 1
            if text[start:end].isdigit() and tokens[at : at + 1] and tokens[at][1] == end:
                continue  # the descriptor of the redirection that follows
            is_value = not words and "=" in text[start:end]
            found = _ASSIGNMENT.get().match(text, start, end) if is_value else None
            if found is None:
                words.append(_PlainWord(start, end, shell_text))
            else:
                begin = found.end()
                value = _PlainWord(begin, end, shell_text) if begin < end else None
                assignments.append(Assignment(found[1], value, start, end, shell_text))
        self._content = tuple(words), tuple(assignments), tuple(redirects)
        return self._content


class _PlainWord(Word):
    """A word of quotes, variables and plain characters."""

    __slots__ = ()

    def __init__(
        self, start: int, end: int, shell_text: ShellText, value: str | None = None
    ) -> None:
        self.start = start
        self.end = end
        self._nodes = []
        self._shell_text = shell_text
        self._parts = None
        self._value = value

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
