"""Several builds over one store, for whoever compares what they make."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dflint.build.builder import Building
from dflint.build.image_document import ImageLayer, image_document
from dflint.build.images import Images
from dflint.build.outcome import BuildResult
from dflint.build.output import Built, Exporting
from dflint.build.progress.progress import Progress
from dflint.build.request import BuildRequest, Output
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.executor.choose import choose as choose_executor
from dflint.graph.ops import ExecOp
from dflint.graph.vertex import Vertex


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """An image that was built and not exported.

    `layers` are the ids of its layers, topmost last, `trees` where they are in overlayfs' upper
    format, `times` when they were made in seconds since 1970. `document` is the configuration
    without times and without the digests of the layers' archives, which nobody has made yet.
    `vertices` are the digests of what it was made of; `is_fixed` tells of each layer that nothing
    was run to make it.
    """

    layers: tuple[str, ...]
    trees: tuple[str, ...]
    times: tuple[float, ...]
    document: Mapping[str, Any]
    vertices: frozenset[str]
    is_fixed: tuple[bool, ...]
    built: Built


class BuildSession:
    """Builds Dockerfiles over one context, store and cache, with base images that stay the same.

    `request` says all but the Dockerfile's text; its outputs do not count, and it is for one
    platform. The process has to be where mounts can be made, as for `dflint.build.builder.build`;
    the session is a context manager, to be entered before other threads start.
    """

    def __init__(self, request: BuildRequest) -> None:
        if len(request.platforms) > 1:
            raise BuildError("expected one platform, found several")
        self._request = request
        self._held = contextlib.ExitStack()

    def __enter__(self) -> BuildSession:
        with contextlib.ExitStack() as held:
            self._executor = choose_executor(self._request.executor)
            held.callback(self._executor.close)
            self._store = ContentStore(self._request.store)
            held.callback(self._store.close)
            held.enter_context(self._store.lease())
            self._images = Images(self._store, self._request.pull)
            self._held = held.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def build(
        self,
        text: str,
        progress: Progress,
        is_fresh: Callable[[Vertex], bool] | None = None,
        request: BuildRequest | None = None,
        cancel: threading.Event | None = None,
    ) -> BuiltImage:
        """Build a Dockerfile of this text; BuildError when that cannot be done.

        `is_fresh` tells of which vertices no earlier result counts; by default the request says
        it. Another `request` may have another context; its store and executor do not count. When
        `cancel` is set the build ends with an error. Several threads may build.
        """
        with self._building(text, progress, is_fresh, request, cancel) as building:
            (built,) = building.built()
        graph = built.graph
        layers = [ImageLayer("") for _ in built.result]
        stored = [self._store.layer(one) for one in built.result]
        return BuiltImage(
            built.result,
            tuple(one.tree for one in stored),
            tuple(one.created for one in stored),
            image_document(graph.target, layers, graph.build),
            frozenset(one.digest for one in graph.reachable()),
            tuple(_fixed(built)),
            built,
        )

    def trees_until(
        self,
        text: str,
        progress: Progress,
        end: Vertex,
        is_fresh: Callable[[Vertex], bool],
        request: BuildRequest | None = None,
    ) -> tuple[str, ...]:
        """The layers up to a vertex of an image of the same text, as in `BuiltImage.trees`."""
        with self._building(text, progress, is_fresh, request, None) as building:
            (graph,) = building.graphs()
            found = next(one for one in graph.reachable() if one.digest == end.digest)
            built = building.build_to(graph, found)
        return tuple(self._store.layer(one).tree for one in built.result)

    def vertices(
        self, text: str, progress: Progress, request: BuildRequest | None = None
    ) -> frozenset[str]:
        """The digests of what would be built of a text; BuildError when that is refused."""
        with self._building(text, progress, None, request, None) as building:
            (graph,) = building.graphs()
        return frozenset(one.digest for one in graph.reachable())

    @contextlib.contextmanager
    def _building(
        self,
        text: str,
        progress: Progress,
        is_fresh: Callable[[Vertex], bool] | None,
        request: BuildRequest | None,
        cancel: threading.Event | None,
    ) -> Iterator[Building]:
        with contextlib.ExitStack() as held:
            folder = held.enter_context(self._store.new_layer()).path
            yield Building(
                request or self._request, progress, self._store, self._executor, folder, held,
                images=self._images, text=text, is_fresh=is_fresh, cancel=cancel,
            )  # fmt: skip

    def export(self, image: BuiltImage) -> BuildResult:
        """Write the documents of an image, so that it has digests; it is not kept for long."""
        exporting = Exporting(self._store, self._images, self._request, [image.built])
        result = exporting.export(Output("image", is_stored=False), _untold)
        self._store.settle_soon()
        return result


def _untold(id: str, current: int = 0, total: int = 0, *, is_done: bool = False) -> None:
    """Hear of the parts of an export that nobody watches."""


def _fixed(built: Built) -> Iterator[bool]:
    """Of each layer, from the bottom, whether nothing was run to make it."""
    runs = runs_again()
    for vertex in built.makers():
        is_run = vertex is not None and isinstance(vertex.op, ExecOp)
        stands_on_runs = vertex is not None and any(runs(one) for one in vertex.inputs[1:])
        yield not (is_run or stands_on_runs)


def runs_again(shared: frozenset[str] = frozenset()) -> Callable[[Vertex], bool]:
    """For `BuildSession.build`: no result of a RUN counts, nor of what stands on one.

    What is among the `shared` vertices is taken from the cache nevertheless.
    """
    return _at_or_behind(lambda one: isinstance(one.op, ExecOp), shared)


def uses_secrets() -> Callable[[Vertex], bool]:
    """For `BuildSession.build`: no result of a RUN with a secret counts, nor of what is behind it.

    The value of a secret does not tell results apart.
    """
    return _at_or_behind(
        lambda one: isinstance(one.op, ExecOp) and any(m.type == "secret" for m in one.op.mounts),
        frozenset(),
    )


def _at_or_behind(
    is_meant: Callable[[Vertex], bool], shared: frozenset[str]
) -> Callable[[Vertex], bool]:
    known: dict[str, bool] = {}

    def is_fresh(vertex: Vertex) -> bool:
        stack = [vertex]
        while stack:
            one = stack[-1]
            missing = [each for each in one.inputs if each.digest not in known]
            if missing and one.digest not in known:
                stack += missing
                continue
            stack.pop()
            runs = is_meant(one) or any(known[each.digest] for each in one.inputs)
            known[one.digest] = runs and one.digest not in shared
        return known[vertex.digest]

    return is_fresh
