"""Package lists of apt that a later RUN installs from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

_TOOLS = ("apt-get", "apt", "aptitude")


def serve_later_run(call: Invocation, programs: Iterable[Program], model: SemanticModel) -> bool:
    """Whether a RUN after that of an update installs before it updates the lists itself.

    In the same stage, or in one that is built on it.
    """
    own: Program | None = None
    updated: set[int] = set()
    for program in programs:
        if program.instruction.line.start <= call.span.start:
            own = program
            continue
        if own is None or program.stage_number in updated or not _continues(program, own, model):
            continue
        for later in program.invocations_of(*_TOOLS):
            if later.action == "update":
                updated.add(program.stage_number)
                break
            if later.action in ("install", "upgrade"):
                return True
    return False


def _continues(program: Program, own: Program, model: SemanticModel) -> bool:
    """Whether a program runs in what another one left."""
    if program.stage_number == own.stage_number:
        return True
    stage = model.stages[program.stage_number]
    return any(one.index == own.stage_number for one in stage.ancestors())
