"""Making directories inside a root, with BuildKit's rules and errors; what WORKDIR does."""

from __future__ import annotations

import errno
import os
import stat

from dflint.errors import BuildError
from dflint.files.owners import resolve_owner
from dflint.kernel.openat2 import open_in_root, resolve_in_root

Owner = tuple[int, int] | None

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: No new directory can be written by others than its owner, whatever --chmod says.
_UMASK = 0o022
_SECOND = 1_000_000_000


def make_directory(
    root: str, path: str, owner: str, epoch: int | None, *, has_base: bool = True
) -> None:
    """What WORKDIR does: makes a directory with mode 0755, and those above it that are missing.

    `root` is the mounted root directory, `path` absolute in it, `owner` `user[:group]` or "" for
    0:0. New directories alone get the owner, and the epoch (seconds) as their times where it is
    given. BuildError for names without a base (see `resolve_owner`) and for a file in the way.
    """
    root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        ids = resolve_owner(owner, root_fd, has_base=has_base)
        try:
            resolved = resolve_in_root(root_fd, path)
        except OSError as error:
            place = path if error.errno == errno.ELOOP else error.filename
            raise BuildError(f"lstat {place}: {_text(error)}") from None
        times = None if epoch is None else epoch * _SECOND
        os.close(make_directories(root_fd, resolved, 0o755, ids, times))
    finally:
        os.close(root_fd)


def resolve_target(root: int, path: str) -> str:
    """A destination with its links followed inside the root: `a/b`, "" for the root itself."""
    try:
        return resolve_in_root(root, path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise BuildError(f"too many links: {error.filename}") from None
        raise BuildError(f"lstat {error.filename}: {_text(error)}") from None


def make_directories(root: int, path: str, mode: int, owner: Owner, times: int | None) -> int:
    """The descriptor of a directory whose path has no links; makes what is missing of it."""
    at = open_in_root(root, ".", _DIRECTORY)
    done = ""
    for name in path.split("/") if path else ():
        done += "/" + name
        try:
            below = _open_or_make(at, name, done, mode, owner, times)
        finally:
            os.close(at)
        at = below
    return at


def _open_or_make(
    parent: int, name: str, path: str, mode: int, owner: Owner, times: int | None
) -> int:
    try:
        return os.open(name, _DIRECTORY, dir_fd=parent)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise BuildError(f"mkdir {path}: {_text(error)}") from None
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
    except OSError as error:
        raise BuildError(f"mkdir {path}: {_text(error)}") from None
    fd = os.open(name, _DIRECTORY, dir_fd=parent)
    if owner is not None:
        set_owner(fd, owner, path)
    is_inherited = os.fstat(fd).st_mode & stat.S_ISGID
    os.fchmod(fd, (mode & 0o777 & ~_UMASK) | is_inherited)
    if times is not None:
        os.utime(fd, ns=(times, times))
    return fd


def set_owner(fd: int, owner: tuple[int, int], path: str) -> None:
    """Gives an open file to a user and a group; BuildError where this machine has no such ids."""
    try:
        os.fchown(fd, *owner)
    except OSError as error:
        raise owner_refused(path, owner, error) from None


def owner_refused(path: str, owner: tuple[int, int], error: OSError) -> BuildError:
    """The error for an owner that cannot be given.

    An invalid argument is an id that the user namespace does not map.
    """
    hint = ""
    if error.errno == errno.EINVAL:
        hint = " (try increasing the number of subordinate IDs in /etc/subuid and /etc/subgid)"
    return BuildError(f"failed to chown {path} to {owner[0]}:{owner[1]}: {_text(error)}{hint}")


def _text(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else str(error)).lower()
