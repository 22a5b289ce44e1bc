"""What printers know of the steps of a build."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from dflint.build.progress.events import Event, Log, Status, Vertex, Warning

#: So many lines of a step's output are kept, to be shown where it fails.
KEPT_LINES = 1000


class Step:
    """One step: its number, the state of its vertex, and its output by lines.

    `lines` are whole lines with the second at which they came; `partial` is the end of the output
    that has no line end yet.
    """

    def __init__(self, vertex: Vertex, number: int) -> None:
        self.vertex = vertex
        self.number = number
        self.statuses: dict[str, Status] = {}
        self.warnings: list[Warning] = []
        self.lines: deque[tuple[float, str]] = deque(maxlen=KEPT_LINES)
        self.partial = ""
        self.partial_time = 0.0
        self._undecoded = b""

    @property
    def is_running(self) -> bool:
        """Whether it has started and not ended."""
        return self.vertex.started is not None and self.vertex.completed is None

    @property
    def is_complete(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.vertex.completed is not None

    def seconds(self, now: float) -> float:
        """How long it has run, or did run."""
        if self.vertex.started is None:
            return 0.0
        end = now if self.vertex.completed is None else self.vertex.completed
        return max(0.0, end - self.vertex.started)

    def add_output(self, log: Log) -> list[tuple[float, str]]:
        """Take output; the lines that it completes are returned, each with its second."""
        started = self.vertex.started
        second = 0.0 if started is None else max(0.0, log.timestamp - started)
        text = self._decode(log.data)
        *whole, rest = text.split("\n")
        found: list[tuple[float, str]] = []
        for line in whole:
            when = self.partial_time if self.partial else second
            found.append((when, (self.partial + line).removesuffix("\r")))
            self.partial = ""
        if rest and not self.partial:
            self.partial_time = second
        self.partial += rest
        self.lines.extend(found)
        return found

    def end_output(self) -> list[tuple[float, str]]:
        """The line without a line end that is left, if any."""
        if self._undecoded:
            self.partial += self._undecoded.decode("utf-8", "replace")
            self._undecoded = b""
        if not self.partial:
            return []
        found = [(self.partial_time, self.partial)]
        self.partial = ""
        self.lines.extend(found)
        return found

    def _decode(self, data: bytes) -> str:
        """Output as text; a character that is cut in two waits for its other half."""
        data = self._undecoded + data
        cut = len(data)
        for back in range(1, min(4, len(data)) + 1):
            byte = data[-back]
            if byte & 0xC0 == 0x80:
                continue
            length = 1 if byte < 0xC0 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            cut = len(data) - back if length > back else cut
            break
        self._undecoded = data[cut:]
        return data[:cut].decode("utf-8", "replace")


class Steps:
    """All steps, in the order in which they became known."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps.values())

    def find(self, digest: str) -> Step | None:
        """The step of a digest, if it is known."""
        return self._steps.get(digest)

    def of(self, event: Event) -> Step:
        """The step that an event is about, brought up to date where it is a vertex."""
        digest = event.digest if isinstance(event, Vertex) else event.vertex
        step = self._steps.get(digest)
        if step is None:
            vertex = event if isinstance(event, Vertex) else Vertex(digest, digest)
            step = self._steps[digest] = Step(vertex, 0)
        if isinstance(event, Vertex):
            step.vertex = event
        elif isinstance(event, Status):
            step.statuses[event.id] = event
        elif isinstance(event, Warning):
            step.warnings.append(event)
        return step
