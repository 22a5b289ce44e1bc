"""Room on disk that a store keeps, so that a disk which is full can be made room on.

What removes something needs room first: SQLite writes what changes beside the tables, and an index
is written anew. The file `reserve` is given up before, and made again after.
"""

from __future__ import annotations

import os
from contextlib import suppress

_LEAST = 128 << 10
_USUAL = 1 << 20
_MOST = 64 << 20


def keep_reserve(root: str) -> None:
    """Have a reserve in a store; a smaller one, or none, where there is no room for it.

    It is of whole MiB and larger than the tables, as one change can write all of them again.
    """
    path = _path(root)
    wanted = _USUAL
    with suppress(OSError):
        wanted += os.stat(os.path.join(root, "dflint.db")).st_size // _USUAL * _USUAL
    wanted = min(wanted, _MOST)
    while wanted >= _LEAST and not _has_room(path, wanted):
        wanted //= 2


def give_up_reserve(root: str) -> None:
    """Let the room be used that a store has kept."""
    with suppress(OSError):
        os.unlink(_path(root))


def _path(root: str) -> str:
    return os.path.join(root, "reserve")


def _has_room(path: str, size: int) -> bool:
    """Make the file at least half so long, with room on disk for all of it; whether it is."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
    except OSError:
        return False
    before = 0
    try:
        before = os.fstat(descriptor).st_size
        if before * 2 < size:
            os.posix_fallocate(descriptor, 0, size)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, before)
        return False
    finally:
        os.close(descriptor)
    return True
