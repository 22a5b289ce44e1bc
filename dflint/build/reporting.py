"""What the solver does, told as the progress of a build."""

from __future__ import annotations

from dflint.build.contexts import Dockerfile
from dflint.build.progress.events import BuildFailure
from dflint.build.progress.progress import Progress
from dflint.errors import BuildError
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.ops import GitSource, HttpSource, ScratchSource
from dflint.graph.vertex import Vertex


class Reporting:
    """Tells the progress of the vertices of one graph, by their names.

    `dockerfile` is what the graph is of, for the excerpt of an error.
    """

    def __init__(self, progress: Progress, graph: BuiltGraph, dockerfile: Dockerfile) -> None:
        self._progress = progress
        self._graph = graph
        self._dockerfile = dockerfile
        for vertex in graph.reachable():
            if self._is_shown(vertex):
                inputs = tuple(one.digest for one in vertex.inputs if self._is_shown(one))
                progress.declare(vertex.digest, self.name(vertex), inputs)

    @staticmethod
    def _is_shown(vertex: Vertex) -> bool:
        return not isinstance(vertex.op, ScratchSource)

    def name(self, vertex: Vertex) -> str:
        """How people see a vertex."""
        name = self._graph.names.get(vertex)
        if not name and isinstance(vertex.op, (HttpSource, GitSource)):
            from dflint.web.addresses import redacted

            return redacted(vertex.op.url)
        return name or vertex.op.KIND

    def started(self, vertex: Vertex) -> None:
        """The work of a vertex begins."""
        if self._is_shown(vertex):
            self._progress.begin(vertex.digest, self.name(vertex))

    def cached(self, vertex: Vertex) -> None:
        """The result of a vertex was there."""
        if self._is_shown(vertex):
            self._progress.cached(vertex.digest)

    def completed(self, vertex: Vertex) -> None:
        """The work of a vertex is done."""
        if self._is_shown(vertex):
            self._progress.complete(vertex.digest)

    def failed(self, vertex: Vertex, error: BuildError) -> None:
        """A vertex cannot be had."""
        self._progress.fail(vertex.digest, str(error))

    def log(self, vertex: Vertex, stream: int, data: bytes) -> None:
        """A step has written something."""
        self._progress.log(vertex.digest, stream, data)

    def transfer(self, vertex: Vertex, name: str, done: int, total: int) -> None:
        """How far a part of a vertex's work is, in bytes."""
        self._progress.status(vertex.digest, name, done, total, is_done=done == total)

    def transferring(
        self, vertex: Vertex, name: str, done: int, total: int, *, is_done: bool
    ) -> None:
        """How far the files of a source are, in bytes; `total` is 0 where nobody knows."""
        self._progress.status(vertex.digest, name, done, total, is_done=is_done)

    def failure(self, vertex: Vertex, cause: BuildError) -> BuildFailure:
        """The error that ends the build: why, and which lines asked for it."""
        source = self._dockerfile.lines_of(self._graph.spans.get(vertex))
        return BuildFailure(str(cause), vertex.digest, source)
