"""Checks many files: in this process, or in several that are forked from it."""

from __future__ import annotations

import gc
import os
import sys

from dflint.engine.report import FileReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Check = Callable[[str], FileReport]

#: How many files a process is handed at a time.
_SHARE = 32


def check_all(
    check: Check, files: Sequence[str | FileReport], jobs: int, shows_progress: bool
) -> Iterator[FileReport]:
    """The reports on the files, in their order; what is a report already passes through."""
    progress = _Progress(len(files)) if shows_progress and len(files) > _SHARE else None
    if jobs > 1 and hasattr(os, "fork"):
        checked = _in_processes(check, files, jobs)
    else:
        checked = (one if isinstance(one, FileReport) else check(one) for one in files)
    for done, report in enumerate(checked, 1):
        if progress is not None:
            progress.show(done)
        if done % 1024 == 0:
            gc.collect(0)
        yield report
    if progress is not None:
        progress.clear()


def _in_processes(
    check: Check, files: Sequence[str | FileReport], jobs: int
) -> Iterator[FileReport]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    shares = [files[at : at + _SHARE] for at in range(0, len(files), _SHARE)]
    global _check
    _check = check
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        for reports in pool.map(_check_share, shares):
            yield from reports


#: What the forked processes run; set before they are forked, as it cannot be sent to them.
_check: Check | None = None


def _check_share(share: Sequence[str | FileReport]) -> list[FileReport]:
    check = _check
    assert check is not None
    return [one if isinstance(one, FileReport) else check(one) for one in share]


class _Progress:
    """A bar on the terminal's error stream."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = -1

    def show(self, done: int) -> None:
        """Show that so many files are done, when that moves the bar."""
        filled = done * 30 // self._total
        if filled != self._shown:
            self._shown = filled
            bar = "█" * filled + "░" * (30 - filled)
            sys.stderr.write(f"\r{bar} {done}/{self._total} files")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
