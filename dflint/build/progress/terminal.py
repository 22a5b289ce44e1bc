"""Progress on a terminal: a region of lines that is drawn again in place."""

from __future__ import annotations

from collections.abc import Callable
from os import terminal_size

from dflint.build.progress.cells import cut, fill, width_of
from dflint.build.progress.closing import failure_lines, warning_lines
from dflint.build.progress.events import CANCELED, Event, Log, Status, Vertex
from dflint.build.progress.steps import KEPT_LINES, Step, Steps
from dflint.build.progress.words import overwritten, plain_text
from dflint.errors import BuildError
from dflint.text.go_units import byte_count

#: So many lines of output are shown of each step that runs, where there is room.
_LOG_LINES = 6
_HIDE, _SHOW, _UP, _CLEAR_LINE, _CLEAR_BELOW = (
    "\x1b[?25l", "\x1b[?25h", "\x1b[{}A", "\x1b[K", "\x1b[J",
)  # fmt: skip
_RESET = "\x1b[0m"
_DONE, _RUNNING, _ERROR, _CANCELED, _FAINT = "\x1b[34m", "", "\x1b[31m", "\x1b[33m", "\x1b[2m"

Line = tuple[str, str]


class TerminalPrinter:
    """Draws all steps, with times and the end of the output of those that run.

    `size` tells the size of the terminal when it is asked. After every drawing the cursor is shown
    and stands below the region, so that nothing needs to be restored if the process is killed.
    """

    interval = 0.1

    def __init__(
        self, write: Callable[[str], None], size: Callable[[], terminal_size], *, has_color: bool
    ) -> None:
        self._write = write
        self._size = size
        self._has_color = has_color
        self._steps = Steps()
        self._drawn: list[str] = []
        self._started: float | None = None
        self._now = 0.0

    def update(self, event: Event) -> None:
        """Take note of an event; it is shown by the next drawing."""
        step = self._steps.of(event)
        if isinstance(event, Log):
            step.add_output(event)
        elif isinstance(event, Vertex):
            self._now = max(self._now, event.completed or event.started or 0.0)
            if self._started is None:
                self._started = event.started
            if event.completed is not None:
                step.end_output()

    def tick(self, now: float) -> None:
        """Draw the region as it stands."""
        self._now = max(self._now, now)
        columns, rows = self._size()
        self._draw(self._fitting(columns, rows), columns)

    def close(self, failure: BuildError | None) -> None:
        """Draw all steps for the last time, then the warnings, or why the build failed."""
        columns, _ = self._size()
        lines = [self._header(columns, " FINISHED" if failure is None else " FAILED")]
        for step in self._shown_steps():
            lines += self._step_lines(step, columns, is_stopped=failure is not None)
        self._draw(lines, columns)
        if failure is None:
            rest = warning_lines(self._steps)
        else:
            rest = failure_lines(failure, self._steps, KEPT_LINES)
        self._write("".join(line + "\n" for line in rest))

    def _shown_steps(self) -> list[Step]:
        started = [step for step in self._steps if step.vertex.started is not None]
        return sorted(started, key=lambda step: step.vertex.started or 0.0)

    def _header(self, columns: int, state: str = "") -> Line:
        steps = list(self._steps)
        done = sum(step.is_complete for step in steps)
        seconds = 0.0 if self._started is None else max(0.0, self._now - self._started)
        left = f"[+] Building {seconds:.1f}s ({done}/{len(steps)}){state}"
        return fill(left, "dflint", columns) if columns > len(left) + 7 else cut(left, columns), ""

    def _fitting(self, columns: int, rows: int) -> list[Line]:
        """The lines of all steps as far as there is room: those that run before those before."""
        header = self._header(columns)
        steps = self._shown_steps()
        running = [step for step in steps if step.is_running]
        room = rows - 2 - len(running)
        blocks = {step.vertex.digest: self._step_lines(step, columns) for step in steps}
        lines = {digest: block[:1] for digest, block in blocks.items()}
        done = [step for step in steps if not step.is_running]
        hidden = {step.vertex.digest for step in done[: max(0, len(done) - max(0, room))]}
        room -= len(done) - len(hidden)
        for step in [*running, *reversed(done)]:
            digest = step.vertex.digest
            more = blocks[digest][1:]
            if digest not in hidden and more and len(more) <= room:
                lines[digest] += more
                room -= len(more)
        for step in running:
            logs = self._log_lines(step, columns)
            share = min(len(logs), max(0, room))
            if share:
                lines[step.vertex.digest] += logs[-share:]
                room -= share
        shown = [line for digest, block in lines.items() if digest not in hidden for line in block]
        return [header, *shown[-max(1, rows - 2) :]]

    def _step_lines(self, step: Step, columns: int, *, is_stopped: bool = False) -> list[Line]:
        word, style = _state(step, is_stopped)
        time = f"{step.seconds(self._now):.1f}s"
        lines = [_row(f" => {word}{plain_text(step.vertex.name)}", time, columns, style)]
        lines += [self._status_line(status, columns, style) for status in step.statuses.values()]
        for warning in step.warnings:
            text = f" => WARN: {plain_text(warning.short)}"
            lines.append(_row(text, "0.0s", columns, _CANCELED))
        return lines

    def _status_line(self, status: Status, columns: int, style: str) -> Line:
        end = self._now if status.completed is None else status.completed
        time = f"{max(0.0, end - status.started):.1f}s"
        size = ""
        if status.total:
            size = f" {byte_count(status.current)} / {byte_count(status.total)}"
        elif status.current:
            size = f" {byte_count(status.current)}"
        # What is long is cut before the size, which is what people look for.
        room = columns - len(time) - 2 - len(size)
        text = cut(f" => => {plain_text(status.id)}", room) + size
        return _row(text, time, columns, _RUNNING if status.completed is None else style)

    def _log_lines(self, step: Step, columns: int) -> list[Line]:
        texts = [text for _, text in list(step.lines)[-_LOG_LINES:]]
        if step.partial:
            texts.append(step.partial)
        cleaned = [overwritten(text.expandtabs(8)) for text in texts[-_LOG_LINES:]]
        return [(cut(f" => => # {text}", columns), _FAINT) for text in cleaned]

    def _draw(self, lines: list[Line], columns: int) -> None:
        parts = [_HIDE]
        up = sum(max(1, -(-width_of(line) // max(1, columns))) for line in self._drawn)
        if up:
            parts.append(_UP.format(up))
        parts.append("\r")
        for text, style in lines:
            is_styled = self._has_color and style
            parts.append(f"{style}{text}{_RESET}" if is_styled else text)
            parts.append(_CLEAR_LINE + "\n" if width_of(text) < columns else "\n")
        parts += [_CLEAR_BELOW, _SHOW]
        self._drawn = [text for text, _ in lines]
        self._write("".join(parts))


def _row(left: str, right: str, columns: int, style: str) -> Line:
    if columns < len(right) + 12:
        return cut(left, columns), style
    return fill(left, "  " + right, columns), style


def _state(step: Step, is_stopped: bool) -> tuple[str, str]:
    """The word before the name of a step, and its colour."""
    vertex = step.vertex
    if vertex.error.endswith(CANCELED) or (is_stopped and step.is_running):
        return "CANCELED ", _CANCELED
    if vertex.error:
        return "ERROR ", _ERROR
    if vertex.is_cached:
        return "CACHED ", _DONE
    return "", _DONE if step.is_complete else _RUNNING
