"""Opening files below a directory that may be hostile, by openat2(2).

Links and `..` never lead out: an absolute link begins at the directory, as it does after chroot(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat

#: asm-generic/unistd.h; the same on every architecture.
_OPENAT2 = 437
#: linux/openat2.h
_RESOLVE_NO_MAGICLINKS = 0x02
RESOLVE_NO_SYMLINKS = 0x04
_RESOLVE_IN_ROOT = 0x10
RESOLVE_INSIDE = _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS
#: So many links are followed on the way to one file (containerd's continuity/fs).
_MOST_LINKS = 255
#: What the kernel answers that lacks the call, or whose seccomp filter refuses it.
_MISSING = (errno.ENOSYS, errno.EPERM)


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_is_there = True


def open_in_root(
    root: int, path: str, flags: int = os.O_PATH, mode: int = 0, *, follows_links: bool = True
) -> int:
    """Open a path as if the directory `root` (a descriptor) were `/`; gives a descriptor.

    Links are followed inside the directory only, without `follows_links` not at all: one in the
    path is an error (ELOOP) then. Raises OSError as open(2) does. Where the kernel
    has no openat2 (before 5.6) the links are followed here, one name at a time.
    """
    global _is_there
    _refuse_nul(path)
    if _is_there:
        resolve = RESOLVE_INSIDE
        resolve |= 0 if follows_links else RESOLVE_NO_SYMLINKS
        how = _OpenHow(flags | os.O_CLOEXEC, mode, resolve)
        while True:
            descriptor = _libc.syscall(
                ctypes.c_long(_OPENAT2),
                ctypes.c_int(root),
                ctypes.c_char_p(os.fsencode(path)),
                ctypes.byref(how),
                ctypes.c_size_t(ctypes.sizeof(how)),
            )
            if descriptor >= 0:
                return int(descriptor)
            number = ctypes.get_errno()
            if number in (errno.EAGAIN, errno.EINTR):
                continue  # something was renamed meanwhile
            if number not in _MISSING or _works(root):
                raise OSError(number, os.strerror(number), path)
            break
        _is_there = False
    if not follows_links:
        return _open_plain(root, path, flags, mode)
    resolved = resolve_in_root(root, path, follows_last=not flags & os.O_NOFOLLOW)
    return _open_by_steps(root, resolved, flags, mode)


def _refuse_nul(path: str) -> None:
    """Raise OSError for a path that the kernel would read only the beginning of."""
    if "\0" in path:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)


def _works(root: int) -> bool:
    """Whether the kernel has the call at all: opening the root itself needs no permission."""
    how = _OpenHow(os.O_PATH | os.O_CLOEXEC, 0, _RESOLVE_IN_ROOT)
    descriptor = _libc.syscall(
        ctypes.c_long(_OPENAT2),
        ctypes.c_int(root),
        ctypes.c_char_p(b"."),
        ctypes.byref(how),
        ctypes.c_size_t(ctypes.sizeof(how)),
    )
    if descriptor < 0:
        return False
    os.close(descriptor)
    return True


def _open_plain(root: int, path: str, flags: int, mode: int) -> int:
    """Open a path in which no link may be."""
    descriptor = _open_by_steps(root, path, flags, mode)
    if stat.S_ISLNK(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    return descriptor


def _open_by_steps(root: int, path: str, flags: int, mode: int) -> int:
    """What openat2 does, with one openat(2) for each directory and no link followed by it."""
    names = [name for name in path.split("/") if name]
    at = os.open(".", os.O_PATH | os.O_DIRECTORY, dir_fd=root)
    try:
        for name in names[:-1]:
            below = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        last = names[-1] if names else "."
        return os.open(last, flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=at)
    finally:
        os.close(at)


def resolve_in_root(root: int, path: str, *, follows_last: bool = True) -> str:
    """The path with its links followed inside the directory `root`: `a/b`, "" for the root.

    Names that are missing stay as they are. Raises OSError: ELOOP for links without an end,
    ENOTDIR, with the path up to there as its `filename`, for a name below what is no directory.
    """
    _refuse_nul(path)
    done: list[str] = []
    left = [name for name in path.split("/") if name not in ("", ".")][::-1]
    links = 0
    while left:
        name = left.pop()
        if name == "..":
            done[-1:] = []
            continue
        here = "/".join([*done, name])
        link = None
        if left or follows_last:
            link = _link_of(root, here)
        if link is None:
            done.append(name)
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), "/" + here)
        if link.startswith("/"):
            done.clear()
        left += [name for name in link.split("/") if name not in ("", ".")][::-1]
    return "/".join(done)


def _link_of(root: int, path: str) -> str | None:
    """What a link says; None for everything else, and for what is not there."""
    try:
        return os.readlink(path, dir_fd=root)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise OSError(error.errno, os.strerror(error.errno or 0), "/" + path) from None
