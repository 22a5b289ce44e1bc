"""Mount points that are made in a root for a step, and taken out of it afterwards.

BuildKit leaves nothing of them in the layer but `dev`, `proc` and `sys`: what was missing before
and is empty afterwards goes. What a command has put beside a mount stays, with the directories
above it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator

from dflint.kernel.openat2 import open_in_root, resolve_in_root


class MountPoints:
    """The names that were missing in a root before a step, from the deepest upwards."""

    def __init__(self, root: str, targets: tuple[str, ...]) -> None:
        self._root = root
        missing: set[str] = set()
        self._are_missing = False
        root_fd = os.open(root, os.O_PATH | os.O_DIRECTORY)
        try:
            for target in targets:
                try:
                    missing.update(_missing(root_fd, resolve_in_root(root_fd, target)))
                except OSError:
                    self._are_missing = True
        finally:
            os.close(root_fd)
        self._are_missing |= bool(missing)
        self._missing = sorted(missing, key=lambda path: path.count("/"), reverse=True)

    @property
    def are_missing(self) -> bool:
        """Whether there are any; there may be when a target could not be looked for."""
        return self._are_missing

    def remove(self) -> None:
        """Removes what is there now and empty; the times of the directories above stay."""
        root_fd = os.open(self._root, os.O_PATH | os.O_DIRECTORY)
        try:
            for path in self._missing:
                with contextlib.suppress(OSError):
                    _remove_empty(root_fd, path)
        finally:
            os.close(root_fd)


def _missing(root_fd: int, path: str) -> Iterator[str]:
    """The path and what is above it, as far as it is not there."""
    while path and not _exists(root_fd, path):
        yield path
        path = os.path.dirname(path)


def _exists(root_fd: int, path: str) -> bool:
    try:
        os.stat(path, dir_fd=root_fd, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _remove_empty(root_fd: int, path: str) -> None:
    folder, name = os.path.split(path)
    above = open_in_root(root_fd, folder or ".", os.O_RDONLY | os.O_DIRECTORY, follows_links=False)
    try:
        found = os.stat(name, dir_fd=above, follow_symlinks=False)
        times = os.fstat(above)
        if stat.S_ISDIR(found.st_mode):
            os.rmdir(name, dir_fd=above)
        elif found.st_size:
            return
        else:
            os.unlink(name, dir_fd=above)
        os.utime(above, ns=(times.st_atime_ns, times.st_mtime_ns))
    finally:
        os.close(above)
