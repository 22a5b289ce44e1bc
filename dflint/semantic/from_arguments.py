"""The build arguments of FROM: those that nothing declares, and those that name no image."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From
from dflint.cst.reading import place_span
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.semantic.scope import PLATFORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.expansion import VariableUse
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


class UndeclaredArgument:
    """A variable of FROM that no ARG above the first FROM declares.

    `declaration` is the ARG behind the first FROM that declares it, where no FROM sees it;
    `meant` the declared name that was probably meant. `is_fatal` tells that the base or the
    platform of the stage is refused, for this reason or another.
    """

    __slots__ = ("declaration", "is_fatal", "meant", "use")

    use: VariableUse
    declaration: Instruction | None
    meant: str | None
    is_fatal: bool

    def __init__(
        self,
        use: VariableUse,
        declaration: Instruction | None,
        meant: str | None,
        is_fatal: bool,
    ) -> None:
        self.use = use
        self.declaration = declaration
        self.meant = meant
        self.is_fatal = is_fatal


def undeclared_arguments(model: SemanticModel) -> Iterator[UndeclaredArgument]:
    """List the variables of FROM that nothing but an ARG above the first FROM could set.

    What says what to take instead (`${x:-y}`) is one of them: `--build-arg x` never reaches it.
    """
    from dflint.text.nearest import nearest

    in_stages: dict[str, Instruction] | None = None
    for use in model.uses:
        if not isinstance(use.instruction, From) or model.global_scope.find(use.name) is not None:
            continue
        if in_stages is None:
            in_stages = _declarations_in_stages(model)
        stage = model.stage_of(use.instruction)
        meant = nearest(use.name, model.global_scope.names())
        is_fatal = stage is not None and not (is_usable(stage) and _has_platform(stage))
        yield UndeclaredArgument(use, in_stages.get(use.name), meant, is_fatal)


def is_usable(stage: Stage) -> bool:
    """Tell whether what the stage begins with is a stage, `scratch` or a valid reference."""
    if stage.base is not None or stage.image == "scratch":
        return True
    return bool(stage.image) and not isinstance(parse_reference(stage.image), ReferenceProblem)


def _has_platform(stage: Stage) -> bool:
    return bool(stage.platform) or stage.from_instruction.reading.flag("platform") is None


def _declarations_in_stages(model: SemanticModel) -> dict[str, Instruction]:
    found: dict[str, Instruction] = {}
    for instruction in model.tree.instructions:
        if isinstance(instruction, Arg) and model.stage_of(instruction) is not None:
            for word in instruction.reading.arguments:
                found.setdefault(word.partition("=")[0], instruction)
    return found


def unusable_defaults(model: SemanticModel) -> Iterator[tuple[Stage, str, Instruction | None]]:
    """List the stages whose base is blank or no reference because of an argument.

    With each come the argument and its ARG: the first one that nothing declares, else the first
    without a value, else the first. A base that cannot be expanded has another defect.
    """
    stages = [stage for stage in model.stages if not is_usable(stage)]
    if not stages:
        return
    declared = _declarations(model)
    failed: set[Instruction | None] = {failure.instruction for failure in model.failures}
    names = _names_in_bases(model)
    for stage in stages:
        used = names.get(stage.from_instruction, [])
        settings = [declared.get(name) for name in used]
        if not used or not failed.isdisjoint((stage.from_instruction, *settings)):
            continue
        empty = (name for name in used if not _value(model, name))
        name = next((name for name in used if name not in declared), None) or next(empty, used[0])
        yield stage, name, declared.get(name)


def _declarations(model: SemanticModel) -> dict[str, Instruction]:
    found: dict[str, Instruction] = {}
    for instruction in model.tree.instructions:
        if isinstance(instruction, From):
            break
        if isinstance(instruction, Arg):
            for word in instruction.reading.arguments:
                found[word.partition("=")[0]] = instruction
    return found


def _names_in_bases(model: SemanticModel) -> dict[Instruction, list[str]]:
    """Give the variables in the base of each FROM, without the platform arguments."""
    found: dict[Instruction, list[str]] = {}
    for use in model.uses:
        places = use.instruction.reading.places
        if isinstance(use.instruction, From) and places and use.name not in PLATFORM:
            base = place_span(use.instruction, places[0])
            if base.contains(use.span):
                found.setdefault(use.instruction, []).append(use.name)
    return found


def _value(model: SemanticModel, name: str) -> str:
    variable = model.global_scope.find(name)
    return "" if variable is None else variable.value or ""
