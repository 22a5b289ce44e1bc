"""Which instructions set or declare a name, wherever they stand in the file."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Env, OnBuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.semantic.model import SemanticModel


class Setters:
    """The ARGs and ENVs of one name.

    `is_global` tells that an ARG above the first FROM declares it; `by_stage` holds the first
    one of each stage, by the stage's index and in the order of the file.
    """

    __slots__ = ("by_stage", "instructions", "is_global")

    def __init__(self) -> None:
        self.is_global = False
        self.by_stage: dict[int, Instruction] = {}
        self.instructions: set[Instruction] = set()


def setters_by_name(model: SemanticModel) -> dict[str, Setters]:
    """Collect the setters of every name in the file, as the names are written."""
    found: dict[str, Setters] = {}
    for instruction in model.tree.instructions:
        if not isinstance(instruction, (Arg, Env)):
            continue
        stage = model.stage_of(instruction)
        for name in names_set_by(instruction.reading):
            setters = found.get(name)
            if setters is None:
                setters = found[name] = Setters()
            setters.instructions.add(instruction)
            if stage is None:
                setters.is_global = True
            else:
                setters.by_stage.setdefault(stage.index, instruction)
    return found


def names_set_by(reading: Reading) -> Iterable[str]:
    """List the names that an ENV sets or an ARG declares; none for other instructions."""
    if reading.keyword == "env":
        return reading.arguments[::3]
    if reading.keyword == "arg":
        return (word.partition("=")[0] for word in reading.arguments)
    return ()


def names_set_by_triggers(model: SemanticModel) -> list[frozenset[str]]:
    """Collect, for each stage, the names that triggers of the stages below it have set."""
    found: list[frozenset[str]] = []
    nothing: frozenset[str] = frozenset()
    triggered: dict[int, set[str]] = {}
    for instruction in model.tree.instructions:
        if isinstance(instruction, OnBuild) and instruction.reading.trigger is not None:
            stage = model.stage_of(instruction)
            if stage is not None:
                names = names_set_by(instruction.reading.trigger)
                triggered.setdefault(stage.index, set()).update(names)
    for stage in model.stages:
        names_below = nothing
        if stage.base is not None:
            names_below = found[stage.base.index]
            own = triggered.get(stage.base.index)
            if own:
                names_below = names_below | own
        found.append(names_below)
    return found
