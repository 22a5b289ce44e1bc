"""What a registry of tests does wrong, and what it has seen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Fault:
    """What goes wrong with the requests whose method and path match `pattern` (`GET /v2/…`).

    It strikes `times` times: answers `status` with `headers`, or keeps only the first `keep` bytes
    of the body and breaks the connection, or sends `body` in place of it, or waits `delay` seconds.
    Of an upload's piece, it takes the first `takes` bytes all the same.
    """

    pattern: str
    times: int = 1
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    keep: int = -1
    body: bytes | None = None
    delay: float = 0.0
    takes: int = 0


@dataclass(slots=True)
class Seen:
    """A request that was made: method, path with query, headers in lower case, body's length."""

    method: str
    path: str
    headers: dict[str, str]
    length: int
