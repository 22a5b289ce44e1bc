"""What can be given to a build, and the stages of a file: `--call outline` and `--call targets`."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.build.excerpt import line_range
from dflint.cst.instructions import Arg, From
from dflint.cst.parser.logical_lines import SPACE
from dflint.graph.ops import ExecOp
from dflint.graph.refused import instruction_span
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.graph.built_graph import BuiltGraph
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


@dataclass(frozen=True, slots=True)
class Parameter:
    """A build argument, secret or SSH agent that a build takes.

    `value` and `description` are empty where there is none; `lines` are those of the instruction.
    """

    name: str
    lines: range
    value: str = ""
    description: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What the build of a stage takes, in the order of the file."""

    name: str
    description: str
    arguments: tuple[Parameter, ...]
    secrets: tuple[Parameter, ...]
    agents: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A stage that may be built; `base` and `platform` are as they are written."""

    name: str
    description: str
    is_default: bool
    base: str
    platform: str
    lines: range


def targets(model: SemanticModel) -> tuple[Target, ...]:
    """Every stage of the file."""
    found = []
    for stage in model.stages:
        reading = stage.from_instruction.reading
        target = Target(
            stage.name,
            description_of(stage.from_instruction, stage.name),
            stage is model.stages[-1],
            reading.arguments[0],
            reading.flag("platform") or "",
            _lines(stage.from_instruction),
        )
        found.append(target)
    return tuple(found)


def outline(tree: Dockerfile, model: SemanticModel, graph: BuiltGraph) -> Outline:
    """What the graph's target takes, with all that it needs."""
    stage = model.stages[graph.target.index]
    collector = _Collector(tree, model, graph)
    arguments: dict[str, Parameter] = {}
    mounts: dict[tuple[str, str], Parameter] = {}
    for index in _order(graph, stage.index):
        for argument in collector.used(index):
            arguments.setdefault(argument.name, argument)
        for kind, mount in collector.mounts(index):
            mounts.setdefault((kind, mount.name), mount)
    return Outline(
        stage.name,
        description_of(stage.from_instruction, stage.name),
        _sorted(arguments.values()),
        _sorted(mount for (kind, _), mount in mounts.items() if kind == "secret"),
        _sorted(mount for (kind, _), mount in mounts.items() if kind == "ssh"),
    )


def description_of(instruction: Instruction, name: str) -> str:
    """What a comment above says of a name: the rest of the first line that begins with it."""
    line = instruction.line
    if not name:
        return ""
    for written in line.source[line.above : line.start].split("\n"):
        text = written.strip(SPACE)
        if text.startswith("#"):
            first, blank, rest = text[1:].strip(SPACE).partition(" ")
            if first == name and blank:
                return rest
    return ""


def _order(graph: BuiltGraph, index: int) -> list[int]:
    """The stage and all that it needs, each once, the nearest first."""
    found: dict[int, None] = {}
    todo = [index]
    while todo:
        one = todo.pop()
        if one not in found:
            found[one] = None
            todo += reversed(graph.needs[one])
    return list(found)


def _sorted(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    return tuple(sorted(parameters, key=lambda one: one.lines.start))


def _lines(instruction: Instruction) -> range:
    first, last = line_range(instruction.line.source, instruction_span(instruction))
    return range(first, last + 1)


class _Collector:
    """The arguments and mounts of each stage."""

    def __init__(self, tree: Dockerfile, model: SemanticModel, graph: BuiltGraph) -> None:
        self.model = model
        self.graph = graph
        self.plans = {plan.index: plan for plan in graph.stages}
        self._globals: dict[str, Parameter] = {}
        self._needed: dict[str, tuple[str, ...]] = {}
        self._infos: dict[int, dict[str, Parameter]] = {}
        for instruction in tree.instructions:
            if isinstance(instruction, From):
                break
            if isinstance(instruction, Arg):
                self._read_globals(instruction)

    def _read_globals(self, instruction: Arg) -> None:
        for word in instruction.reading.arguments:
            name, _, written = word.partition("=")
            value = self.graph.globals.find(name) or ""
            description = description_of(instruction, name)
            self._globals[name] = Parameter(name, _lines(instruction), value, description)
            if name not in self.graph.build.arguments:
                self._needed[name] = self._matched(written, instruction)

    def _matched(self, word: str, instruction: Instruction) -> tuple[str, ...]:
        escape = instruction.line.escape
        return evaluate_word(word, self.graph.globals.get, escape).matched

    def used(self, index: int) -> Iterator[Parameter]:
        """The arguments that a stage uses, its base's among them."""
        infos = self._stage_infos(self.model.stages[index])
        names = dict.fromkeys(self._used_names(index))
        for name in list(names):
            names |= dict.fromkeys(self._with_needed(name))
        for name in names:
            found = infos.get(name) or self._globals.get(name)
            if found is not None:
                yield found

    def _used_names(self, index: int) -> Iterator[str]:
        instruction = self.model.stages[index].from_instruction
        for word in (instruction.reading.arguments[0], instruction.reading.flag("platform")):
            yield from self._matched(word or "", instruction)
        for argument in self.graph.declared.get(index, ()):
            yield argument.name

    def _with_needed(self, name: str) -> Iterator[str]:
        """An argument before the first FROM and those that its default names."""
        seen = {name}
        todo = [name]
        while todo:
            one = todo.pop()
            yield one
            for needed in self._needed.get(one, ()):
                if needed not in seen:
                    seen.add(needed)
                    todo.append(needed)

    def _stage_infos(self, stage: Stage) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for argument in self.graph.declared.get(stage.index, ()):
            if not argument.is_inherited:
                description = description_of(argument.instruction, argument.name)
                lines = _lines(argument.instruction)
                found[argument.name] = Parameter(argument.name, lines, argument.value, description)
        return found

    def mounts(self, index: int) -> Iterator[tuple[str, Parameter]]:
        """The secrets and agents of a stage's own RUNs: `secret` or `ssh`, and which."""
        plan = self.plans.get(index)
        for step in () if plan is None else plan.steps:
            if isinstance(step.op, ExecOp):
                for mount in step.op.mounts:
                    if mount.type in ("secret", "ssh"):
                        lines = _lines(step.instruction)
                        yield mount.type, Parameter(mount.id, lines, is_required=mount.required)
