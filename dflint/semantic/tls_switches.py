"""Where programs are told to take any certificate."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Env
from dflint.semantic.occurrences import occurrences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.words import Word
    from dflint.text.span import Span

_NO = ("0", "false", "no", "off")
_YES = ("1", "true", "yes", "on")
#: Variables that switch it off, each with the values that do.
_VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": _YES,
    "NPM_CONFIG_STRICT_SSL": _NO,
    "YARN_STRICT_SSL": _NO,
    "YARN_ENABLE_STRICT_SSL": _NO,
    "CONDA_SSL_VERIFY": _NO,
}
#: Settings of programs, with `false` or the like as their value.
_SETTINGS = {
    "git": ("http.sslverify",),
    "npm": ("strict-ssl",),
    "yarn": ("strict-ssl", "enablestrictssl"),
    "pnpm": ("strict-ssl",),
    "conda": ("ssl_verify",),
}


class Switch:
    """Where a program is told to take any certificate: what `span` covers, and the switch's name.

    Of a pair of ENV or ARG there is the `occurrence`, and `at` is its place among the arguments.
    In a script there are the `command` with its `program`, and `words`: its
    arguments for the switch and its value, none for an assignment before the command.
    """

    __slots__ = ("at", "command", "name", "occurrence", "program", "span", "words")

    def __init__(self, span: Span, name: str) -> None:
        self.span = span
        self.name = name
        self.occurrence: Occurrence | None = None
        self.at = 0
        self.program: Program | None = None
        self.command: Command | None = None
        self.words: tuple[Word, ...] = ()


def switched_off(tree: Dockerfile, programs: Iterable[Program]) -> Iterator[Switch]:
    """Each such switch."""
    for occurrence in occurrences(tree, Env, Arg):
        reading = occurrence.reading
        is_env = reading.keyword == "env"
        for at in range(0, len(reading.arguments), 3 if is_env else 1):
            name, _, value = reading.arguments[at].partition("=")
            value = reading.arguments[at + 1] if is_env else value
            if _is_off(name, value.strip("\"'")):
                found = Switch(occurrence.argument(at), name)
                found.occurrence, found.at = occurrence, at
                yield found
    for program in programs:
        text = program.script.text.lower()
        if not any(mark in text for mark in _MARKS):
            continue
        yield from _assignments(program)
        for call in program.invocations_of(*_SETTINGS):
            yield from _settings(program, call)


_MARKS = ("reject_unauth", "httpsverify", "no_verify", "strict_ssl", "strict-ssl", "ssl")


def _is_off(name: str, value: str | None) -> bool:
    wanted = _VARIABLES.get(name.upper() if name.lower().startswith("npm_") else name)
    return wanted is not None and (value or "").lower() in wanted


def _assignments(program: Program) -> Iterator[Switch]:
    for command in program.script.commands:
        for assignment in command.assignments:
            value = assignment.value.value if assignment.value is not None else None
            if _is_off(assignment.name, value):
                yield _in_script(assignment.span, assignment.name, program, command)
        if command.name_value not in ("export", "env", "declare"):
            continue
        for word in command.words[1:]:
            name, equals, value = (word.value or "").partition("=")
            if equals and _is_off(name, value):
                yield _in_script(word.span, name, program, command, word)


def _settings(program: Program, call: Invocation) -> Iterator[Switch]:
    names = _SETTINGS[call.tool.name] if call.tool is not None else ()
    arguments = call.arguments
    for at, argument in enumerate(arguments):
        name, equals, value = argument.prefix.partition("=")
        key = name.lstrip("-")
        if key.lower() not in names:
            continue
        words = [argument.word]
        if not equals and at + 1 < len(arguments):
            value = arguments[at + 1].value or ""
            words.append(arguments[at + 1].word)
        if value.lower() in _NO:
            yield _in_script(argument.span, key, program, call.command, *words)


def _in_script(span: Span, name: str, program: Program, command: Command, *words: Word) -> Switch:
    found = Switch(span, name)
    found.program, found.command, found.words = program, command, words
    return found
