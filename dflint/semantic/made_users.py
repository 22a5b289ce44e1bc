"""The users that the scripts of a stage make."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation


def created(call: Invocation) -> str | None:
    """The name of the user that a call makes; None if it makes none or only a run can tell."""
    operands = call.operands
    if not operands or (call.name == "adduser" and len(operands) != 1):
        return None
    return operands[-1].value


def made_users(programs: Iterable[Program], stage: Stage) -> set[str] | None:
    """The users that a stage, and those below it, make; None where a name is not known."""
    chain = {one.index for one in (stage, *stage.ancestors())}
    found: set[str] = set()
    for program in programs:
        if program.stage_number in chain:
            for call in program.invocations_of("useradd", "adduser"):
                if call.name == "adduser" and len(call.operands) > 1:
                    continue
                name = created(call)
                if name is None or not name.replace("-", "").replace("_", "").isalnum():
                    return None
                found.add(name)
    return found
