"""From a tree and its meaning to the build graph."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From
from dflint.graph.build_graph import BuildGraph
from dflint.graph.lower_copy import lower_copy
from dflint.graph.lower_from import begin_stage
from dflint.graph.lower_metadata import METADATA, declare
from dflint.graph.lower_onbuild import lower_onbuild, run_triggers
from dflint.graph.lower_run import lower_run
from dflint.graph.lowering import Lowering
from dflint.semantic.truth import parse_truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.state import StageState
    from dflint.semantic.model import SemanticModel

    Lower = Callable[[Lowering, StageState, Instruction, Reading], None]


def lower(
    tree: Dockerfile, model: SemanticModel, build_args: Mapping[str, str] | None = None
) -> BuildGraph:
    """The build graph of a file; of one that a builder refuses, as much as can be made out.

    Without `build_args` it is the graph of every build: an argument's value is a symbol that
    holds its default. With them, arguments have the values of that build.
    """
    lowering = Lowering(model, build_args)
    stages = iter(model.stages)
    state: StageState | None = None
    for instruction in tree.instructions:
        reading = instruction.reading
        if isinstance(instruction, From):
            _finish(state)
            state = begin_stage(lowering, next(stages), instruction, reading)
            run_triggers(lowering, state, apply)
        elif state is not None:
            apply(lowering, state, instruction, reading)
        elif isinstance(instruction, Arg):
            lowering.globals, declared = declare(
                lowering, lowering.globals, None, instruction, reading
            )
            lowering.arguments += declared
    _finish(state)
    plans = tuple(state.plan for state in lowering.states)
    return BuildGraph(plans, frontend_of(tree), is_strict(tree), tuple(lowering.arguments))


def apply(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    """Let one instruction, or one trigger of ONBUILD, change the stage."""
    if not instruction.KEYWORD:
        return
    found = _LOWERED.get(reading.keyword)
    is_given = reading.arguments or reading.trigger is not None
    if found is not None and (is_given or reading.keyword in ("run", "cmd", "entrypoint")):
        found(lowering, state, instruction, reading)


def _finish(state: StageState | None) -> None:
    if state is not None:
        state.plan.steps = tuple(state.steps)
        state.plan.last = state.last
        state.plan.config = state.config


def frontend_of(tree: Dockerfile) -> str:
    """The image of `# syntax=`, empty without."""
    directive = tree.directive("syntax")
    return "" if directive is None else directive.value.strip()


def is_strict(tree: Dockerfile) -> bool:
    """Whether `# check=` makes an error of each warning."""
    directive = tree.directive("check")
    options = [] if directive is None else directive.value.strip().split(";")
    settings = [one.partition("=")[2] for one in options if one.startswith("error=")]
    return parse_truth(settings[-1]) is True if settings else False


_LOWERED: dict[str, Lower] = {
    **METADATA,
    "run": lower_run,
    "copy": lower_copy,
    "add": lower_copy,
    "onbuild": lower_onbuild,
}
