"""Paths inside a root that is not trusted (openat2(2))."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os

from dflint.kernel.libc import OPENAT2, system_call

_RESOLVE_NO_MAGICLINKS = 0x02
_RESOLVE_NO_SYMLINKS = 0x04
_RESOLVE_IN_ROOT = 0x10
_LINKS = 255


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


def open_in_root(
    root_fd: int, path: str, flags: int = os.O_PATH, *, follows_links: bool = True
) -> int:
    """Opens `path` as if the directory `root_fd` were the root: no link, no `..` leads out.

    Without `follows_links` a link anywhere in the path is an error (ELOOP).
    """
    resolve = _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS
    if not follows_links:
        resolve |= _RESOLVE_NO_SYMLINKS
    how = _OpenHow(flags=flags | os.O_CLOEXEC, resolve=resolve)
    while True:
        try:
            return system_call(
                OPENAT2,
                f"open {path}",
                root_fd,
                os.fsencode(path),
                ctypes.byref(how),
                ctypes.sizeof(how),
            )
        except BlockingIOError:  # something was renamed meanwhile
            continue


def resolve_in_root(root_fd: int, path: str) -> str:
    """The path with its links followed inside the root: `a/b`, "" for the root itself.

    Names that are missing stay as they are. Raises OSError (ELOOP) for links without an end.
    """
    done: list[str] = []
    left = path.split("/")[::-1]
    links = 0
    while left:
        name = left.pop()
        if name in {"", "."}:
            continue
        if name == "..":
            done[-1:] = []
            continue
        try:
            link = os.readlink("/".join([*done, name]), dir_fd=root_fd)
        except OSError:
            done.append(name)
            continue
        links += 1
        if links > _LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        if link.startswith("/"):
            done.clear()
        left += link.split("/")[::-1]
    return "/".join(done)


def open_or_make(root_fd: int, path: str, *, is_directory: bool) -> int:
    """Opens `path` inside the root for mounting on it; makes what is missing of it.

    Directories are made with mode 0755, a file empty. The descriptor is an O_PATH one.
    """
    try:
        return open_in_root(root_fd, path)
    except FileNotFoundError:
        pass
    names = resolve_in_root(root_fd, path).split("/")
    with contextlib.ExitStack() as opened:
        at = root_fd
        for name in names if is_directory else names[:-1]:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, 0o755, dir_fd=at)
            at = open_in_root(at, name, os.O_PATH | os.O_DIRECTORY, follows_links=False)
            opened.callback(os.close, at)
        if not is_directory:
            os.close(os.open(names[-1], os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o644, dir_fd=at))
    return open_in_root(root_fd, path)


def exists_inside(root: str, path: str) -> bool:
    """Whether something is at `path` in the tree at `root`, links followed inside it."""
    root_fd = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.close(open_in_root(root_fd, path))
    except OSError:
        return False
    finally:
        os.close(root_fd)
    return True
