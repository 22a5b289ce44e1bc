"""Which stages the last one needs, for some value of the build arguments."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


def unneeded_stages(model: SemanticModel) -> list[Stage]:
    """List the stages that the last one does not need.

    A FROM with a variable may name any stage that begins with the text before the variable, as
    `FROM base-$TARGETARCH` does on other platforms.
    """
    if not model.stages:
        return []
    needs = {stage.index: [one.index for one in model.graph.needs(stage)] for stage in model.stages}
    for stage in model.stages:
        words = stage.from_instruction.reading.arguments
        if words and "$" in words[0]:
            prefix = words[0].partition("$")[0]
            needs[stage.index] += [
                one.index
                for one in model.stages[: stage.index]
                if one.name and one.name.startswith(prefix)
            ]
    needed = {len(model.stages) - 1}
    todo = list(needed)
    while todo:
        for index in needs[todo.pop()]:
            if index not in needed:
                needed.add(index)
                todo.append(index)
    return [stage for stage in model.stages if stage.index not in needed]


def image_stages(model: SemanticModel) -> list[Stage]:
    """List the stages that images are made of: the last one, and those that no other needs.

    A stage that another copies from or is built on is on the way to an image; one that nothing
    needs is there to be built with `--target`.
    """
    needed = {one.index for stage in model.stages for one in model.graph.needs(stage)}
    return [
        stage for stage in model.stages if stage.index not in needed or stage is model.final_stage
    ]
