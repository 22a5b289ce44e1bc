"""No progress: only why a build failed."""

from __future__ import annotations

from collections.abc import Callable

from dflint.build.progress.closing import failure_lines
from dflint.build.progress.events import Event, Log, Vertex
from dflint.build.progress.steps import Steps
from dflint.errors import BuildError


class QuietPrinter:
    """Keeps the end of each step's output, and prints it if the step fails."""

    interval = 0.0
    _LOG_LINES = 10

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._steps = Steps()

    def update(self, event: Event) -> None:
        """Take note of an event."""
        step = self._steps.of(event)
        if isinstance(event, Log):
            step.add_output(event)
        elif isinstance(event, Vertex) and event.completed is not None:
            step.end_output()

    def tick(self, now: float) -> None:
        """Nothing is shown while steps run."""

    def close(self, failure: BuildError | None) -> None:
        """Print why the build failed."""
        if failure is not None:
            lines = failure_lines(failure, self._steps, self._LOG_LINES)
            self._write("\n".join(lines) + "\n")
