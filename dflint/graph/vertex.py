"""Vertices: operations with their inputs, each named by a digest of all that leads to it."""

from __future__ import annotations

from dflint.graph.sha256 import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.cst.instructions import Instruction
    from dflint.graph.ops import Op


class Vertex:
    """One operation of a build, and the vertices whose results it begins with.

    `stage` is the index of the stage that it belongs to, `instruction` what it comes from in the
    file; neither is part of its definition. `digest` is that of the definition, those of all
    inputs included: equal digests mean equal results, as far as a definition can tell.
    """

    __slots__ = ("_digest", "inputs", "instruction", "op", "stage")

    op: Op
    inputs: tuple[Vertex, ...]
    instruction: Instruction
    stage: int

    def __init__(
        self, op: Op, inputs: tuple[Vertex, ...], instruction: Instruction, stage: int
    ) -> None:
        self.op = op
        self.inputs = inputs
        self.instruction = instruction
        self.stage = stage
        self._digest = ""

    def __repr__(self) -> str:
        return f"Vertex({self.op!r}, inputs={len(self.inputs)})"

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of the definition including the inputs'."""
        todo = [self]
        while todo:
            vertex = todo[-1]
            missing = [one for one in vertex.inputs if not one._digest]
            if missing and not vertex._digest:
                todo += missing
                continue
            todo.pop()
            if not vertex._digest:
                inputs = tuple(one._digest for one in vertex.inputs)
                vertex._digest = digest_of((vertex.op.KIND, vertex.op.definition, inputs))
        return self._digest


def digest_of(definition: object) -> str:
    """The digest of tuples of texts, numbers, truth values and None, nested as one likes.

    What is digested is their Python notation in ASCII, which has one spelling for each value.
    """
    return "sha256:" + sha256(ascii(definition).encode("ascii")).hexdigest()


def tips(ends: Sequence[Vertex]) -> list[Vertex]:
    """The last vertices of the stages that are needed, those of other stages before the ends.

    Whatever takes something from another stage needs that stage's result for its own key, so no
    work that is begun for them is done in vain.
    """
    found: dict[str, Vertex] = {}
    todo = list(ends)
    seen: set[str] = set()
    while todo:
        vertex: Vertex | None = todo.pop()
        while vertex is not None and vertex.digest not in seen:
            seen.add(vertex.digest)
            for one in vertex.inputs[1:]:
                found.setdefault(one.digest, one)
                todo.append(one)
            vertex = vertex.inputs[0] if vertex.inputs else None
    for one in ends:
        found.pop(one.digest, None)
        found[one.digest] = one
    return list(found.values())
