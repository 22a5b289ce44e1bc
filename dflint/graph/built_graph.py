"""The build graph of one build: only what the target needs, with names for its steps."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.graph.build_graph import BuildGraph
from dflint.graph.ops import ImageSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dflint.cst.instructions import Instruction
    from dflint.graph.build import BaseImage, Build
    from dflint.graph.build_graph import StagePlan
    from dflint.graph.variables import Variables
    from dflint.graph.vertex import Vertex
    from dflint.text.span import Span


@dataclass(frozen=True, slots=True)
class DeclaredArgument:
    """An ARG of a stage with its value in this build, empty for none.

    `is_inherited` tells that all of it comes from before the first FROM.
    """

    name: str
    value: str
    is_inherited: bool
    instruction: Instruction


class BuiltGraph(BuildGraph):
    """The graph of one build; `stages` are those that the target needs.

    `names` and `spans` tell of each vertex how progress shows it and where it stands in the
    source; `images` which image each ImageSource is, where that is known. `epoch` is what
    SOURCE_DATE_EPOCH asks for in seconds, None for nothing; `epoch_of` what it is to be taken
    from instead: `context`, or the name of a stage. `declared` are the ARGs of each stage, `needs`
    the stages that each needs directly, `globals` the variables before the first FROM.
    `is_replaced` tells that the target begins with a stage that a build context takes the place of.
    """

    __slots__ = (
        "build",
        "declared",
        "epoch",
        "epoch_of",
        "globals",
        "images",
        "is_replaced",
        "names",
        "needs",
        "spans",
        "target",
    )

    build: Build
    target: StagePlan
    names: Mapping[Vertex, str]
    spans: Mapping[Vertex, Span]
    images: Mapping[Vertex, BaseImage]
    epoch: int | None
    epoch_of: str
    declared: Mapping[int, Sequence[DeclaredArgument]]
    needs: Sequence[Sequence[int]]
    globals: Variables
    is_replaced: bool

    def reachable(self, target: StagePlan | None = None) -> list[Vertex]:
        """The vertices that a stage needs, inputs first; of the target by default."""
        return super().reachable(self.target if target is None else target)

    def platform_of(self, vertex: Vertex) -> str:
        """The platform that a step is run on: that of the image at the bottom, or the build's."""
        while vertex.inputs:
            vertex = vertex.inputs[0]
        platform = vertex.op.platform if isinstance(vertex.op, ImageSource) else ""
        return platform or self.build.platform
