"""Whether a command that stands behind some others runs only where one of those has run."""

from __future__ import annotations

from dflint.shell.statements import Construct, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from dflint.shell.commands import Command
    from dflint.shell.statements import Statement


def has_run_behind(target: Statement, commands: Collection[Command]) -> bool:
    """Whether one of some commands has certainly run when a statement has succeeded.

    `a || b && c` runs `c` where `a` has succeeded and `b` was not run. What stands before the
    statement in the same sequence counts, and that an installation in a loop runs.
    """
    chain = target.parent
    if chain is None:
        return False
    if chain.kind is Kind.AND_OR:
        if _is_proved(chain, target.index, commands):
            return True
        outer: Statement = chain
    elif _ends_well(target, commands):
        return True
    else:
        outer = target
    return has_run_before(outer, commands)


def has_run_before(statement: Statement, commands: Collection[Command]) -> bool:
    """Whether one of some commands has run when what stands before a statement has, however."""
    sequence = statement.parent
    before = sequence.statements[: statement.index] if sequence is not None else ()
    return any(_is_reached(one, commands) for one in before)


def has_run_in(statement: Statement, commands: Collection[Command]) -> bool:
    """Whether one of some commands has run when a statement has, whether that succeeded or not."""
    return _is_reached(statement, commands) or has_run_before(statement, commands)


def _is_proved(chain: Construct, last: int, commands: Collection[Command]) -> bool:
    """Whether success of the first members of an and-or list shows that a command has run."""
    members = chain.statements
    has_run = _ends_well(members[0], commands)
    for at, statement in enumerate(members[1 : last + 1]):
        if chain.operator(at) == "&&":
            has_run = has_run or _ends_well(statement, commands)
        else:
            has_run = has_run and _ends_well(statement, commands)
    return has_run or _is_reached(members[0], commands)


def _ends_well(statement: Statement, commands: Collection[Command]) -> bool:
    """Whether a statement that has succeeded has run one of some commands."""
    if _is_reached(statement, commands):
        return True
    if not isinstance(statement, Construct):
        return False
    members, kind = statement.statements, statement.kind
    if kind is Kind.AND_OR:
        return _is_proved(statement, len(members), commands)
    if kind is Kind.IF:
        branches = [one for one in members if _is_branch(one)]
        has_else = len(branches) * 2 > len(members)
        return has_else and all(_ends_well(one, commands) for one in branches)
    return kind is not Kind.CASE and bool(members) and _ends_well(members[-1], commands)


def _is_branch(statement: Statement) -> bool:
    return isinstance(statement, Construct) and statement.kind is Kind.BRANCH


def _is_reached(statement: Statement, commands: Collection[Command]) -> bool:
    """Whether a statement that was begun has run one of some commands, if no `exit` came first."""
    if not isinstance(statement, Construct):
        return statement in commands
    members, kind = statement.statements, statement.kind
    if kind is Kind.AND_OR or kind is Kind.IF:
        return _is_reached(members[0], commands)
    if kind is Kind.CASE or kind is Kind.FUNCTION:
        return False
    return any(_is_reached(one, commands) for one in members)
