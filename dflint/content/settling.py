"""Bringing to disk what is in a store, and knowing afterwards that it is there.

Whoever builds need not wait for the disk: a process that goes on alone syncs the file system, and
writes down then what was there when it was asked to, a mark a line.
"""

from __future__ import annotations

import contextlib
import os

from dflint.kernel.file_program import command, sync

_NAME = "settled"
#: Of more bytes of marks all are taken for known: who has asked for them has seen them since.
_LONG = 1 << 16
#: The processes that this one has begun, as somebody has to wait for each.
_begun: list[int] = []


def sync_file_system(folder: str) -> None:
    """Write all that is new on the file system of a folder, and wait for it; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync_later(root: str, mark: str) -> bool:
    """Have the file system of a store synced by a process that this one does not wait for.

    When it has, the mark is among `read_marks`. False where no process can be had, and for the
    first process of a container, with which all others end.
    """
    _begun[:] = [one for one in _begun if not _has_ended(one)]
    if os.getpid() == 1:
        return False
    path = os.path.join(root, _NAME)
    words = command("sync", path, mark)
    nothing = [(os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_RDWR, 0) for one in range(3)]
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        _begun.append(os.posix_spawn(words[0], words, os.environ, file_actions=nothing))
    except OSError:
        return False
    return True


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] != 0
    except ChildProcessError:  # somebody else has waited for it
        return True


def read_marks(root: str) -> frozenset[str]:
    """The marks of what has been synced."""
    try:
        with open(os.path.join(root, _NAME), encoding="ascii", errors="replace") as file:
            return frozenset(file.read().splitlines())
    except FileNotFoundError:
        return frozenset()


def forget_marks(root: str) -> None:
    """Begin anew where there are many marks, of which nothing is asked any more."""
    path = os.path.join(root, _NAME)
    with contextlib.suppress(FileNotFoundError):
        if os.stat(path).st_size > _LONG:
            os.truncate(path, 0)
