"""ONBUILD: triggers are kept, and run where a stage is built on this one."""

from __future__ import annotations

from dflint.graph.reading_key import reading_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.lowering import Lowering
    from dflint.graph.state import StageState


def lower_onbuild(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    """Keep a trigger: the configuration has its reading."""
    del lowering
    trigger = reading.trigger
    if trigger is not None:
        state.triggers.append((instruction, trigger))
        key = reading_key(instruction, trigger, state.dialect)
        state.config.onbuild = (*state.config.onbuild, key)


def run_triggers(
    lowering: Lowering,
    state: StageState,
    apply: Callable[[Lowering, StageState, Instruction, Reading], None],
) -> None:
    """Run what the base stage has kept, before the stage's own instructions.

    The triggers of an image are not known.
    """
    if state.stage.base is None:
        return
    for instruction, trigger in lowering.states[state.stage.base.index].triggers:
        if trigger.keyword not in ("onbuild", "from"):
            apply(lowering, state, instruction, trigger)
