"""Whether a command runs whenever the script does."""

from __future__ import annotations

from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.statements import Statement

_CONDITIONAL = (Kind.IF, Kind.CASE, Kind.LOOP, Kind.FUNCTION)


def is_optional(statement: Statement) -> bool:
    """Whether it runs only under a condition, or may fail without ending the script.

    `&&` is no condition: what stands behind it is not reached only if the whole list fails.
    """
    chain: list[Statement] = [statement, *statement.ancestors]
    if any(one.kind in _CONDITIONAL for one in statement.ancestors):
        return True
    return any("||" in (one.operator_before, one.operator_after) for one in chain)


def are_under_same(first: Statement, second: Statement) -> bool:
    """Whether two statements run in the same cases, as far as branches, loops and `||` tell."""
    return _conditions(first) == _conditions(second)


def _conditions(statement: Statement) -> list[tuple[int, int]]:
    """The constructs that decide whether a statement runs, and which part of each it is in."""
    found: list[tuple[int, int]] = []
    inner = statement
    for outer in statement.ancestors:
        if outer.kind is Kind.AND_OR:
            choices = sum(outer.operator(at) == "||" for at in range(inner.index))
            if choices:
                found.append((id(outer), choices))
        elif outer.kind in (*_CONDITIONAL, Kind.BRANCH, Kind.CONDITION):
            found.append((id(outer), 0))
        inner = outer
    return found
