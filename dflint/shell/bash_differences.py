"""What bash understands otherwise than dash, the `/bin/sh` of Debian and Ubuntu, does.

dash(1) and bash(1). Left out is what dash takes for an error that ends the script.
"""

from __future__ import annotations

import re

from dflint.shell.statements import Kind
from dflint.shell.words import PartKind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.shell.commands import Command
    from dflint.shell.script import Script
    from dflint.shell.words import Word

#: Variables that bash sets where nobody else has.
_VARIABLES = LazyPattern(
    r"(?:\$\{?[#!]?|\(\([^)]*\b)"
    r"(UID|EUID|GROUPS|S?RANDOM|SECONDS|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|SHELL|SHELLOPTS|BASH\w*|FUNCNAME|PIPESTATUS|DIRSTACK|REPLY|EPOCHSECONDS)\b",
    re.ASCII,
)
#: Those that nobody can set; `&>`; `[[` and `((`; quotes behind `$`.
_MARKS = LazyPattern(
    r"""(?<![\w$-])(?:UID|EUID|GROUPS|SHELLOPTS|BASHOPTS)=|&>|(?:\A|[\s;&|(!])(?:\[\[\s|\(\()"""
    r"""|(?:\A|[\s=])\$["']"""
    # What dash takes for one of the characters: `[^a]` as a pattern of its own.
    r"""|\$\{\w+[#%]+[^}\s]*\[\^|(?:\bin|;;)\s*\(?[^()'"\s]*\[\^[^()'"\s]*\)""",
    re.ASCII,
)
#: They have another value each time.
_CHANGING = ("RANDOM", "SRANDOM")
#: Commands that only bash has; `alias` has no effect in its scripts.
_OF_BASH = (
    "source", "let", "pushd", "popd", "declare", "typeset", "shopt", "mapfile", "readarray",
    "builtin", "enable", "alias",
)  # fmt: skip
#: Behind these an assignment before them goes on in dash.
_KEEPING = (":", ".", "eval", "export", "readonly", "set", "shift", "trap", "unset")
#: They print what bash sets for itself, too.
_LISTING = ("env", "printenv", "export", "set")
_ECHOED = LazyPattern(r"\\[abcefnrtvx0-7\\]")
_OPTION = LazyPattern(r"""["']?-[neE]++["']?""")
_PRINTED = LazyPattern(r"\\[xuU]|%q|%\(")
_BRACES = LazyPattern(r"(?<![\\$])\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")


def differs_in_bash(
    script: Script,
    value: Callable[[Word], str | None],
    variable: Callable[[str], str | None],
) -> bool:
    """Whether bash makes something else of a script than dash.

    `value` tells what a word is after expansion, as far as that is known, `variable` what the
    script is given.
    """
    text = script.text
    for name in _VARIABLES.get().findall(text):
        if name in _CHANGING or variable(name) is None:
            return True
    if _MARKS.get().search(text):
        return True
    if "{" in text and any(map(_is_expanded, _words(script))):
        return True
    # Where dash ends with an error there is no build to spoil.
    ends = [step for step in script.steps if step.operator_after in (None, "&&")]
    if any(
        one not in ends or one.name_value == "alias" for one in script.commands_named(*_OF_BASH)
    ):
        return True
    if any(one not in ends and one.assignments for one in script.commands_named(*_KEEPING)) or any(
        _is_other_listing(one) for one in script.commands_named(*_LISTING)
    ):
        return True
    return any(
        _is_other_echo(command, value) if command.name_value == "echo" else _is_other_test(command)
        for command in script.commands_named("echo", "printf", "[", "test")
    )


def _words(script: Script) -> Iterator[Word]:
    for command in script.commands:
        yield from command.words
    for construct in script.constructs:
        header = construct.header if construct.kind is Kind.LOOP else None
        if header is not None:
            yield from header[1] or ()


def _is_expanded(word: Word) -> bool:
    if "{" not in word.text:
        return False
    pieces = (part.text if part.kind is PartKind.LITERAL else "x" for part in word.parts)
    return _BRACES.get().search("".join(pieces)) is not None


def _is_other_echo(command: Command, value: Callable[[Word], str | None]) -> bool:
    arguments = command.arguments
    # dash knows one `-n` and nothing else.
    options = arguments[1:2] if arguments and arguments[0].text == "-n" else arguments[:1]
    if options and _OPTION.get().fullmatch(options[0].text):
        return True
    for word in arguments:
        if "\\" in word.text and "$(" in word.text and _ECHOED.get().search(word.text):
            return True
        text = word.value
        if text is None:
            text = f"{_literal(word)} {value(word) or ''}"
        if "\\" in text and _ECHOED.get().search(text):
            return True
    return False


def _is_other_listing(command: Command) -> bool:
    """Whether all variables are written to a file."""
    arguments = [word.text for word in command.arguments]
    return bool(command.redirects) and arguments in ([], ["-p"])


def _literal(word: Word) -> str:
    pieces = (piece for part in word.parts for piece in part.parts or (part,))
    return "".join(piece.value or " " for piece in pieces)


def _is_other_test(command: Command) -> bool:
    if command.name_value == "printf":
        return any(_PRINTED.get().search(word.text) for word in command.arguments)
    return any(word.text == "==" for word in command.arguments)
