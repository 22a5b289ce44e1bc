"""Where the parts of a build say how it goes, from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from dflint.build.progress.events import CANCELED, Event, Log, SourceLines, Status, Vertex, Warning
from dflint.errors import BuildError, InternalError


class Printer(Protocol):
    """Shows events; it is called by one thread at a time."""

    #: Seconds between two calls of `tick`, or 0 for none.
    interval: float

    def update(self, event: Event) -> None:
        """Take note of an event, and show it or keep it for later."""

    def tick(self, now: float) -> None:
        """Show what is due by now."""

    def close(self, failure: BuildError | None) -> None:
        """Show what is left, and why the build failed if it did; leave the terminal in order."""


class Progress:
    """The progress of one build: what its parts say, handed to a printer in order.

    Safe for several threads. A thread of its own calls the printer's `tick`; it starts with the
    first step, and ends with `close`. `close` is to be called once, whatever happens.
    """

    def __init__(self, printer: Printer, clock: Callable[[], float] = time.time) -> None:
        self._printer = printer
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._ticker: threading.Thread | None = None
        self._vertices: dict[str, Vertex] = {}
        self._started: dict[tuple[str, str], float] = {}

    @property
    def vertices(self) -> tuple[Vertex, ...]:
        """All steps as they stand, in the order in which they became known."""
        with self._lock:
            return tuple(self._vertices.values())

    def declare(self, digest: str, name: str, inputs: tuple[str, ...] = ()) -> None:
        """Make a step known that is to come; a step that is known stays as it is."""
        with self._lock:
            if digest not in self._vertices:
                self._set(Vertex(digest, name, inputs))

    def begin(self, digest: str, name: str = "") -> None:
        """Say that a step starts; the name is needed if it was not declared."""
        with self._lock:
            vertex = self._vertices.get(digest) or Vertex(digest, name)
            self._set(replace(vertex, started=self._clock(), completed=None, error=""))
            if self._ticker is None and self._printer.interval and not self._closed.is_set():
                self._ticker = threading.Thread(target=self._tick, daemon=True)
                self._ticker.start()

    def complete(self, digest: str) -> None:
        """Say that a step is done."""
        self._end(digest)

    def cached(self, digest: str) -> None:
        """Say that the result of a step was there."""
        self._end(digest, is_cached=True)

    def fail(self, digest: str, error: str) -> None:
        """Say that a step failed, and why."""
        self._end(digest, error=error)

    def cancel(self, digest: str) -> None:
        """Say that a step was stopped because another failed."""
        self._end(digest, error=CANCELED)

    def log(self, digest: str, stream: int, data: bytes) -> None:
        """Hand on output of a step."""
        with self._lock:
            self._send(Log(digest, stream, data, self._clock()))

    def status(
        self, digest: str, id: str, current: int = 0, total: int = 0, *, is_done: bool = False
    ) -> None:
        """Say how far a part of a step is; `id` is what people read, `transferring context:`."""
        with self._lock:
            now = self._clock()
            started = self._started.setdefault((digest, id), now)
            completed = now if is_done else None
            self._send(Status(digest, id, current, total, now, started, completed))

    def warn(
        self,
        digest: str,
        short: str,
        detail: tuple[str, ...] = (),
        url: str = "",
        source: SourceLines | None = None,
    ) -> None:
        """Say something of a step that the user should know."""
        with self._lock:
            self._send(Warning(digest, short, detail, url, source))

    @contextmanager
    def step(self, name: str, digest: str = "") -> Iterator[str]:
        """A step around a block: it starts, and is completed or fails as the block does."""
        digest = digest or digest_of(name)
        self.begin(digest, name)
        try:
            yield digest
        except BuildError as error:
            self.fail(digest, str(error))
            raise
        except BaseException:
            self.cancel(digest)
            raise
        self.complete(digest)

    def close(self, failure: BuildError | None = None) -> None:
        """End the progress: steps that still run are cancelled ones if the build failed."""
        self._closed.set()
        if self._ticker is not None:
            self._ticker.join()
        with self._lock:
            self._printer.close(failure)

    def _end(self, digest: str, is_cached: bool = False, error: str = "") -> None:
        with self._lock:
            vertex = self._vertices.get(digest)
            if vertex is None:
                raise InternalError(f"progress of a step that was not declared: {digest}")
            now = self._clock()
            started = now if vertex.started is None else vertex.started
            vertex = replace(
                vertex, started=started, completed=now, is_cached=is_cached, error=error
            )
            self._set(vertex)

    def _set(self, vertex: Vertex) -> None:
        self._vertices[vertex.digest] = vertex
        self._send(vertex)

    def _send(self, event: Event) -> None:
        if not self._closed.is_set():
            self._printer.update(event)

    def _tick(self) -> None:
        while not self._closed.wait(self._printer.interval):
            with self._lock:
                self._printer.tick(self._clock())


def digest_of(name: str) -> str:
    """The digest of a step that is known by its name only."""
    return "sha256:" + sha256(name.encode()).hexdigest()
