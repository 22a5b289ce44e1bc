"""The stages of a Dockerfile as a picture: what each is built on, and who takes from whom."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.pictures.picture import COPY, FROM, IMAGE, MOUNT, STAGE, Arrows, Box, Picture

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage, StageReference


def stage_picture(model: SemanticModel, title: str = "Stages") -> Picture:
    """The picture of all stages, whether the target needs them or not, and of images they use."""
    target = model.final_stage
    needed = {one.index for one in model.graph.reachable(target)} if target is not None else set()
    boxes = [
        Box(
            stage_id(stage.index),
            STAGE,
            stage_name(stage),
            _note(stage, stage is target, stage.index in needed),
            f"stage {stage.index}: FROM {stage.image}",
            stage.index in needed,
            stage is target,
        )
        for stage in model.stages
    ]
    images: dict[str, list[int]] = {}
    arrows = Arrows()
    for reference in model.references:
        end = stage_id(reference.user.index)
        if reference.stage is not None:
            arrows.add(stage_id(reference.stage.index), end, _kind(reference))
        elif reference.text:
            users = images.setdefault(reference.text, [])
            users.append(reference.user.index)
            arrows.add(f"i{[*images].index(reference.text)}", end, _kind(reference))
    boxes += [
        Box(
            f"i{number}", IMAGE, image, detail=f"image {image}", is_needed=bool(needed & set(users))
        )
        for number, (image, users) in enumerate(images.items())
    ]
    return Picture(title, tuple(boxes), arrows.drawn())


def stage_id(index: int) -> str:
    """The id of a stage's box."""
    return f"s{index}"


def stage_name(stage: Stage) -> str:
    """How a picture calls a stage."""
    return stage.name or f"stage {stage.index}"


def _kind(reference: StageReference) -> str:
    if reference.instruction is reference.user.from_instruction:
        return FROM
    return MOUNT if isinstance(reference.instruction, Run) else COPY


def _note(stage: Stage, is_target: bool, is_needed: bool) -> str:
    count = len([one for one in stage.instructions if one.KEYWORD]) - 1
    text = f"{count} instruction{'' if count == 1 else 's'}"
    if is_target:
        return f"{text}, target"
    return text if is_needed else f"{text}, not needed"
