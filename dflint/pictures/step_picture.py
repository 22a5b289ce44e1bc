"""The steps of a Dockerfile as a picture: what is run and copied, and what each step needs."""

from __future__ import annotations

from dflint.graph.lower import lower
from dflint.graph.ops import (
    ContextSource,
    ExecOp,
    FileOp,
    ImageSource,
    NamedContextSource,
    ScratchSource,
)
from dflint.pictures.picture import (
    CONTEXT,
    COPY,
    FROM,
    IMAGE,
    MOUNT,
    NEXT,
    STEP,
    Arrows,
    Box,
    Picture,
    cut,
)
from dflint.pictures.stage_picture import stage_name
from dflint.text.lines import LineIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.graph.build_graph import BuildGraph
    from dflint.graph.vertex import Vertex
    from dflint.semantic.model import SemanticModel


def step_picture(model: SemanticModel, text: str, title: str = "Steps") -> Picture:
    """The picture of all steps of a Dockerfile with this text, of needed stages and of others.

    Instructions that change the configuration only, such as ENV, are no steps.
    """
    return _Steps(model, lower(model.tree, model, model.build_args), text).picture(title)


class _Steps:
    def __init__(self, model: SemanticModel, graph: BuildGraph, text: str) -> None:
        self._names = [stage_name(stage) for stage in model.stages]
        self._lines = LineIndex(text)
        target = None if model.final_stage is None else graph.stages[model.final_stage.index]
        self._last = None if target is None else target.last
        self._needed = {id(one) for one in graph.reachable(target)} if graph.stages else set()
        self._vertices = graph.vertices
        self._ids: dict[int, str] = {}
        self._outside: dict[tuple[str, str], str] = {}
        self._boxes: dict[str, Box] = {}

    def picture(self, title: str) -> Picture:
        for vertex in self._vertices:
            self._add(vertex)
        arrows = Arrows()
        for vertex in self._vertices:
            for number, one in enumerate(vertex.inputs):
                if id(one) in self._ids:
                    arrows.add(self._ids[id(one)], self._ids[id(vertex)], _kind(vertex, number))
        return Picture(title, tuple(self._boxes.values()), arrows.drawn())

    def _add(self, vertex: Vertex) -> None:
        outside = _outside(vertex)
        is_needed = id(vertex) in self._needed
        if outside is not None:
            kind, name = outside
            box = self._outside.setdefault(outside, f"{kind[0]}{len(self._outside)}")
            before = self._boxes.get(box)
            is_needed = is_needed or (before is not None and before.is_needed)
            self._ids[id(vertex)] = box
            self._boxes[box] = Box(box, kind, name, detail=f"{kind} {name}", is_needed=is_needed)
        elif not isinstance(vertex.op, ScratchSource):
            self._step(vertex, is_needed)

    def _step(self, vertex: Vertex, is_needed: bool) -> None:
        group = self._names[vertex.stage]
        line = self._lines.line(vertex.instruction.line.start)
        box = self._ids[id(vertex)] = f"v{len(self._ids)}"
        note = f"{cut(group, 22)}, line {line}"
        text = vertex.instruction.line.text
        self._boxes[box] = Box(
            box,
            STEP,
            text,
            note,
            f"{group}, line {line}: {text}",
            is_needed,
            vertex is self._last,
            group,
        )


def _outside(vertex: Vertex) -> tuple[str, str] | None:
    """What comes from outside, by kind and name; None for a step."""
    op = vertex.op
    if isinstance(op, ImageSource):
        return IMAGE, op.reference.removeprefix("docker.io/").removeprefix("library/")
    if isinstance(op, ContextSource):
        return CONTEXT, "build context"
    if isinstance(op, NamedContextSource):
        return CONTEXT, op.name
    if vertex.inputs or isinstance(op, (ScratchSource, ExecOp, FileOp)):
        return None
    url = getattr(op, "url", None)
    return None if url is None else (CONTEXT, str(url))


def _kind(vertex: Vertex, number: int) -> str:
    source = vertex.inputs[number]
    if number == 0:
        return FROM if isinstance(source.op, ImageSource) or source.stage != vertex.stage else NEXT
    if isinstance(vertex.op, ExecOp):
        return MOUNT
    has_from = vertex.instruction.reading.flag("from") is not None
    return COPY if has_from else vertex.instruction.reading.keyword.upper()
