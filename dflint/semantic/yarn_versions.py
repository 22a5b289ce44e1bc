"""Which Yarn a call runs: the first, or one that the project brings."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.known_images import short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


def is_classic_yarn(model: SemanticModel, program: Program, call: Invocation) -> bool:
    """Whether a call certainly runs Yarn 1, where its image brings that.

    The Yarn 1 of Node's image starts another one if the project's `.yarnrc.yml` says so. It does
    not for `yarn global`, which the others do not have, nor where no such file was copied.
    """
    stage = model.stage_of(program.instruction)
    if stage is None or program.occurrence.is_trigger:
        return False
    if call.verb == "global":
        return True
    stages = [stage, *stage.ancestors()]
    if short_name(stages[-1].image).partition(":")[0] != "node":
        return False
    return not any(
        _may_bring_settings(instruction)
        for one in stages
        for instruction in one.instructions
        if isinstance(instruction, (Copy, Add))
        and instruction.line.start < program.instruction.line.start
    )


def _may_bring_settings(copy: Copy | Add) -> bool:
    """Whether a directory, or a file called `.yarnrc.yml`, may be among what is copied."""
    for source in copy.reading.arguments[:-1]:
        name = source.rstrip("/").rpartition("/")[2]
        stem, dot, _ = name.partition(".")
        is_file = bool(stem.strip("*?")) and bool(dot)
        if source.endswith("/") or not is_file:
            return True
    return False
