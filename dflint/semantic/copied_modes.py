"""Files that are copied, and whose mode a later RUN changes."""

from __future__ import annotations

from dflint.cst.instructions import Copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


def copied_modes(
    model: SemanticModel, programs: Iterable[Program]
) -> Iterator[tuple[Program, Invocation, Argument, Instruction]]:
    """Each such `chmod`, its operand, and the COPY that brought the file."""
    copied: dict[tuple[int, str], Instruction] = {}
    for stage in model.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Copy):
                path = _destination(instruction)
                if path:
                    copied[stage.index, path] = instruction
    for program in programs if copied else ():
        for call in program.invocations_of("chmod"):
            if call.option("-R", "--recursive") is not None:
                continue
            for argument in call.operands:
                copy = copied.get((program.stage_number, argument.value or ""))
                if copy is not None and copy.line.start < program.instruction.line.start:
                    yield program, call, argument, copy


def _destination(instruction: Copy) -> str:
    """The absolute path of the one file that is copied by its name; empty otherwise."""
    arguments = instruction.reading.arguments
    if len(arguments) != 2:
        return ""
    source, target = arguments
    if instruction.line.markers:  # the file is written there, and has no other name
        return target if target.startswith("/") and not target.endswith("/") else ""
    name = source.rpartition("/")[2]
    if not target.startswith("/") or any(sign in source + target for sign in "$*?[") or not name:
        return ""
    return target + name if target.endswith("/") else target
