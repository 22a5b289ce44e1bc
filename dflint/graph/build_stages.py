"""The stages of one build before anything is lowered: what each begins with, and who needs whom."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.cst.instructions import Run
from dflint.graph.lowering import full_reference
from dflint.graph.refused import RefusedError, refused, unexpanded
from dflint.oci.reference import ReferenceProblem, familiar, parse_reference
from dflint.semantic.expand import evaluate_word
from dflint.text.go_quote import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.cst.instructions import From, Instruction
    from dflint.graph.build import Build, NamedContext
    from dflint.graph.variables import Variables
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage, StageReference


@dataclass(frozen=True, slots=True)
class StageInput:
    """What a stage begins with.

    `image` is the name as it comes out of FROM, `platform` is empty without `--platform`, `base`
    the index of the stage that the name is, None for an image. `context` takes the whole stage's
    place.
    """

    stage: Stage
    image: str
    platform: str
    base: int | None
    context: NamedContext | None


def stage_inputs(
    model: SemanticModel, build: Build, arguments: Variables
) -> tuple[StageInput, ...]:
    """What each stage begins with; RefusedError where a FROM cannot be meant."""
    by_name: dict[str, int] = {}
    found = []
    for stage in model.stages:
        found.append(_stage_input(stage, build, arguments, by_name))
        if stage.name:
            by_name[stage.name] = stage.index
    return tuple(found)


def _stage_input(
    stage: Stage, build: Build, arguments: Variables, by_name: dict[str, int]
) -> StageInput:
    instruction = stage.from_instruction
    reading = instruction.reading
    word = reading.arguments[0]
    image = _expand(word, arguments, instruction)
    if not image:
        raise refused(f"base name ({word}) should not be blank", instruction)
    platform = _platform(reading.flag("platform") or "", arguments, instruction)
    context = named_context(build, stage.name, platform or build.platform) if stage.name else None
    base = None if context is not None else by_name.get(image)
    if base is None and context is None and image != "scratch":
        reference = parse_reference(image)
        if isinstance(reference, ReferenceProblem):
            reason = f"failed to parse stage name {go_quote(image)}: {reference.message}"
            raise refused(reason, instruction)
    return StageInput(stage, image, platform, base, context)


def _platform(written: str, arguments: Variables, instruction: From) -> str:
    from dflint.oci.platform import PlatformProblem, parse_platform

    if not written:
        return ""
    text = _expand(written, arguments, instruction)
    if not text:
        raise refused(f"empty platform value from expression {written}", instruction)
    platform = parse_platform(text)
    if isinstance(platform, PlatformProblem):
        raise refused(f"failed to parse platform {text}: {platform.message}", instruction)
    return str(platform)


def _expand(word: str, arguments: Variables, instruction: From) -> str:
    expansion = evaluate_word(word, arguments.get, instruction.line.escape)
    if expansion.error is not None:
        raise unexpanded(word, expansion.error, instruction)
    return expansion.text


def named_context(build: Build, name: str, platform: str) -> NamedContext | None:
    """The build context of that name, first of all the one for the platform alone."""
    if not build.named_contexts:
        return None
    names = {context_name(one): value for one, value in build.named_contexts.items()}
    name = context_name(name)
    found = names.get(f"{name}::{platform}")
    return names.get(name) if found is None else found


def context_name(name: str) -> str:
    """The name of an image as contexts are called: without `:latest` and what Docker adds."""
    image, colons, platform = name.partition("::")
    return familiar(full_reference(image)).removesuffix(":latest") + colons + platform


def is_replaced(inputs: Sequence[StageInput], index: int) -> bool:
    """Whether a stage, or the one at the bottom of it, is what a build context gives."""
    while (base := inputs[index].base) is not None:
        index = base
    return inputs[index].context is not None


def target_index(inputs: Sequence[StageInput], name: str) -> int:
    """The stage that is asked for, the last one by default."""
    if not name:
        return len(inputs) - 1
    for one in reversed(inputs):
        if one.stage.name and one.stage.name == name.lower():
            return one.stage.index
    from dflint.semantic.suggest import suggestion

    meant = suggestion(name.lower(), [one.stage.name for one in inputs if one.stage.name])
    hint = f" (did you mean {meant}?)" if meant else ""
    raise RefusedError(f"target stage {go_quote(name)} could not be found{hint}")


def title_of(stage: Stage) -> str:
    """What the steps of a stage are named after."""
    return stage.name or f"stage-{stage.index}"


def stage_index(model: SemanticModel, name: str, is_numbered: bool) -> int | None:
    """The stage that a `from` means: the last of that name, else, for COPY, that of a number."""
    found = model.stage_named(name)
    if found is not None:
        return found.index
    return int(name[:9]) if is_numbered and name.isascii() and name.isdigit() else None


def check_references(model: SemanticModel, inputs: Sequence[StageInput]) -> None:
    """Raise RefusedError for a `from` that can mean nothing, whichever stage is asked for."""
    from dflint.semantic.conversion import reference_reason

    for reference in _references(model, inputs):
        index = _index_of(model, reference)
        if index is not None and index < len(inputs):
            continue
        found = reference_reason(reference)
        if found is not None:
            raise refused(found[1], reference.instruction)
    _check_circle(model, inputs)


def _check_circle(model: SemanticModel, inputs: Sequence[StageInput]) -> None:
    """Raise RefusedError where stages need one another."""
    needs = stage_needs(model, inputs)
    done: set[int] = set()
    for start in range(len(inputs)):
        path = [(start, iter(needs[start]))]
        while path:
            following = next(path[-1][1], None)
            if following is None:
                done.add(path.pop()[0])
            elif following in (index for index, _ in path):
                # BuildKit names the stage from which it has found the circle.
                second = path[1][0] if len(path) > 1 else following
                stage = inputs[start].stage
                users = [
                    one.instruction
                    for one in _references(model, inputs)
                    if one.user.index == start and _index_of(model, one) == second
                ]
                raise circular(stage, users[0] if users else stage.from_instruction)
            elif following not in done:
                path.append((following, iter(needs[following])))


def circular(stage: Stage, instruction: Instruction) -> RefusedError:
    """The refusal of a stage that needs itself."""
    return refused(f"circular dependency detected on stage: {title_of(stage)}", instruction)


def _references(model: SemanticModel, inputs: Sequence[StageInput]) -> Iterator[StageReference]:
    """The references of COPY and of mounts in stages that no context replaces."""
    for reference in model.references:
        user = reference.user
        is_from = reference.instruction is user.from_instruction
        if not is_from and inputs[user.index].context is None:
            yield reference


def is_alone(model: SemanticModel, inputs: Sequence[StageInput]) -> bool:
    """Whether the file has but one stage and takes nothing from an image beside.

    A mount counts as something, of whatever type. The steps of such a stage have no title.
    """
    if len(inputs) > 1 or any(_index_of(model, one) is None for one in _references(model, inputs)):
        return False
    return not any(
        isinstance(instruction, Run) and instruction.reading.flag("mount") is not None
        for instruction in model.tree.instructions
    )


def _index_of(model: SemanticModel, reference: StageReference) -> int | None:
    is_numbered = not isinstance(reference.instruction, Run)
    return stage_index(model, reference.text, is_numbered)


def stage_needs(model: SemanticModel, inputs: Sequence[StageInput]) -> list[list[int]]:
    """For each stage the indices of those that it needs."""
    needs: list[list[int]] = [[] if one.base is None else [one.base] for one in inputs]
    for reference in _references(model, inputs):
        index = _index_of(model, reference)
        if index is not None and index < len(inputs):
            needs[reference.user.index].append(index)
    return needs


def needed_stages(
    model: SemanticModel, inputs: Sequence[StageInput], target: int
) -> tuple[int, ...]:
    """The indices of the stages that the target needs, itself included, in order."""
    needs = stage_needs(model, inputs)
    seen = {target}
    todo = [target]
    while todo:
        for index in needs[todo.pop()]:
            if index not in seen:
                seen.add(index)
                todo.append(index)
    return tuple(sorted(seen))
