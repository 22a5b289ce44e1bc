"""An executor for tests: it runs nothing and remembers what it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dflint.executor.process import Output, Process, nothing

Answer = Callable[[str, Process, Output], int]
"""What takes a process's place: given the root, it may write files there and to the output."""


class RecordingExecutor:
    """Remembers the processes in `ran`, in the order of their coming."""

    name = "recording"

    def __init__(self, answer: Answer | None = None) -> None:
        self.ran: list[Process] = []
        self._answer = answer
        self._lock = threading.Lock()

    def run(
        self,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
        meanwhile: Callable[[], None] = nothing,
    ) -> int:
        """Remembers the process and gives what the answer gives, 0 without one."""
        with self._lock:
            self.ran.append(process)
        meanwhile()
        if cancel.is_set():
            return 137
        return self._answer(root, process, output) if self._answer else 0

    def close(self) -> None:
        """Does nothing: nothing runs."""
