"""FROM: what a stage begins with."""

from __future__ import annotations

from dflint.graph.build_graph import StagePlan
from dflint.graph.image_config import ImageConfig
from dflint.graph.lowering import full_reference
from dflint.graph.ops import ScratchSource
from dflint.graph.state import StageState, expand
from dflint.graph.symbols import is_symbolic
from dflint.graph.variables import Variables
from dflint.graph.vertex import Vertex
from dflint.semantic.image_platforms import is_target_platform
from dflint.semantic.scope import DEFAULT_PATH
from dflint.semantic.state import os_family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.lowering import Lowering
    from dflint.semantic.stages import Stage


def begin_stage(
    lowering: Lowering, stage: Stage, instruction: Instruction, reading: Reading
) -> StageState:
    """The state of a stage behind its FROM, which becomes the last of the lowering's states."""
    escape = instruction.line.escape
    words = reading.arguments
    image = expand(words[0], lowering.globals, escape) if words else ""
    platform = ""  # the target's, which a stage has without being told
    if not is_target_platform(lowering.model, stage):
        platform = expand(reading.flag("platform") or "", lowering.globals, escape)
    if stage.base is not None:
        state = _on_stage(lowering.states[stage.base.index], stage, image, platform)
    else:
        state = _on_image(lowering, stage, image, platform, instruction)
    lowering.states.append(state)
    return state


def _on_stage(base: StageState, stage: Stage, image: str, platform: str) -> StageState:
    # A name with a variable in it is that of another stage in another build.
    name = str(base.plan.index) + (f" {image}" if is_symbolic(image) else "")
    plan = StagePlan(stage.index, stage.name, name, platform)
    state = StageState(stage, plan, base.config.copy(), base.variables, base.last)
    state.os_family = base.os_family
    state.image = base.image
    return state


def _on_image(
    lowering: Lowering, stage: Stage, image: str, platform: str, instruction: Instruction
) -> StageState:
    is_scratch = image == "scratch"
    base = image if is_scratch else full_reference(image)
    plan = StagePlan(stage.index, stage.name, base, platform)
    variables = env = Variables(has_base=not is_scratch)
    if is_scratch:
        variables = env = variables.set("PATH", DEFAULT_PATH, True)
        last = Vertex(ScratchSource(), (), instruction, stage.index)
        config = ImageConfig(env, "/", "", ())
    else:
        last = lowering.image(image, platform, instruction)
        workdir, user = lowering.of_base("workdir", "/"), lowering.of_base("user", "")
        config = ImageConfig(env, workdir, user, ())
    state = StageState(stage, plan, config, variables, last)
    state.os_family = os_family_of(stage.image, stage.platform or lowering.model.platform)
    return state
