"""Namespaces of this process (namespaces(7))."""

from __future__ import annotations

import fcntl
import os
import socket
import struct

from dflint.kernel.libc import check, libc

CLONE_FS = 0x00000200
CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_IFF_RUNNING = 0x40


def unshare(flags: int) -> None:
    """Gives this process namespaces of its own; with CLONE_NEWPID, its later children."""
    check(libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enters a namespace of the given kind (a CLONE_NEW… flag)."""
    check(libc.setns(descriptor, kind), "setns")


def set_hostname(name: str) -> None:
    """Names the host of this UTS namespace."""
    text = os.fsencode(name)
    check(libc.sethostname(text, len(text)), "sethostname")


def bring_loopback_up() -> None:
    """Makes 127.0.0.1 and ::1 answer in a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", _IFF_UP | _IFF_RUNNING)
        fcntl.ioctl(control, _SIOCSIFFLAGS, request)
