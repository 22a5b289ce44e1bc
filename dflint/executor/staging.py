"""The mounts of a step for programs that take paths: files in memory, links followed."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.errors import BuildError
from dflint.executor.plan import Plan
from dflint.executor.process import BindMount, FileMount, TmpfsMount
from dflint.kernel.mounts import MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID, mount, unmount
from dflint.kernel.openat2 import resolve_in_root


@dataclass(frozen=True, slots=True)
class Staged:
    """A mount by paths: `source` is "" for a file system in memory."""

    target: str
    source: str = ""
    options: tuple[str, ...] = ()
    is_directory: bool = True
    is_read_only: bool = False
    is_file_in_memory: bool = False


@contextlib.contextmanager
def stage(plan: Plan) -> Iterator[tuple[str, tuple[Staged, ...]]]:
    """A folder of the step's own, in memory, with the mounts of the plan by paths.

    Everything is gone when the context ends.
    """
    with tempfile.TemporaryDirectory(prefix="dflint-step-") as folder:
        try:
            mount("tmpfs", folder, "tmpfs", _flags(plan), "mode=700")
        except OSError as error:
            raise BuildError(f"cannot mount a file system in memory: {error}") from None
        try:
            yield folder, tuple(_stage(folder, wanted) for wanted in enumerate(plan.mounts))
        finally:
            unmount(folder, MNT_DETACH)


def _flags(plan: Plan) -> int:
    """The flags of the file system in memory; programs can be run of it where one is asked for."""
    files = (one for one in plan.mounts if isinstance(one, FileMount))
    is_run = any(one.mode & 0o111 for one in files)
    return MS_NOSUID | MS_NODEV | (0 if is_run else MS_NOEXEC)


def _stage(folder: str, numbered: tuple[int, BindMount | TmpfsMount | FileMount]) -> Staged:
    number, wanted = numbered
    if isinstance(wanted, TmpfsMount):
        size = (f"size={wanted.size}",) if wanted.size else ()
        return Staged(wanted.target, "", (f"mode={wanted.mode:o}", *size))
    if isinstance(wanted, FileMount):
        path = os.path.join(folder, str(number))
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(wanted.content)
            os.fchown(opened.fileno(), wanted.uid, wanted.gid)
            os.fchmod(opened.fileno(), wanted.mode)
        return Staged(wanted.target, path, (), False, True, True)
    source = _source(wanted)
    try:
        is_directory = stat.S_ISDIR(os.stat(source).st_mode)
    except OSError as error:
        raise BuildError(f"cannot mount {source} at {wanted.target}: {error.strerror}") from None
    return Staged(wanted.target, source, (), is_directory, wanted.is_read_only)


def _source(wanted: BindMount) -> str:
    if not wanted.path.strip("/"):
        return os.path.abspath(wanted.source)
    outside = os.open(wanted.source, os.O_PATH | os.O_DIRECTORY)
    try:
        return os.path.join(os.path.abspath(wanted.source), resolve_in_root(outside, wanted.path))
    finally:
        os.close(outside)
