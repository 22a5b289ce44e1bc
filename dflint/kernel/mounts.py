"""Mounting (mount(2), and the newer calls by file descriptor)."""

from __future__ import annotations

import ctypes
import errno
import os

from dflint.kernel.libc import (
    MOUNT_SETATTR,
    MOVE_MOUNT,
    OPEN_TREE,
    check,
    libc,
    pivot_root_number,
    system_call,
)

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_NOATIME = 0x400
MS_NODIRATIME = 0x800
MS_BIND = 0x1000
MS_MOVE = 0x2000
MS_REC = 0x4000
MS_PRIVATE = 1 << 18
MS_RELATIME = 1 << 21
MS_STRICTATIME = 1 << 24

MNT_DETACH = 2

AT_FDCWD = -100
AT_RECURSIVE = 0x8000
_OPEN_TREE_CLONE = 1
MOUNT_ATTR_RDONLY = 0x1
MOVE_MOUNT_F_EMPTY_PATH = 0x4
MOVE_MOUNT_T_SYMLINKS = 0x10  # as mount(2) does: descriptors are such links in /proc


_mount = ctypes.CDLL(None, use_errno=True).mount
_mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mounts a file system, as the call of that name does; raises OSError that names the target."""
    result = _mount(
        os.fsencode(source),
        os.fsencode(target),
        os.fsencode(kind) if kind else None,
        flags,
        os.fsencode(options) if options else None,
    )
    check(result, f"mount {kind or source}", target)


def unmount(target: str, flags: int = 0) -> None:
    """Takes a mount away, as umount2 does; raises OSError that names the target."""
    check(libc.umount2(os.fsencode(target), flags), "unmount", target)


def make_private(target: str = "/") -> None:
    """Lets no mount below `target` travel to another namespace, or from one."""
    mount("none", target, flags=MS_REC | MS_PRIVATE)


def bind(source: str, target: str) -> None:
    """Shows the file or directory `source` at `target`, with the mounts below it."""
    mount(source, target, flags=MS_BIND | MS_REC)


def move(source: str, target: str) -> None:
    """Takes the mount at `source` to `target`, with the mounts below it."""
    mount(source, target, flags=MS_MOVE)


def remount(target: str, flags: int) -> None:
    """Adds flags (MS_RDONLY …) to the mount at `target`, which keeps those that it has."""
    mount("none", target, flags=MS_REMOUNT | MS_BIND | flags | flags_of(target))


def flags_of(target: str | int) -> int:
    """The flags of a mount that a user namespace must not take away."""
    has = os.statvfs(target).f_flag
    pairs = (
        (os.ST_RDONLY, MS_RDONLY),
        (os.ST_NOSUID, MS_NOSUID),
        (os.ST_NODEV, MS_NODEV),
        (os.ST_NOEXEC, MS_NOEXEC),
        (os.ST_NOATIME, MS_NOATIME),
        (os.ST_NODIRATIME, MS_NODIRATIME),
        (os.ST_RELATIME, MS_RELATIME),
    )
    return sum(flag for bit, flag in pairs if has & bit)


def make_read_only(target: str) -> None:
    """Makes the mount at `target` and those below it read-only (those below from Linux 5.12 on)."""
    wanted = _MountAttributes(set=MOUNT_ATTR_RDONLY)
    try:
        system_call(
            MOUNT_SETATTR,
            "mount_setattr",
            AT_FDCWD,
            os.fsencode(target),
            AT_RECURSIVE,
            ctypes.byref(wanted),
            ctypes.sizeof(wanted),
        )
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        remount(target, MS_RDONLY)


def move_mount(mount_fd: int, target: str) -> None:
    """Attaches a mount at `target`: what fsmount or `clone_tree` made, or takes it from its place.

    The descriptor is one of the root of the mount.
    """
    system_call(
        MOVE_MOUNT,
        "move_mount",
        mount_fd,
        b"",
        AT_FDCWD,
        os.fsencode(target),
        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS,
    )


def clone_tree(path: str) -> int:
    """A copy of the mounts at `path` that is nowhere yet, to be attached in any mount namespace.

    Raises OSError where the kernel lacks the call (before Linux 5.2).
    """
    flags = _OPEN_TREE_CLONE | AT_RECURSIVE | os.O_CLOEXEC
    return system_call(OPEN_TREE, "open_tree", AT_FDCWD, os.fsencode(path), flags)


def pivot_into(root_fd: int) -> None:
    """Makes the directory the root of this mount namespace and lets go of what was before.

    The directory must be the root of a mount. The working directory is `/` afterwards.
    """
    os.fchdir(root_fd)
    system_call(pivot_root_number(), "pivot_root", b".", b".")
    unmount(".", MNT_DETACH)
    os.chdir("/")
