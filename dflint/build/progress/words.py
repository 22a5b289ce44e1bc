"""How progress is worded: times, sizes, lines of Dockerfiles, why a build failed."""

from __future__ import annotations

import re

from dflint.build.progress.events import SourceLines, Status
from dflint.text.go_units import byte_count

_RULE = "-" * 20
#: What must not reach a terminal that redraws its lines: escape sequences and control characters.
_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|\x1b.?"
    r"|[\x00-\x08\x0b-\x1f\x7f]"
)


def clock_time(second: float) -> str:
    """The second at which a line of output came, in five characters and more."""
    digits = 3 if second < 10 else 2 if second < 100 else 1 if second < 1000 else 0
    return f"{second:.{digits}f}"


def status_line(status: Status) -> str:
    """A part of a step's work: `transferring context: 2B 0.1s done`."""
    text = status.id
    if status.total:
        text += f" {byte_count(status.current)} / {byte_count(status.total)}"
    elif status.current:
        text += f" {byte_count(status.current)}"
    end = status.timestamp if status.completed is None else status.completed
    if end - status.started > 0.01:
        text += f" {end - status.started:.1f}s"
    return text + (" done" if status.completed is not None else "")


def source_block(source: SourceLines) -> list[str]:
    """The lines of a Dockerfile that are meant, marked, with some before and behind."""
    lines = source.text.split("\n")
    if not source.lines:
        return []
    first, last = source.lines[0][0], min(source.lines[-1][1], len(lines))
    if not 1 <= first <= len(lines):
        return []
    start, end = _padded(first, last, len(lines))
    found = [f"{source.file}:{first}", _RULE]
    for number in range(start, end + 1):
        is_meant = any(one <= number <= other for one, other in source.lines)
        mark = ">>>" if is_meant else "   "
        found.append(f" {number:3d} | {mark} {plain_text(lines[number - 1])}")
    return [*found, _RULE]


def _padded(first: int, last: int, count: int) -> tuple[int, int]:
    """BuildKit's lines around those meant: one line has up to four others, several have two."""
    padding = 0
    wanted = 4 if first == last else 2
    while padding < wanted:
        if first > 1:
            first -= 1
            padding += 1
        if last < count:
            last += 1
            padding += 1
        padding += 1
    return first, last


def failure_line(message: str) -> str:
    """The last line of a build that failed."""
    return f"ERROR: failed to build: failed to solve: {plain_text(message)}"


def plain_text(text: str) -> str:
    """A text without escape sequences and control characters; tabs and line ends stay."""
    return _SEQUENCE.sub("", text)


def overwritten(line: str) -> str:
    """What a terminal shows of a line after its carriage returns: the last part that is not empty.

    A progress bar that rewrites its line is shown by its last state.
    """
    parts = [part for part in line.split("\r") if part]
    return plain_text(parts[-1]) if parts else ""
