"""What a build tells of its steps: the messages of BuildKit's `SolveStatus`.

Times are seconds since the epoch. A vertex is one step; its digest names it in all messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from dflint.errors import BuildError

CANCELED = "context canceled"


@dataclass(frozen=True, slots=True)
class Vertex:
    """A step as it stands: known, started, completed; a new message replaces the one before."""

    digest: str
    name: str
    inputs: tuple[str, ...] = ()
    started: float | None = None
    completed: float | None = None
    is_cached: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A part of a step's work, such as a transfer; `total` is 0 when it is not known."""

    vertex: str
    id: str
    current: int
    total: int
    timestamp: float
    started: float
    completed: float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """Output of a step; `stream` is 1 for standard output, 2 for standard error."""

    vertex: str
    stream: int
    data: bytes
    timestamp: float


@dataclass(frozen=True, slots=True)
class SourceLines:
    """Lines of a Dockerfile: the whole text, and the lines meant, as (first, last) from 1."""

    file: str
    text: str
    lines: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The first of the lines meant, or 0."""
        return self.lines[0][0] if self.lines else 0


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to be told of a step that went well."""

    vertex: str
    short: str
    detail: tuple[str, ...] = ()
    url: str = ""
    source: SourceLines | None = None
    level: int = 1


Event = Vertex | Status | Log | Warning


class BuildFailure(BuildError):
    """A step of a build failed.

    `vertex` is the digest of the step, or "" when it is none of one; `source` are the lines of the
    Dockerfile that ask for it.
    """

    def __init__(self, message: str, vertex: str = "", source: SourceLines | None = None) -> None:
        self.message = message
        self.vertex = vertex
        self.source = source
        super().__init__(message, vertex, source)

    def __str__(self) -> str:
        return self.message
