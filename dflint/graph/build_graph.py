"""The build graph of a Dockerfile: a plan for each stage."""

from __future__ import annotations

from dflint.graph.vertex import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dflint.graph.history import HistoryEntry
    from dflint.graph.image_config import ImageConfig
    from dflint.graph.vertex import Vertex


class StagePlan:
    """What one stage does.

    `base` names what it begins with: an image, `scratch`, or a stage by its number, as `0`.
    `steps` are its own vertices in order, `last` the one whose result it is.

    The plan of one build has more: `history` are the entries of the stage and of those that it is
    built on, behind those of `document`, the configuration document of the image at the bottom
    (None for none); `onbuild` are its triggers as text.
    """

    __slots__ = (
        "base", "config", "document", "history", "index", "last", "name", "onbuild", "platform",
        "steps",
    )  # fmt: skip

    index: int
    name: str
    base: str
    platform: str
    steps: tuple[Vertex, ...]
    last: Vertex
    config: ImageConfig
    document: Mapping[str, Any] | None
    history: tuple[HistoryEntry, ...]
    onbuild: tuple[str, ...]

    def __init__(self, index: int, name: str, base: str, platform: str) -> None:
        self.index = index
        self.name = name
        self.base = base
        self.platform = platform
        self.steps = ()
        self.document = None
        self.history = ()
        self.onbuild = ()

    @property
    def digest(self) -> str:
        """The digest of the image that the stage would become: its files and configuration."""
        return digest_of((self.last.digest, self.platform, self.config.definition))


class BuildGraph:
    """What would be built of a Dockerfile.

    `frontend` is the image of `# syntax=`, empty without. `is_strict` tells of a directive
    `# check=error=true`, with which a warning ends the build. `arguments` are the ARGs before the
    first FROM, which change every stage that they name.
    """

    __slots__ = ("arguments", "frontend", "is_strict", "stages")

    stages: tuple[StagePlan, ...]
    frontend: str
    is_strict: bool
    arguments: tuple[tuple[str, str | None], ...]

    def __init__(
        self,
        stages: tuple[StagePlan, ...],
        frontend: str,
        is_strict: bool,
        arguments: tuple[tuple[str, str | None], ...],
    ) -> None:
        self.stages = stages
        self.frontend = frontend
        self.is_strict = is_strict
        self.arguments = arguments

    @property
    def vertices(self) -> list[Vertex]:
        """All vertices of all stages, inputs before what uses them."""
        return self._collect([stage.last for stage in self.stages])

    def reachable(self, target: StagePlan | None = None) -> list[Vertex]:
        """The vertices that a stage needs, inputs first; of the last stage by default."""
        if target is None:
            target = self.stages[-1] if self.stages else None
        return self._collect([] if target is None else [target.last])

    def _collect(self, ends: list[Vertex]) -> list[Vertex]:
        done: dict[int, Vertex] = {}
        for end in ends:
            todo = [end]
            while todo:
                vertex = todo[-1]
                missing = [one for one in vertex.inputs if id(one) not in done]
                if missing:
                    todo += reversed(missing)
                    continue
                todo.pop()
                done[id(vertex)] = vertex
        return list(done.values())

    @property
    def digest(self) -> str:
        """The digest of everything that any target of the file would be."""
        stages = tuple((stage.name, stage.base, stage.digest) for stage in self.stages)
        return digest_of((self.frontend, self.is_strict, self.arguments, stages))
