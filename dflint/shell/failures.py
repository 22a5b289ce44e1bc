"""Whether what a substitution runs can fail for any reason but a mistake in the script."""

from __future__ import annotations

from dflint.shell.statements import Construct, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.commands import Command
    from dflint.shell.statements import Statement

#: These do not fail, whatever they are given.
_SAFE = frozenset((
    "echo", "printf", "true", ":", "pwd", "date", "uname", "arch", "nproc", "dirname", "basename",
    "hostname", "whoami",
))  # fmt: skip
#: These do not when they read what a pipeline gives them: with so many operands at most.
_FILTERS = {
    "tr": 2, "cut": 0, "sort": 0, "uniq": 0, "wc": 0, "head": 0, "tail": 0, "rev": 0, "cat": 0,
    "sed": 1, "awk": 1,
}  # fmt: skip
#: Options of theirs whose value stands in a word of its own.
_VALUED = ("-d", "-f", "-F", "-n", "-c", "-e")


def may_fail(substitution: Construct) -> bool:
    """Whether a substitution may have a status that tells of a failure.

    That is the status of its last command; with `pipefail`, of any.
    """
    return _may_fail(substitution)


def _may_fail(statement: Statement) -> bool:
    if not isinstance(statement, Construct):
        return not _is_safe(statement)  # type: ignore[arg-type]
    statements = statement.statements
    if statement.kind is Kind.PIPELINE or len(statements) == 1:
        return any(map(_may_fail, statements))
    return True


def _is_safe(command: Command) -> bool:
    program = command.program
    if program in _SAFE:
        return True
    most = _FILTERS.get(program or "")
    if most is None or any(redirect.operator == "<" for redirect in command.redirects):
        return False
    operands = 0
    words = iter(command.arguments)
    for word in words:
        if word.prefix in _VALUED:
            next(words, None)
        elif not word.prefix.startswith("-"):
            operands += 1
    return operands <= most
