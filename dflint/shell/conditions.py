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
