"""The builder: from a request to what it asks for."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dflint.build.contexts import Contexts
from dflint.build.digests import Digests
from dflint.build.epoch import require_epoch
from dflint.build.exporter.destination import STDOUT
from dflint.build.frontend import (
    build_for,
    check_directive,
    model_of,
    read_file,
    unneeded_stages,
)
from dflint.build.housekeeping import keep_within
from dflint.build.images import Images
from dflint.build.outcome import BuildResult
from dflint.build.output import Built, Exporting
from dflint.build.progress.events import BuildFailure
from dflint.build.progress.progress import Progress
from dflint.build.records import StoreRecords
from dflint.build.reporting import Reporting
from dflint.build.request import BuildRequest, Output
from dflint.build.result import Result
from dflint.build.running import Running
from dflint.build.solver import Solver, StepError
from dflint.build.strict import check_strictly
from dflint.build.trees import Trees
from dflint.build.work import BuildWork
from dflint.content.faults import damaged_blob
from dflint.content.store import ContentStore
from dflint.cst.dockerfile import Dockerfile
from dflint.errors import BuildError
from dflint.executor.process import Executor
from dflint.graph.build import Build
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.lower_build import lower_build
from dflint.graph.refused import RefusedError
from dflint.graph.vertex import Vertex
from dflint.snapshot.base import Snapshotter
from dflint.snapshot.choose import choose as choose_snapshotter
from dflint.snapshot.spots import Spots

_EXPORTS = {
    "image": "image",
    "oci": "oci image format",
    "docker": "docker image format",
    "local": "client directory",
    "tar": "client tarball",
}
_NOT_GRANTED = ("network.host is not allowed", "security.insecure is not allowed")


def build(request: BuildRequest, progress: Progress, executor: Executor) -> BuildResult:
    """Build what is asked for; BuildError when it cannot be.

    The process has to be where mounts can be made: see `dflint.kernel.userns`. The executor was
    made there, before other threads have started.
    """
    with contextlib.closing(_open_store(request.store)) as store:
        result = _build(request, progress, executor, store)
        store.settle_soon()  # last, as whatever is written then waits for the disk as well
        return result


def _build(
    request: BuildRequest, progress: Progress, executor: Executor, store: ContentStore
) -> BuildResult:
    with contextlib.ExitStack() as held:
        held.enter_context(store.lease())
        folder = held.enter_context(store.new_layer()).path
        result = Building(request, progress, store, executor, folder, held).run()
        if request.store_limit is not None:
            with contextlib.suppress(BuildError):  # a full store does not undo what was built
                keep_within(store, request.store_limit)
        return result


def _open_store(path: str) -> ContentStore:
    try:
        return ContentStore(path)
    except BuildError as error:
        raise BuildError(
            f"the store at `{path}` cannot be used: {error}; "
            "`--store` or $DFLINT_STORE names another"
        ) from error


class Building:
    """One build on its way.

    `images` are those that an earlier build has found, so that names mean the same again; `text`
    stands for that of the Dockerfile, `is_fresh` for what the request says of the cache. `cancel`
    ends the build when somebody sets it.
    """

    def __init__(
        self,
        request: BuildRequest,
        progress: Progress,
        store: ContentStore,
        executor: Executor,
        folder: str,
        held: contextlib.ExitStack,
        images: Images | None = None,
        text: str | None = None,
        is_fresh: Callable[[Vertex], bool] | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self._request = request
        self._progress = progress
        self._store = store
        self._executor = executor
        self._held = held
        self._folder = folder
        spots = Spots(folder)
        held.callback(spots.close)
        self._snapshotter: Snapshotter = choose_snapshotter(store, request.snapshotter, spots)
        held.callback(self._snapshotter.close)
        self._records: list[StoreRecords] = []
        self._solvers: list[Solver] = []
        self._digests = Digests(store)
        held.callback(self._digests.save)
        self._caches = self._import_caches()
        self._images = images or Images(store, request.pull)
        self._fresh = is_fresh
        self._cancel = cancel
        with progress.step("[internal] load build definition from Dockerfile") as step:

            def told(name: str, done: int, total: int, *, is_done: bool) -> None:
                progress.status(step, name, done, total, is_done=is_done)

            self._contexts = Contexts(request, folder, store, told, text)
            self._named = self._contexts.named()

    def run(self) -> BuildResult:
        """Build for each platform, and write the outputs."""
        request = self._request
        built = self.built()
        if request.cache_to or any(one.graph.build.has_inline_cache for one in built):
            for solver in self._solvers:
                solver.recall()
        exporting = Exporting(
            self._store, self._images, request, built, self._contexts.dockerfile, self._used()
        )
        result = BuildResult()
        for output in request.outputs:
            name = f"exporting to {_EXPORTS.get(output.type, output.type)}"
            with self._progress.step(name) as step:
                made = self._export(exporting, output, step)
            result = result if result.digest else made
        self._keep_records(exporting.made)
        self._export_caches(built)
        return result

    def _export(self, exporting: Exporting, output: Output, step: str) -> BuildResult:
        """Write an output; blobs of the store that prove damaged are dropped, and made anew."""
        told = partial(self._progress.status, step)
        while True:
            try:
                return exporting.export(output, told)
            except BuildError as error:
                digest = damaged_blob(error)
                if output.destination == STDOUT or not digest:
                    raise
                if not self._store.discard_damaged(digest):
                    raise
                self._progress.warn(step, f"blob {digest} was damaged, it is made anew")

    def built(self) -> list[Built]:
        """Build for each platform, and write nothing."""
        return [self._build(graph) for graph in self.graphs()]

    def _keep_records(self, made: Mapping[str, Built]) -> None:
        from dflint.build.build_record import keep_records

        with contextlib.suppress(BuildError):  # a full store does not undo what was built
            keep_records(self._store, self._contexts.dockerfile, self._progress.vertices, made)

    def _used(self) -> dict[str, Result]:
        """The keys of this build with what they led to."""
        return {key: one for records in self._records for key, one in records.used.items()}

    def _export_caches(self, built: Sequence[Built]) -> None:
        if self._request.cache_to:
            from dflint.build.caches import export_caches

            results = [one.result for one in built]
            places = self._request.cache_to
            export_caches(self._store, places, self._used(), results, self._progress)

    def _import_caches(self) -> Callable[[str], Result | None]:
        """What finds results in the places of `--cache-from`, by their keys."""
        if not self._request.cache_from:
            return lambda key: None
        from dflint.build.caches import import_caches

        return import_caches(self._store, self._request.cache_from, self._progress)

    def graphs(self) -> list[BuiltGraph]:
        """What is to be built for each platform; BuildFailure for what a builder refuses."""
        platforms = [str(one) for one in self._request.platforms] or [""]
        return [
            self._lower(
                build_for(
                    self._request, one, self._named, self._images.base, self._contexts.modified
                )
            )
            for one in platforms
        ]

    def _lower(self, build: Build) -> BuiltGraph:
        dockerfile = self._contexts.dockerfile
        try:
            tree = read_file(dockerfile.text)
            graph = lower_build(tree, model_of(tree, build), build)
            self._check(tree, graph)
            self._set_epoch(graph)
        except RefusedError as error:
            reason = str(error)
            if reason in _NOT_GRANTED:
                reason += f": grant it by `--allow {reason.partition(' ')[0]}`"
            raise BuildFailure(reason, "", dockerfile.lines_of(error.span)) from error
        return graph

    def build_to(self, graph: BuiltGraph, end: Vertex) -> Built:
        """Build what a vertex of a graph needs, and nothing behind it."""
        return self._build(graph, end)

    def _build(self, graph: BuiltGraph, end: Vertex | None = None) -> Built:
        dockerfile = self._contexts.dockerfile
        reporting = Reporting(self._progress, graph, dockerfile)
        trees = Trees(
            self._store,
            self._snapshotter,
            self._contexts,
            graph,
            self._folder,
            self._held,
            reporting,
        )
        solver = self._solver(graph, trees, reporting)
        try:
            (result,) = solver.solve([end or graph.target.last])
        except StepError as error:
            raise reporting.failure(error.vertex, error.cause) from error
        return Built(graph, result)

    def _set_epoch(self, graph: BuiltGraph) -> None:
        """The time that the Dockerfile's own SOURCE_DATE_EPOCH asks for by a name."""
        if graph.epoch_of == "context":
            graph.epoch = self._contexts.modified
        elif graph.epoch_of:
            raise BuildError(
                f"ARG SOURCE_DATE_EPOCH: expected seconds since 1970 or `context`, found "
                f"`{graph.epoch_of}`; times of stages and named contexts are not taken"
            )
        if graph.epoch is not None:
            require_epoch(str(graph.epoch), "ARG SOURCE_DATE_EPOCH")

    def _check(self, tree: Dockerfile, graph: BuiltGraph) -> None:
        """End the build where errors are asked for and BuildKit's checks find something."""
        text, argument = self._contexts.dockerfile.text, graph.build.checks
        directive = check_directive(tree)
        if directive or argument:
            unneeded = unneeded_stages(tree, text, {one.index for one in graph.stages})
            check_strictly(text, directive, argument, unneeded)

    def _solver(self, graph: BuiltGraph, trees: Trees, reporting: Reporting) -> Solver:
        request = self._request
        cancel = self._cancel or threading.Event()
        running = Running(
            self._store,
            self._snapshotter,
            self._executor,
            trees,
            request,
            graph,
            reporting.log,
            cancel,
        )
        work = BuildWork(
            self._store,
            graph,
            self._images,
            trees,
            running,
            self._snapshotter,
            self._digests,
            reporting.transfer,
        )
        digests = None if request.cache_from else self._digests
        records = StoreRecords(self._store, reporting.name, self._caches, digests)
        self._records.append(records)
        jobs = request.jobs or max(2, os.cpu_count() or 1)
        solver = Solver(work, records, reporting, self._is_fresh(graph), jobs, cancel)
        self._solvers.append(solver)
        return solver

    def _is_fresh(self, graph: BuiltGraph) -> Callable[[Vertex], bool]:
        return self._fresh or _Fresh(
            self._request, {stage.index: stage.name for stage in graph.stages}
        )


class _Fresh:
    """Which vertices are to be built whatever is known: those of `--no-cache[-filter]`."""

    def __init__(self, request: BuildRequest, names: dict[int, str]) -> None:
        self._all = request.no_cache
        wanted = {one.lower() for one in request.no_cache_filter}
        self._stages = {
            index for index, name in names.items() if {name.lower(), str(index)} & wanted
        }

    def __call__(self, vertex: Vertex) -> bool:
        return self._all or vertex.stage in self._stages
