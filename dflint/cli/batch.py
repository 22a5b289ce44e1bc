"""Checks many files: in this process, or in several that are forked from it."""

from __future__ import annotations

import gc
import os
import sys

from dflint.engine.ahead import in_turn
from dflint.engine.report import FileReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from dflint.cli.check import Job

    Some = TypeVar("Some")

    Kept = list[tuple[bytes, bytes]]

#: How many files a process is handed at a time.
_SHARE = 32


def check_all(
    job: Job, files: Sequence[str | FileReport], jobs: int, shows_progress: bool
) -> Iterator[FileReport]:
    """The reports on the files, in their order; what is a report already passes through.

    What other processes keep in their copies of the job's results is kept in those of this one.
    """
    progress = _Progress(len(files)) if shows_progress and len(files) > _SHARE else None
    if jobs > 1 and hasattr(os, "fork"):
        checked = _in_processes(job, files, jobs)
    else:
        checked = _in_turn(job, files)
    for done, report in enumerate(checked, 1):
        if progress is not None:
            progress.show(done)
        if done % 1024 == 0:
            gc.collect(0)
        yield report
    if progress is not None:
        progress.clear()


def _in_turn(job: Job, files: Sequence[str | FileReport]) -> Iterator[FileReport]:
    return in_turn(job.begin_file, job.finish, job.session.start, files)


def _in_processes(job: Job, files: Sequence[str | FileReport], jobs: int) -> Iterator[FileReport]:
    paths = [one for one in files if isinstance(one, str)]
    # Each of them has a processor to itself, which its ShellCheck shares with it.
    job.session.processes = 1
    checked = _shared(job, forked(lambda share: _check_share(job, share), paths, jobs))
    for one in files:
        yield one if isinstance(one, FileReport) else next(checked)


def _shared(job: Job, shares: Iterator[tuple[list[FileReport], Kept]]) -> Iterator[FileReport]:
    for reports, kept in shares:
        if job.results is not None:
            job.results.store.put_taken(kept)
        yield from reports


def _check_share(job: Job, share: Sequence[str]) -> tuple[list[FileReport], Kept]:
    try:
        reports = list(_in_turn(job, share))
    except BaseException:
        job.session.close()
        raise
    return reports, [] if job.results is None else job.results.store.take()


#: What the forked processes do; set before they are forked, as it cannot be sent to them.
_work: Callable[[Sequence[str]], Any] | None = None


def forked(
    work: Callable[[Sequence[str]], Some], paths: Sequence[str], jobs: int
) -> Iterator[Some]:
    """What `work` gives for each share of the paths, in order, in processes forked from this."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    global _work
    _work = work
    shares = [paths[at : at + _SHARE] for at in range(0, len(paths), _SHARE)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        yield from pool.map(_work_on, shares)  # type: ignore[misc]  # what `work` gives


def _work_on(share: Sequence[str]) -> object:
    assert _work is not None
    return _work(share)


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
