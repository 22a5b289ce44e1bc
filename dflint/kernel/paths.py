"""What is made and found inside a root that is not trusted."""

from __future__ import annotations

import contextlib
import os

from dflint.kernel.openat2 import open_in_root, resolve_in_root


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
            at = open_or_make_directory(at, name)
            opened.callback(os.close, at)
        if not is_directory:
            os.close(os.open(names[-1], os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o644, dir_fd=at))
    return open_in_root(root_fd, path)


def open_or_make_directory(at: int, name: str) -> int:
    """Opens a directory, which must be no link, in the one that is open; makes a missing one."""
    flags = os.O_PATH | os.O_DIRECTORY
    try:
        return open_in_root(at, name, flags, follows_links=False)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=at)
    return open_in_root(at, name, flags, follows_links=False)


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
