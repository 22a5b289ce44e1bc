"""The C library, and system calls by number."""

from __future__ import annotations

import ctypes
import os

from dflint.errors import UnsupportedError

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

# The new numbers are the same on all machines; older ones differ (asm/unistd.h).
OPEN_TREE = 428
MOVE_MOUNT = 429
FSOPEN = 430
FSCONFIG = 431
FSMOUNT = 432
MOUNT_SETATTR = 442

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}


def pivot_root_number() -> int:
    """The number of pivot_root(2) on this machine; raises UnsupportedError on an unknown one."""
    machine = os.uname().machine
    try:
        return _PIVOT_ROOT[machine]
    except KeyError:
        known = ", ".join(sorted(_PIVOT_ROOT))
        raise UnsupportedError(
            f"steps cannot run on a {machine} machine, only on {known}"
        ) from None


def check(result: int, what: str, path: str | None = None) -> int:
    """The result of a call; raises OSError with the call's errno when it is negative.

    `what` names the call in the error's text, `path` the file it was about.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}", path)
    return result


def system_call(number: int, what: str, *arguments: object) -> int:
    """A system call by its number; integers are passed as longs, the rest as it is."""
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return check(int(libc.syscall(ctypes.c_long(number), *longs)), what)
