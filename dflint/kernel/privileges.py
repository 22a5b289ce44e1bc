"""What this process may do: capabilities, and that it dies with its parent."""

from __future__ import annotations

import ctypes
import os
import signal
from functools import cache

from dflint.kernel.libc import check, libc

CAP_SYS_ADMIN = 21
CAP_SYS_RESOURCE = 24

# By their numbers (linux/capability.h).
_NAMES = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
]

PDEATHSIG = 1
_CAPBSET_READ = 23
CAPBSET_DROP = 24
_NO_NEW_PRIVS = 38
CAP_AMBIENT = 47
CAP_AMBIENT_CLEAR_ALL = 4

_VERSION_3 = 0x20080522


_prctl = ctypes.CDLL(None, use_errno=True).prctl
_prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def prctl(option: int, *arguments: int) -> int:
    """Sets or asks for an attribute of this process (prctl, by its man page); raises OSError."""
    return check(int(_prctl(option, *(*arguments, 0, 0, 0, 0)[:4])), "prctl")


def die_with_parent() -> None:
    """Has this process killed when the thread that started it ends.

    The kernel forgets it when the process changes its user or runs a set-user-ID program.
    """
    prctl(PDEATHSIG, signal.SIGKILL)


def forbid_new_privileges() -> None:
    """Lets no program that this process runs gain privileges (set-user-ID, file capabilities)."""
    prctl(_NO_NEW_PRIVS, 1)


def capabilities() -> int:
    """The capabilities that this process may use, as a bit set (capabilities(7))."""
    header = _Header(_VERSION_3, 0)
    data = (_Data * 2)()
    check(libc.capget(ctypes.byref(header), data), "capget")
    return int(data[0].permitted) | int(data[1].permitted) << 32


def has_capability(number: int) -> bool:
    """Whether this process may use a capability."""
    return bool(capabilities() >> number & 1)


def capability_names(allowed: int) -> list[str]:
    """The names (CAP_CHOWN …) of the capabilities in a bit set."""
    return [f"CAP_{name}" for number, name in enumerate(_NAMES) if allowed >> number & 1]


@cache
def bounding_set() -> int:
    """The capabilities that a program run by this process can have at most, as a bit set.

    What was found once counts: `limit_bounding_set` is for a process that runs a program next.
    """
    found = 0
    for number in range(64):
        is_in = int(_prctl(_CAPBSET_READ, number, 0, 0, 0))
        if is_in < 0:
            break
        found |= is_in << number
    return found


def limit_bounding_set(allowed: int) -> None:
    """Lets no program that this process runs have a capability that is not in `allowed`.

    Needs CAP_SETPCAP where the bounding set gets smaller. This process keeps what it has.
    """
    bounding = bounding_set()
    for number in range(bounding.bit_length()):
        if bounding >> number & 1 and not allowed >> number & 1:
            prctl(CAPBSET_DROP, number)


def limit_capabilities(allowed: int) -> None:
    """Takes every capability that is not in `allowed` from this process.

    None is inheritable or ambient then. What it runs is limited by its bounding set.
    """
    check(libc.capset(*capset_arguments(allowed)), "capset")
    prctl(CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL)


def capset_arguments(allowed: int) -> tuple[bytes, bytes]:
    """What capset(2) is called with to take all others from this process."""
    kept = allowed & capabilities()
    header = _Header(_VERSION_3, 0)
    data = (_Data * 2)(
        _Data(kept & 0xFFFFFFFF, kept & 0xFFFFFFFF, 0), _Data(kept >> 32, kept >> 32, 0)
    )
    return bytes(header), bytes(data)


def become(uid: int, gid: int, groups: tuple[int, ...]) -> None:
    """Makes this process one of the user, whatever it was before; root keeps its capabilities."""
    os.setgroups(groups)
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
