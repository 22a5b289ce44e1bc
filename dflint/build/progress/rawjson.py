"""Progress as JSON, one object a line, in the fields of BuildKit's `rawjson`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

from dflint.build.progress.closing import failure_lines
from dflint.build.progress.events import (
    BuildFailure,
    Event,
    Log,
    SourceLines,
    Status,
    Vertex,
    Warning,
)
from dflint.build.progress.steps import Steps
from dflint.errors import BuildError


class JsonPrinter:
    """Prints every event as an object with one of `vertexes`, `statuses`, `logs`, `warnings`.

    Why a build failed is an object `{"failure": …}`, or, with `is_raw`, text as buildx prints it.
    """

    interval = 0.0

    def __init__(self, write: Callable[[str], None], *, is_raw: bool = False) -> None:
        self._write = write
        self._is_raw = is_raw

    def update(self, event: Event) -> None:
        """Print an event."""
        if isinstance(event, Vertex):
            self._print("vertexes", [_vertex(event)])
        elif isinstance(event, Status):
            self._print("statuses", [_status(event)])
        elif isinstance(event, Log):
            self._print("logs", [_log(event)])
        else:
            self._print("warnings", [_warning(event)])

    def tick(self, now: float) -> None:
        """Nothing is ever kept back."""

    def close(self, failure: BuildError | None) -> None:
        """Print why the build failed."""
        if failure is None:
            return
        if self._is_raw:
            self._write("\n".join(failure_lines(failure, Steps(), 0)) + "\n")
            return
        said: dict[str, object] = {"message": str(failure)}
        if isinstance(failure, BuildFailure):
            if failure.vertex:
                said["vertex"] = failure.vertex
            if failure.source is not None:
                said["filename"] = failure.source.file
                said["range"] = _ranges(failure.source)
        self._print("failure", said)

    def _print(self, key: str, value: object) -> None:
        self._write(json.dumps({key: value}, ensure_ascii=False, separators=(",", ":")) + "\n")


def _vertex(vertex: Vertex) -> dict[str, object]:
    said: dict[str, object] = {"digest": vertex.digest}
    if vertex.inputs:
        said["inputs"] = list(vertex.inputs)
    said["name"] = vertex.name
    if vertex.started is not None:
        said["started"] = _time(vertex.started)
    if vertex.completed is not None:
        said["completed"] = _time(vertex.completed)
    if vertex.is_cached:
        said["cached"] = True
    if vertex.error:
        said["error"] = vertex.error
    return said


def _status(status: Status) -> dict[str, object]:
    said: dict[str, object] = {"id": status.id, "vertex": status.vertex}
    if status.name:
        said["name"] = status.name
    if status.total:
        said["total"] = status.total
    said["current"] = status.current
    said["timestamp"] = _time(status.timestamp)
    said["started"] = _time(status.started)
    if status.completed is not None:
        said["completed"] = _time(status.completed)
    return said


def _log(log: Log) -> dict[str, object]:
    return {
        "vertex": log.vertex,
        "stream": log.stream,
        "data": _base64(log.data),
        "timestamp": _time(log.timestamp),
    }


def _warning(warning: Warning) -> dict[str, object]:
    said: dict[str, object] = {
        "vertex": warning.vertex,
        "level": warning.level,
        "short": _base64(warning.short.encode()),
        "detail": [_base64(line.encode()) for line in warning.detail],
    }
    if warning.url:
        said["url"] = warning.url
    if warning.source is not None:
        source = warning.source
        data = _base64(source.text.encode("utf-8", "surrogateescape"))
        said["sourceInfo"] = {"filename": source.file, "data": data, "language": "Dockerfile"}
        said["range"] = _ranges(source)
    return said


def _ranges(source: SourceLines) -> list[dict[str, object]]:
    return [{"start": {"line": first}, "end": {"line": last}} for first, last in source.lines]


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _time(second: float) -> str:
    """RFC 3339 in UTC."""
    text = datetime.fromtimestamp(second, UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")
