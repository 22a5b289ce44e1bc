"""Progress as plain text, line after line, as `docker buildx build --progress=plain` prints it.

One step has the floor: what it says is printed at once. What others say waits until they are
done, until the floor is free, or until they have waited too long.
"""

from __future__ import annotations

from collections.abc import Callable

from dflint.build.progress.closing import failure_lines, warning_lines
from dflint.build.progress.events import CANCELED, Event, Log, Status, Vertex, Warning
from dflint.build.progress.steps import Step, Steps
from dflint.build.progress.words import clock_time, status_line
from dflint.errors import BuildError

#: Seconds after which a step that has something to say gets the floor.
_PATIENCE = 5.0
#: Seconds between two lines about one transfer.
_STATUS_INTERVAL = 5.0
#: Seconds after which output without a line end is shown.
_PARTIAL_DELAY = 1.0
_LOG_LINES = 10


class PlainPrinter:
    """Prints plain text by `write`, which takes whole lines or the end of one."""

    interval = 0.5

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._steps = Steps()
        self._waiting: dict[str, list[str]] = {}
        self._since: dict[str, float] = {}
        self._shown_status: dict[tuple[str, str], float] = {}
        self._current: Step | None = None
        self._current_since = 0.0
        self._last_number = 0
        self._now = 0.0
        #: How much of the line without an end is on the terminal.
        self._shown_partial = 0

    def update(self, event: Event) -> None:
        """Print an event, or keep it until its step has the floor."""
        step = self._steps.of(event)
        self._note(step, self._lines(step, event))
        if step.vertex.started is None and not self._waiting.get(step.vertex.digest):
            return
        if self._current is None or step is self._current or step.is_complete:
            self._show(step)

    def tick(self, now: float) -> None:
        """Give the floor to a step that has waited long, and show output without a line end."""
        self._now = now
        waiting = [(since, digest) for digest, since in self._since.items()]
        if waiting and now - self._current_since >= _PATIENCE:
            since, digest = min(waiting)
            step = self._steps.find(digest)
            if step is not None and now - since >= _PATIENCE:
                self._show(step)
                return
        self._show_partial(now)

    def close(self, failure: BuildError | None) -> None:
        """Print what is left, then the warnings, or why the build failed."""
        for step in self._steps:
            if step.is_running and failure is not None:
                lines = self._output_lines(step, step.end_output())
                self._note(step, [*lines, "CANCELED"])
            if self._waiting.get(step.vertex.digest):
                self._show(step)
        self._end_partial()
        if failure is None:
            lines = warning_lines(self._steps)
        else:
            lines = failure_lines(failure, self._steps, _LOG_LINES)
        for line in lines:
            self._write(line + "\n")

    def _note(self, step: Step, lines: list[str]) -> None:
        if lines:
            self._waiting.setdefault(step.vertex.digest, []).extend(lines)
            self._since.setdefault(step.vertex.digest, self._now)

    def _lines(self, step: Step, event: Event) -> list[str]:
        if isinstance(event, Vertex):
            self._now = max(self._now, event.completed or event.started or 0.0)
            return self._ending(step) if event.completed is not None else []
        if isinstance(event, Status):
            self._now = max(self._now, event.timestamp)
            return self._status(event)
        if isinstance(event, Warning):
            return [f"WARN: {event.short}"]
        self._now = max(self._now, event.timestamp)
        return self._output(step, event)

    def _output(self, step: Step, log: Log) -> list[str]:
        return self._output_lines(step, step.add_output(log))

    def _output_lines(self, step: Step, found: list[tuple[float, str]]) -> list[str]:
        lines = [f"{clock_time(second)} {text}" for second, text in found]
        if lines and step is self._current and self._shown_partial:
            # The line's beginning is there already.
            self._write(lines.pop(0)[self._shown_partial :] + "\n")
            self._shown_partial = 0
        return lines

    def _status(self, status: Status) -> list[str]:
        key = (status.vertex, status.id)
        last = self._shown_status.setdefault(key, status.started)
        if status.completed is None and status.timestamp - last < _STATUS_INTERVAL:
            return []
        self._shown_status[key] = status.timestamp
        return [status_line(status)]

    def _ending(self, step: Step) -> list[str]:
        lines = self._output_lines(step, step.end_output())
        vertex = step.vertex
        if vertex.error.endswith(CANCELED):
            return [*lines, "CANCELED"]
        if vertex.error:
            return [*lines, f"ERROR: {vertex.error}"]
        if vertex.is_cached:
            return [*lines, "CACHED"]
        return [*lines, f"DONE {step.seconds(self._now):.1f}s"]

    def _show(self, step: Step) -> None:
        """Give a step the floor, and print what it has to say."""
        if step is not self._current:
            self._take_floor(step)
        digest = step.vertex.digest
        for line in self._waiting.pop(digest, []):
            self._write(f"#{step.number} {line}\n")
        self._since.pop(digest, None)
        if step.is_complete:
            self._current = None

    def _take_floor(self, step: Step) -> None:
        if self._current is not None:
            self._end_partial()
            self._write(f"#{self._current.number} ...\n")
        if self._last_number:
            self._write("\n")
        if not step.number:
            self._last_number += 1
            step.number = self._last_number
        self._write(f"#{step.number} {step.vertex.name}\n")
        self._current = step
        self._current_since = self._now

    def _show_partial(self, now: float) -> None:
        step = self._current
        if step is None or step.vertex.started is None or not step.partial:
            return
        if now - step.vertex.started - step.partial_time < _PARTIAL_DELAY:
            return
        text = f"{clock_time(step.partial_time)} {step.partial}"
        if not self._shown_partial:
            self._write(f"#{step.number} ")
        self._write(text[self._shown_partial :])
        self._shown_partial = len(text)

    def _end_partial(self) -> None:
        if self._shown_partial:
            self._write("\n")
            self._shown_partial = 0
