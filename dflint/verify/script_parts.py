"""What of a script runs one after another, as RUNs of their own would."""

from __future__ import annotations

from dflint.shell.meaning import meaning_of
from dflint.shell.script import Script
from dflint.shell.shell_text import ShellText
from dflint.shell.statements import Construct, Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.statements import Statement

#: What changes the shell that runs it, so that a command behind it in the same RUN may notice.
_LEAVES_TRACES = frozenset(
    (
        ".", "alias", "bg", "bind", "break", "builtin", "cd", "command", "continue", "coproc",
        "declare", "disown", "enable", "eval", "exec", "exit", "export", "fg", "getopts", "hash",
        "let", "local", "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly",
        "return", "set", "shift", "shopt", "source", "suspend", "trap", "typeset", "ulimit",
        "umask", "unalias", "unset", "wait",
    )
)  # fmt: skip
_ASSIGNS = LazyPattern(r"\$\{[A-Za-z_][A-Za-z0-9_]*+:?=|\(\(")


def split(text: str) -> list[tuple[str, bool, bool]]:
    """The parts of a script that run one after another.

    Each with whether its failure is ignored, and whether it may leave traces in its shell. Only
    the last list of a script fails it, and of that list only what stands behind its last `||` can
    be parted at `&&`.
    """
    whole = [(text, False, True)]
    if meaning_of(text) is None or "<<" in text:
        return whole
    script = Script(ShellText(text, [0], [0]))
    return parts_of(script) or whole


def parts_of(script: Script) -> list[tuple[str, bool, bool]] | None:
    """The same of a script without heredocs; None where it cannot be parted."""
    text = script.text
    if script.error is not None:
        return None
    statements = script.root.statements
    if not statements or any(script.root.operator(at) == "&" for at in range(len(statements))):
        return None
    bounds = [(one.start, one.end) for one in statements[:-1]]
    parts = [(begin, end, True) for begin, end in bounds]
    parts += [(begin, end, False) for begin, end in _chain(statements[-1])]
    if "".join(text[begin:end] for begin, end, _ in parts) == "":
        return None
    return [
        (text[begin:end], is_ignored, _leaves_traces(script, begin, end))
        for begin, end, is_ignored in parts
    ]


def _chain(statement: Statement) -> list[tuple[int, int]]:
    if not isinstance(statement, Construct) or statement.kind is not Kind.AND_OR:
        return [(statement.start, statement.end)]
    members = statement.statements
    operators = [statement.operator(at) for at in range(len(members) - 1)]
    fixed = max((at + 1 for at, one in enumerate(operators) if one != "&&"), default=0)
    parts = [(members[0].start, members[fixed].end)]
    return parts + [(one.start, one.end) for one in members[fixed + 1 :]]


def _leaves_traces(script: Script, begin: int, end: int) -> bool:
    if _ASSIGNS.get().search(script.text, begin, end):
        return True
    for construct in script.constructs:
        if begin <= construct.start < end and construct.kind in (Kind.FUNCTION, Kind.LOOP):
            return True
    for command in script.commands:
        if not (begin <= command.start < end and command.is_in_body_shell):
            continue
        name = command.name_value
        is_assigning = name == "printf" and "-v" in command.text.split()[1:2]
        if not name or name in _LEAVES_TRACES or is_assigning:
            return True
    return False
