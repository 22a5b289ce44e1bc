"""The solver: finds the result of each vertex, in the cache or by doing the work.

Every vertex has a key, made of its definition, the key of the state that it changes, and the
content of what else it takes in. A record of the store leads from a key to a result, so nothing is
done whose key is known; and nothing below it is looked for either. A step that makes a layer which
does not depend on the state (`COPY --link`) has a second key without it, which leads to that layer.
Stages run side by side. While files are read for a key that no record can have, as there is none
of such a step, what the step stands on is worked out already.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from dflint.content.files import failed
from dflint.errors import BuildError
from dflint.graph.vertex import digest_of, tips

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future, ThreadPoolExecutor

    from dflint.build.result import Result
    from dflint.graph.vertex import Vertex


_T = TypeVar("_T")

#: More would only wait: what a thread waits for, another is doing already.
_THREADS = 32


class Cancelled(BuildError):
    """The build ended before this step was done."""


class StepError(BuildError):
    """A step that failed, and why: `cause` is what it ended with."""

    def __init__(self, vertex: Vertex, cause: BuildError) -> None:
        super().__init__(str(cause))
        self.vertex = vertex
        self.cause = cause


class Work(Protocol):
    """What the steps of a build do; called from several threads."""

    def source_key(self, vertex: Vertex) -> str:
        """The key of a vertex without inputs: what it stands for, by content."""

    def definition(self, vertex: Vertex) -> object:
        """What of a vertex counts for its key, apart from its inputs."""

    def stands_alone(self, vertex: Vertex) -> bool:
        """Whether the layer that a vertex makes is the same whatever state it is laid over."""

    def has_layers(self, vertex: Vertex) -> bool:
        """Whether the content of an input is that of a result, so that it must be there first."""

    def content(self, vertex: Vertex, number: int, layers: Result) -> str:
        """What counts of an input: the digest of the content that the vertex takes from it."""

    def run(
        self, vertex: Vertex, inputs: tuple[Result, ...], meanwhile: Callable[[], None]
    ) -> Result:
        """Do the work; the result of a vertex from those of its inputs.

        `meanwhile` is called once: before the work, or when this thread would only wait for it.
        """


class Records(Protocol):
    """Where results are kept from one build to the next."""

    def find(self, key: str) -> Result | None:
        """The result that a key leads to, if all of it is still there."""

    def add(self, key: str, result: Result, vertex: Vertex) -> None:
        """Keep a result, at the latest when `write` is called."""

    def write(self) -> None:
        """Have all be kept that is to be."""

    def is_new(self, step: str) -> bool:
        """Whether no result is kept of a step, whatever it takes in; it is known from now on.

        `step` is what the keys of such a step have in common.
        """


class Reporter(Protocol):
    """Who wants to know what the solver does; called from several threads."""

    def started(self, vertex: Vertex) -> None:
        """The work of a vertex begins."""

    def cached(self, vertex: Vertex) -> None:
        """The result of a vertex was there."""

    def completed(self, vertex: Vertex) -> None:
        """The work of a vertex is done."""

    def failed(self, vertex: Vertex, error: BuildError) -> None:
        """A vertex cannot be had."""


class _Step:
    """What is known of a vertex."""

    __slots__ = ("alone_key", "is_reported", "key", "key_lock", "lock", "result", "vertex")

    def __init__(self, vertex: Vertex) -> None:
        self.vertex = vertex
        self.key: str | None = None
        #: Of a step that stands alone: what leads to its layer, whatever is below.
        self.alone_key = ""
        self.result: Result | None = None
        self.lock = threading.RLock()
        self.key_lock = threading.RLock()
        self.is_reported = False


class Solver:
    """Solves the vertices of one build.

    `is_fresh` tells of which vertices no record counts (`--no-cache`); at most `jobs` of them work
    at a time. `cancel` is set when a step fails, and ends the others.
    """

    def __init__(
        self,
        work: Work,
        records: Records,
        reporter: Reporter,
        is_fresh: Callable[[Vertex], bool],
        jobs: int,
        cancel: threading.Event | None = None,
    ) -> None:
        self.cancel = threading.Event() if cancel is None else cancel
        self._work = work
        self._records = records
        self._reporter = reporter
        self._is_fresh = is_fresh
        self._slots = threading.BoundedSemaphore(jobs)
        self._steps: dict[str, _Step] = {}
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._begun: set[tuple[str, str]] = set()
        #: Up to where each stage is worked out ahead of keys; only one thread does it.
        self._ahead: dict[int, Vertex] = {}
        self._futures: list[Future[object]] = []

    def solve(self, ends: Sequence[Vertex]) -> list[Result]:
        """The results of some vertices, with everything that they need.

        Raises the `StepError` of the first step that failed, once all others have ended.
        """
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_THREADS, "build") as pool:
            self._pool = pool
            for vertex in tips(ends):
                # Files from outside are read where they are taken, unless they are all there is.
                if vertex in ends or self._work.has_layers(vertex):
                    self._in_background(self.result, vertex)
            try:
                self._join()
            finally:
                self.cancel.set()
                self._pool = None
        self._records.write()
        return [self._steps[vertex.digest].result or () for vertex in ends]

    def result(self, vertex: Vertex) -> Result:
        """The result of a vertex: known, recorded, or worked out now."""
        steps = self._chain(vertex, self._is_found)
        try:
            for step in steps:
                with step.lock:
                    if step.result is None:
                        step.result = self._work_out(step.vertex)
        finally:
            if steps:
                self._write_records()
        found = self._step(vertex).result
        assert found is not None
        return found

    def recall(self) -> None:
        """Ask the records for every step whose key is known.

        Below a step that was found nothing has been looked for, but it counts for other builds.
        """
        for step in tuple(self._steps.values()):
            if step.vertex.inputs and not self._is_fresh(step.vertex):
                for key in filter(None, (step.key, step.alone_key)):
                    self._records.find(key)

    def key(self, vertex: Vertex) -> str:
        """The key of a vertex."""
        for step in self._chain(vertex, lambda step: step.key is not None):
            with step.key_lock:
                if step.key is None:
                    step.key = self._make_key(step.vertex)
        found = self._step(vertex).key
        assert found is not None
        return found

    def _chain(self, vertex: Vertex, is_known: Callable[[_Step], bool]) -> list[_Step]:
        """The steps from the nearest one that is known, which is left out, up to a vertex."""
        found: list[_Step] = []
        below: Vertex | None = vertex
        while below is not None:
            step = self._step(below)
            if is_known(step):
                break
            found.append(step)
            below = below.inputs[0] if below.inputs else None
        return found[::-1]

    def _is_found(self, step: _Step) -> bool:
        """Whether there is a result of a step, now that the records have been asked for it."""
        if step.result is None:
            self._look_up(step)
        return step.result is not None

    def _step(self, vertex: Vertex) -> _Step:
        with self._lock:
            found = self._steps.get(vertex.digest)
            if found is None:
                found = self._steps[vertex.digest] = _Step(vertex)
            return found

    def _look_up(self, step: _Step) -> None:
        """Take the result of a step from the records, if there is one."""
        vertex = step.vertex
        if not vertex.inputs or self._is_fresh(vertex):
            return
        key = self.key(vertex)
        with step.lock:
            if step.result is not None:
                return
            step.result = self._records.find(key)
        if step.result is not None:
            self._report_cached(vertex)

    def _report_cached(self, vertex: Vertex) -> None:
        """Say of a step, and of those below it that nobody looked for, that they were there."""
        for step in self._chain(vertex, lambda step: step.is_reported):
            if self._claim_report(step.vertex):
                self._reporter.cached(step.vertex)

    def _claim_report(self, vertex: Vertex) -> bool:
        step = self._step(vertex)
        with self._lock:
            is_first, step.is_reported = not step.is_reported, True
        return is_first

    def _make_key(self, vertex: Vertex) -> str:
        self._check()
        if not vertex.inputs:
            return self._guarded(vertex, partial(self._work.source_key, vertex))
        base, *others = vertex.inputs
        base_key = self.key(base)
        if any(self._work.has_layers(one) and self._step(one).result is None for one in others):
            # What the vertex stands on will be wanted, too: it need not wait for the others.
            self._in_background(self.result, base)
        kind, definition = vertex.op.KIND, self._work.definition(vertex)
        reads_files = not all(map(self._work.has_layers, others))
        if reads_files and self._records.is_new(digest_of((kind, definition, base_key))):
            self._go_ahead(base)
        results = [self.result(one) if self._work.has_layers(one) else () for one in others]
        contents = [
            self._guarded(vertex, partial(self._work.content, vertex, number, result))
            for number, result in enumerate(results, 1)
        ]
        if self._work.stands_alone(vertex):
            self._step(vertex).alone_key = digest_of((kind, definition, "alone", tuple(contents)))
        return digest_of((kind, definition, base_key, tuple(contents)))

    def _work_out(self, vertex: Vertex) -> Result:
        self._check()
        inputs = tuple(
            self.result(one) if number == 0 or self._work.has_layers(one) else ()
            for number, one in enumerate(vertex.inputs)
        )
        key, alone_key = self.key(vertex), self._step(vertex).alone_key
        layer = self._records.find(alone_key) if alone_key and not self._is_fresh(vertex) else None
        if layer is not None:
            self._report_cached(vertex)
            result = (*inputs[0], *layer)
        else:
            result = self._run(vertex, inputs)
        if vertex.inputs:
            self._records.add(key, result, vertex)
        if alone_key:
            self._records.add(alone_key, result[-1:], vertex)
        return result

    def _run(self, vertex: Vertex, inputs: tuple[Result, ...]) -> Result:
        with self._slots:
            self._check()
            is_first = self._claim_report(vertex)
            if is_first:
                self._reporter.started(vertex)
            work = partial(self._work.run, vertex, inputs, self._write_records)
            result = self._guarded(vertex, work)
        if is_first:
            # Otherwise it was told as cached: a step above was, and only now this one is wanted.
            self._reporter.completed(vertex)
        return result

    def _write_records(self) -> None:
        """Have results be kept; what that fails for now is tried again, and counts at the end."""
        with suppress(BuildError):
            self._records.write()

    def _guarded(self, vertex: Vertex, act: Callable[[], _T]) -> _T:
        """What the work gives; its failure is that of the whole build."""
        try:
            return act()
        except (Cancelled, StepError):
            raise
        except BuildError as error:
            raise self._failed(vertex, error) from error
        except OSError as error:
            # Whatever a full disk or a damaged one keeps a step from.
            raise self._failed(vertex, failed(str(error.filename or "store"), error)) from error

    def _failed(self, vertex: Vertex, error: BuildError) -> BuildError:
        """What ends the build: the first step that failed ends the others."""
        if self.cancel.is_set():
            return Cancelled("the build was cancelled")
        self.cancel.set()
        self._reporter.failed(vertex, error)
        return StepError(vertex, error)

    def _check(self) -> None:
        if self.cancel.is_set():
            raise Cancelled("the build was cancelled")

    def _go_ahead(self, vertex: Vertex) -> None:
        """Have the result of a vertex worked out, as its record is of no use to those above."""
        with self._lock:
            is_first = vertex.stage not in self._ahead
            self._ahead[vertex.stage] = vertex
        if is_first:
            self._in_background(self._follow_ahead, vertex)

    def _follow_ahead(self, first: Vertex) -> None:
        """Work out what is wanted ahead in a stage, and what is wanted meanwhile."""
        done: Vertex | None = None
        while True:
            with self._lock:
                wanted = self._ahead[first.stage]
                if wanted is done:
                    del self._ahead[first.stage]
                    self._begun.discard((self._follow_ahead.__name__, first.digest))
                    return
            self.result(wanted)
            done = wanted

    def _in_background(self, act: Callable[[Vertex], object], vertex: Vertex) -> None:
        with self._lock:
            task = (act.__name__, vertex.digest)
            if self._pool is None or task in self._begun:
                return
            self._begun.add(task)
            self._futures.append(self._pool.submit(act, vertex))

    def _join(self) -> None:
        """Wait for everything that was begun, and raise what went wrong first."""
        failures: list[BaseException] = []
        for future in self._futures:  # others are begun meanwhile, and waited for too
            error = future.exception()
            if error is not None:
                self.cancel.set()
                failures.append(error)
        for error in sorted(failures, key=lambda one: isinstance(one, Cancelled)):
            raise error
