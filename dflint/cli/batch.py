"""Checks many files: in this process, or in several that are forked from it."""

from __future__ import annotations

import gc
import os
import sys

from dflint.engine.report import FileReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dflint.engine.cached import ResultCache

    Check = Callable[[str], FileReport]
    Kept = list[tuple[bytes, bytes]]

#: How many files a process is handed at a time.
_SHARE = 32


def check_all(
    check: Check,
    files: Sequence[str | FileReport],
    jobs: int,
    shows_progress: bool,
    results: ResultCache | None = None,
) -> Iterator[FileReport]:
    """The reports on the files, in their order; what is a report already passes through.

    What other processes keep in their copies of `results` is kept in those of this one.
    """
    progress = _Progress(len(files)) if shows_progress and len(files) > _SHARE else None
    if jobs > 1 and hasattr(os, "fork"):
        checked = _in_processes(check, files, jobs, results)
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
    check: Check, files: Sequence[str | FileReport], jobs: int, results: ResultCache | None
) -> Iterator[FileReport]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    paths = [one for one in files if isinstance(one, str)]
    shares = [paths[at : at + _SHARE] for at in range(0, len(paths), _SHARE)]
    global _check, _results
    _check, _results = check, results
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        checked = _in_turn(pool.map(_check_share, shares), results)
        for one in files:
            yield one if isinstance(one, FileReport) else next(checked)


def _in_turn(
    shares: Iterator[tuple[list[FileReport], Kept]], results: ResultCache | None
) -> Iterator[FileReport]:
    for reports, kept in shares:
        if results is not None:
            results.store.put_taken(kept)
        yield from reports


#: What the forked processes run and keep their results in; set before they are forked, as it
#: cannot be sent to them.
_check: Check | None = None
_results: ResultCache | None = None


def _check_share(share: Sequence[str]) -> tuple[list[FileReport], Kept]:
    check = _check
    assert check is not None
    reports = [check(path) for path in share]
    return reports, [] if _results is None else _results.store.take()


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
