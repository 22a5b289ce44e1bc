"""What comes from outside on its way, told as the progress of its step."""

from __future__ import annotations

import threading
import time
from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

    from dflint.graph.vertex import Vertex

_INTERVAL = 0.1


class Pace:
    """Says when something is to be told again: at once, and then every so often."""

    __slots__ = ("_when",)

    def __init__(self) -> None:
        self._when = float("-inf")

    def is_due(self) -> bool:
        """Whether it is time; then it is not again for a while."""
        now = time.monotonic()
        if now - self._when < _INTERVAL:
            return False
        self._when = now
        return True


class Told(Protocol):
    """Who wants to know how far a transfer is."""

    def __call__(self, done: int, total: int, *, is_done: bool) -> None:
        """Bytes that have come, and those in all, 0 where nobody knows."""


class Reporter(Protocol):
    """The part of a build's progress that transfers need."""

    def started(self, vertex: Vertex) -> None:
        """A source is being read."""

    def completed(self, vertex: Vertex) -> None:
        """All of it was read."""

    def transferring(
        self, vertex: Vertex, name: str, done: int, total: int, *, is_done: bool
    ) -> None:
        """How far it is, in bytes."""


class Transfer:
    """The bytes of one source, told every now and then; for several threads.

    It is a context, which may be entered again: its step starts with the first reader and ends with
    the last one.
    """

    def __init__(self, reporter: Reporter, vertex: Vertex, name: str) -> None:
        self._reporter = reporter
        self._vertex = vertex
        self._name = name
        self._lock = threading.Lock()
        self._readers = 0
        self._is_begun = self._is_ended = False
        self._count = self._told = 0
        self._pace = Pace()

    def __enter__(self) -> Transfer:
        with self._lock:
            self._readers += 1
            if not self._is_begun:
                self._is_begun = True
                self._reporter.started(self._vertex)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._readers -= 1
            if self._readers:
                return
            if not self._is_ended or self._told < self._count:
                self._tell(is_done=True)
            if not self._is_ended:
                self._is_ended = True
                self._reporter.completed(self._vertex)

    def add(self, count: int) -> None:
        """Count bytes that were read."""
        with self._lock:
            self._count += count
            if self._pace.is_due():
                self._tell(is_done=False)

    def set(self, count: int, total: int = 0) -> None:
        """Say how many bytes were read so far, of how many."""
        with self._lock:
            self._count = count
            if self._pace.is_due():
                self._tell(total, is_done=False)

    def _tell(self, total: int = 0, *, is_done: bool) -> None:
        self._told = self._count
        self._reporter.transferring(self._vertex, self._name, self._count, total, is_done=is_done)


class Counter:
    """Tells a reader of progress how many bytes have come, now and then, and at the end."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._pace = Pace()
        self._count = 0

    def set(self, count: int, total: int = 0) -> None:
        """So many bytes have come, of so many."""
        self._count = count
        if self._pace.is_due():
            self._told(count, total, is_done=False)

    def add(self, count: int) -> None:
        """So many bytes more have come."""
        self.set(self._count + count)

    def end(self) -> None:
        """That was all."""
        self._told(self._count, 0, is_done=True)


class CountedStream:
    """A stream whose bytes are counted when they are read."""

    def __init__(self, stream: BinaryIO, counter: Counter) -> None:
        self._stream = stream
        self._counter = counter

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes."""
        data = self._stream.read(size)
        self._counter.add(len(data))
        return data
