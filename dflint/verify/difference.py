"""The differences between two build graphs."""

from __future__ import annotations

from dflint.graph.ops import ContextSource, GitSource, HttpSource, ImageSource
from dflint.graph.symbols import readable
from dflint.verify.align import align, gaps
from dflint.verify.describe import config_texts, keyword_of, step_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.graph.build_graph import BuildGraph, StagePlan
    from dflint.graph.vertex import Vertex

_SOURCES = (ImageSource, ContextSource, HttpSource, GitSource)


class Difference:
    """One difference between two plans.

    `kind` is `file`, `stage`, `step` or `config`. Of a step, `before` and `after` are the
    vertices, None for one that is not there; of a configuration and a stage, the values of
    `field`. `texts` says it to people, without the place.
    """

    __slots__ = ("after", "before", "field", "kind", "stage", "texts")

    kind: str
    stage: int
    field: str
    before: object
    after: object
    texts: tuple[str, ...]

    def __init__(
        self,
        kind: str,
        stage: int,
        field: str,
        before: object,
        after: object,
        texts: tuple[str, ...],
    ) -> None:
        self.kind = kind
        self.stage = stage
        self.field = field
        self.before = before
        self.after = after
        self.texts = texts

    def __repr__(self) -> str:
        return f"Difference({self.kind!r}, stage={self.stage}, {self.texts!r})"


def differences(before: BuildGraph, after: BuildGraph) -> list[Difference]:
    """Everything in which the plans differ, stage by stage."""
    found = list(_file_differences(before, after))
    seen: dict[int, list[tuple[str, object, object]]] = {}
    for one, other in zip(before.stages, after.stages, strict=False):
        found += _stage_differences(one, other)
        found += _step_differences(one, other)
        inherited = seen.get(int(one.base), []) if one.base.isdigit() else []
        own = list(_config_differences(one, other))
        seen[one.index] = [(each.field, each.before, each.after) for each in own]
        found += [each for each in own if (each.field, each.before, each.after) not in inherited]
    for plan in before.stages[len(after.stages) :]:
        text = f"stage {plan.index} is gone"
        found.append(Difference("stage", plan.index, "stage", plan, None, (text,)))
    for plan in after.stages[len(before.stages) :]:
        text = f"stage {plan.index} is new"
        found.append(Difference("stage", plan.index, "stage", None, plan, (text,)))
    return found


def _file_differences(before: BuildGraph, after: BuildGraph) -> Iterator[Difference]:
    if before.frontend != after.frontend:
        text = f"`# syntax=` is `{after.frontend}`, was `{before.frontend}`"
        yield Difference("file", -1, "frontend", before.frontend, after.frontend, (text,))
    if before.is_strict != after.is_strict:
        text = f"`# check=error=` is {'on' if after.is_strict else 'off'}"
        yield Difference("file", -1, "is_strict", before.is_strict, after.is_strict, (text,))
    if before.arguments != after.arguments:
        texts = config_texts("arguments", before.arguments, after.arguments)
        one, other = before.arguments, after.arguments
        yield Difference("file", -1, "arguments", one, other, texts)


def _stage_differences(before: StagePlan, after: StagePlan) -> Iterator[Difference]:
    for field, what in (("name", "name"), ("base", "base"), ("platform", "platform")):
        one, other = getattr(before, field), getattr(after, field)
        if one != other:
            text = f"the {what} is `{readable(other)}`, was `{readable(one)}`"
            yield Difference("stage", before.index, field, one, other, (text,))


def _step_differences(before: StagePlan, after: StagePlan) -> Iterator[Difference]:
    pairs = align(before.steps, after.steps, same_step, lambda one: hash(one.op))
    for ones, others in gaps(pairs, len(before.steps), len(after.steps)):
        yield from _changed(
            before.index, [before.steps[at] for at in ones], [after.steps[at] for at in others]
        )


def _changed(stage: int, before: list[Vertex], after: list[Vertex]) -> Iterator[Difference]:
    """Pair the steps of a stretch that are written alike, then those of one kind.

    The rest is gone or new.
    """
    pairs = align(before, after, _is_written_alike, lambda one: one.instruction.line.text)
    for ones, others in gaps(pairs, len(before), len(after)):
        kinds = align(
            [before[at] for at in ones],
            [after[at] for at in others],
            lambda one, other: one.op.KIND == other.op.KIND,
            lambda one: one.op.KIND,
        )
        pairs = sorted([*pairs, *((ones[one], others[other]) for one, other in kinds)])
    for one, other in pairs:
        texts = step_texts(before[one], after[other])
        yield Difference("step", stage, "changed", before[one], after[other], texts)
    for ones, others in gaps(pairs, len(before), len(after)):
        for at in ones:
            yield Difference("step", stage, "gone", before[at], None, ("the step is gone",))
        for at in others:
            yield Difference("step", stage, "new", None, after[at], ("the step is new",))


def _is_written_alike(one: Vertex, other: Vertex) -> bool:
    return one.op.KIND == other.op.KIND and one.instruction.line.text == other.instruction.line.text


def _config_differences(before: StagePlan, after: StagePlan) -> Iterator[Difference]:
    for field in before.config.differing(after.config):
        one, other = getattr(before.config, field), getattr(after.config, field)
        if field == "env":
            one, other = one.pairs(), other.pairs()
        texts = config_texts(field, one, other)
        yield Difference("config", before.index, field, one, other, texts)


def same_step(before: Vertex, after: Vertex) -> bool:
    """Whether two steps do the same, whatever the state that they do it to."""
    return before.op == after.op and input_keys(before) == input_keys(after)


def input_keys(vertex: Vertex) -> tuple[object, ...]:
    """What the inputs are beside the state: sources, or stages by their number."""
    return tuple(one.op if isinstance(one.op, _SOURCES) else one.stage for one in vertex.inputs[1:])


def place(instruction: Instruction) -> str:
    """An instruction by its keyword and the line that it begins on."""
    line = instruction.line
    number = line.source.count("\n", 0, line.start) + 1
    return f"{keyword_of(instruction)} at line {number}"


def details(difference: Difference) -> Iterator[str]:
    """The difference in whole sentences, with the stage and the instruction."""
    head = "" if difference.stage < 0 else f"stage {difference.stage}, "
    if difference.kind == "step":
        vertex = difference.before or difference.after
        head += f"{place(vertex.instruction)}: "  # type: ignore[attr-defined]  # a vertex
    elif difference.kind == "config":
        head += "configuration: "
    for text in difference.texts:
        yield head + text
