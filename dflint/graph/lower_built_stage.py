"""What a stage of one build begins with: a base image's configuration, and its triggers."""

from __future__ import annotations

from dflint.cst.instructions import Instruction
from dflint.graph.build_graph import StagePlan
from dflint.graph.built_state import BuiltState
from dflint.graph.image_config import ImageConfig
from dflint.graph.lowering import full_reference
from dflint.graph.ops import NamedContextSource, ScratchSource
from dflint.graph.refused import refused
from dflint.graph.variables import Variables
from dflint.semantic.scope import DEFAULT_PATH
from dflint.semantic.state import os_family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dflint.cst.reading import Reading
    from dflint.graph.build_stages import StageInput
    from dflint.graph.lower_build import BuildLowering

    Trigger = tuple[Instruction, Reading]


def begin(lowering: BuildLowering, given: StageInput) -> BuiltState:
    """The state of a stage behind its FROM."""
    if given.base is not None:
        return _on_stage(lowering, given, lowering.stage(given.base))
    stage = given.stage
    instruction = stage.from_instruction
    platform = given.platform or lowering.build.platform
    if given.context is not None:
        last = lowering.named(stage.name, given.context, platform, instruction)
    elif given.image == "scratch":
        last = lowering.source("", "scratch", ScratchSource(), instruction, "")
    else:
        last = lowering.image(given.image, platform, instruction)
    image = lowering.images.get(last)
    document = None if image is None else image.document
    plan = StagePlan(stage.index, stage.name, _base_name(given), given.platform)
    plan.document = document
    is_empty = isinstance(last.op, (ScratchSource, NamedContextSource))
    system = str(document.get("os", "")) if document else os_family_of(given.image, platform)
    config, variables = _config(document, is_empty, system)
    state = BuiltState(lowering, stage, plan, config, variables, last)
    state.image = given.image
    state.os_family = "windows" if system == "windows" else "linux"
    return state


def _base_name(given: StageInput) -> str:
    if given.context is not None:
        return given.context.reference or given.stage.name
    return given.image if given.image == "scratch" else full_reference(given.image)


def _on_stage(lowering: BuildLowering, given: StageInput, base: BuiltState) -> BuiltState:
    stage = given.stage
    plan = StagePlan(stage.index, stage.name, str(base.plan.index), given.platform)
    plan.document = base.plan.document
    state = BuiltState(lowering, stage, plan, base.config.copy(), base.variables, base.last)
    state.os_family = base.os_family
    state.image = base.image
    state.arguments = dict(base.arguments)
    state.history = list(base.history)
    return state


def _config(
    document: Mapping[str, Any] | None, is_empty: bool, system: str
) -> tuple[ImageConfig, Variables]:
    """What a stage begins with; fields that only say how to start a container stay open."""
    settings: Mapping[str, Any] = (document or {}).get("config") or {}
    env = Variables(has_base=False)
    for setting in settings.get("Env") or ():
        name, _, value = setting.partition("=")
        env = env.set(name, value, True)
    if env.find("PATH") is None and system != "windows":
        env = env.set("PATH", DEFAULT_PATH, True)
    workdir = "/" if is_empty else str(settings.get("WorkingDir") or "")
    user, shell = str(settings.get("User") or ""), tuple(settings.get("Shell") or ())
    return ImageConfig(env, workdir, user, shell), env


def triggers(lowering: BuildLowering, given: StageInput) -> list[Trigger]:
    """The ONBUILD instructions that run before the stage's own."""
    if given.base is not None:
        return list(lowering.stage(given.base).triggers)
    document = lowering.built[given.stage.index].plan.document or {}
    found: list[Trigger] = []
    for text in (document.get("config") or {}).get("OnBuild") or ():
        found += _read_trigger(text, given)
    return found


def _read_trigger(text: str, given: StageInput) -> list[Trigger]:
    from dflint.cst.parser.build import parse
    from dflint.cst.problems import parser_problems
    from dflint.semantic.instruction_problems import instruction_problem

    tree = parse(text)
    problems = list(parser_problems(tree, text))
    for instruction in tree.instructions:
        keyword = instruction.reading.keyword
        if keyword in ("from", "maintainer", "onbuild"):
            reason = f"{keyword.upper()} isn't allowed as an ONBUILD trigger"
            raise refused(reason, given.stage.from_instruction)
        problem = instruction_problem(instruction, instruction.reading)
        problems += [] if problem is None else [problem]
    if problems:
        raise refused(problems[0].reason, given.stage.from_instruction)
    return [(one, one.reading) for one in tree.instructions]


def trigger_text(instruction: Instruction, reading: Reading) -> str:
    """What an image keeps of an ONBUILD: the instruction behind it, with its heredocs."""
    line = instruction.line
    text = line.text[reading.head.arguments :]
    for marker, (start, end, _) in zip(line.markers, line.bodies, strict=True):
        text += f"\n{line.source[start:end]}{marker.name}"
    return text
