"""What one lowering of a file knows beside the stage that it is at."""

from __future__ import annotations

from dflint.graph import symbols
from dflint.graph.ops import ContextSource, ImageSource
from dflint.graph.variables import Variables
from dflint.graph.vertex import Vertex
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.semantic.scope import PLATFORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.cst.instructions import Instruction
    from dflint.graph.state import StageState
    from dflint.semantic.model import SemanticModel


class Lowering:
    """The stages so far, the arguments before them, and the sources that steps share."""

    __slots__ = ("_build_args", "_sources", "arguments", "globals", "model", "states")

    def __init__(self, model: SemanticModel, build_args: Mapping[str, str] | None) -> None:
        self.model = model
        self.states: list[StageState] = []
        self.arguments: list[tuple[str, str | None]] = []
        self._build_args = build_args
        self._sources: dict[tuple[str, str], Vertex] = {}
        self.globals = Variables(has_base=False)
        for name in PLATFORM:
            value = model.global_scope.find(name)
            known = value.value if value is not None and build_args is not None else None
            self.globals = self.globals.set(
                name, symbols.argument(name, None) if known is None else known, False
            )

    def argument(self, name: str, default: str | None) -> str | None:
        """The value of a build argument; None when it has none."""
        if self._build_args is None:
            return symbols.argument(name, default)
        return self._build_args.get(name, default)

    def of_base(self, what: str, otherwise: str) -> str:
        """What the base image sets, where that is left open."""
        return symbols.of_base(what) if self._build_args is None else otherwise

    def context(self, instruction: Instruction) -> Vertex:
        """The build context."""
        return self._source("", "", instruction)

    def image(self, name: str, platform: str, instruction: Instruction) -> Vertex:
        """An image by its name."""
        return self._source(full_reference(name), platform, instruction)

    def from_name(self, name: str, state: StageState, instruction: Instruction) -> Vertex:
        """What a `from` of COPY or of a mount names: an earlier stage, or an image."""
        found = self.model.stage_named(name, state.stage)
        index = -1 if found is None else found.index
        if found is None and name.isascii() and name.isdigit() and len(name) < 6:
            index = int(name)
        if 0 <= index < state.plan.index:
            return self.states[index].last
        return self.image(name, "", instruction)

    def _source(self, reference: str, platform: str, instruction: Instruction) -> Vertex:
        found = self._sources.get((reference, platform))
        if found is None:
            op = ImageSource(reference, platform) if reference else ContextSource()
            stage = self.states[-1].plan.index if self.states else 0
            found = Vertex(op, (), instruction, stage)
            self._sources[reference, platform] = found
        return found


def full_reference(name: str) -> str:
    """An image's name with everything that is understood: registry, namespace and tag."""
    if symbols.is_symbolic(name):
        return name
    reference = parse_reference(name)
    if isinstance(reference, ReferenceProblem):
        return name or "?"
    tag = reference.tag or ("" if reference.digest else "latest")
    tag = f":{tag}" if tag else ""
    return f"{reference.name}{tag}{reference.digest and '@' + reference.digest}"
