"""Finds what FROM, COPY --from and RUN --mount refer to."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, From, Instruction, OnBuild, Run
from dflint.semantic.stages import ReferenceKind, StageReference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


def stage_references(model: SemanticModel) -> Iterator[StageReference]:
    """Every reference, in source order."""
    for stage in model.stages:
        for instruction in stage.instructions:
            if instruction is not stage.from_instruction and "from=" not in instruction.line.text:
                continue
            yield from _references_in(model, stage, instruction)


def _references_in(
    model: SemanticModel, stage: Stage, instruction: Instruction
) -> Iterator[StageReference]:
    if isinstance(instruction, From):
        if stage.image:
            place = instruction.reading.places[0]
            kind = ReferenceKind.IMAGE if stage.base is None else ReferenceKind.STAGE
            yield StageReference(stage, instruction, stage.image, place, kind, stage.base)
    elif isinstance(instruction, (Copy, Add)):
        name = instruction.reading.flag("from") if isinstance(instruction, Copy) else None
        if name:
            yield resolve(model, stage, instruction, name, _flag_place(instruction, "from", name))
    elif isinstance(instruction, Run) and "from=" in instruction.line.text:
        for value in instruction.reading.flag_values("mount"):
            for option in value.split(","):
                key, _, name = option.partition("=")
                if key.strip().lower() == "from" and name:
                    place = _flag_place(instruction, "mount", option, len(key) + 1)
                    yield resolve(model, stage, instruction, name, place)
    elif isinstance(instruction, OnBuild):
        # A trigger names stages of the Dockerfile that runs it, which is another one.
        return


def _flag_place(instruction: Instruction, flag: str, value: str, skip: int = 0) -> tuple[int, int]:
    text = instruction.line.text
    for begin, end in instruction.reading.head.flags:
        if text.startswith("--" + flag, begin):
            at = text.find(value, begin + len(flag) + 2, end)
            if at >= 0:
                return at + skip, at + len(value)
    return instruction.reading.head.flags[0]


def resolve(
    model: SemanticModel,
    user: Stage,
    instruction: Instruction,
    text: str,
    place: tuple[int, int],
) -> StageReference:
    """What a `from` value in `user` names: a stage by name, by number, or an image."""
    name = text.lower()
    stage = model.stage_named(name, user)
    kind = ReferenceKind.STAGE
    if stage is None and user.name == name:
        stage, kind = user, ReferenceKind.SELF
    if stage is None:
        stage = model.stage_named(name)
        kind = ReferenceKind.LATER
    if stage is None and isinstance(instruction, Copy) and text.isascii() and text.isdigit():
        number = int(text[:9])
        if number >= len(model.stages):
            kind = ReferenceKind.NO_SUCH_INDEX
        else:
            stage = model.stages[number]
            kind = ReferenceKind.STAGE
            if number >= user.index:
                kind = ReferenceKind.SELF if number == user.index else ReferenceKind.LATER
    elif stage is None:
        kind = ReferenceKind.IMAGE
    return StageReference(user, instruction, text, place, kind, stage)
