"""A directory into which file systems are copied, as `type=local` does."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from dflint.build.exporter.destination import naming, temporary_name
from dflint.build.exporter.image import Entry
from dflint.kernel.file_content import read_xattrs, set_xattrs

_NANOSECONDS = 1_000_000_000
# The owner is another than in the image, to whom the capabilities of a program were given.
_CAPABILITY = "security.capability"


class LocalFolder:
    """The destination; `path` is where to copy to, another name while it is not complete.

    No link of the destination is followed: what is in the way of a directory is replaced.
    """

    def __init__(self, destination: str, epoch: int | None) -> None:
        self._destination = destination
        self._epoch = None if epoch is None else epoch * _NANOSECONDS
        self._is_new = not os.path.isdir(destination)
        #: Directories with their modes and times, which are set when all is in them.
        self._folders: list[tuple[bytes, int, int]] = []
        self.path = destination
        if self._is_new:
            self.path = temporary_name(os.path.abspath(destination))

    def __enter__(self) -> Self:
        if self._is_new:
            with naming(self._destination):
                os.makedirs(self.path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and self._is_new:
            shutil.rmtree(self.path, ignore_errors=True)

    def add_platform(self, name: str) -> str:
        """The folder of one platform; its time is the beginning of 1970."""
        path = os.path.join(self.path, name)
        with naming(self._destination):
            _make_folder(os.fsencode(path))
        self._folders.append((os.fsencode(path), 0o755, 0))
        return path

    def add(self, place: str, entries: Iterable[tuple[bytes, Entry]]) -> None:
        """Copy all entries of a file system into a folder."""
        root = os.fsencode(place)
        links: dict[tuple[int, int], bytes] = {}
        with naming(self._destination):
            for name, entry in entries:
                self._add_entry(os.path.join(root, name), entry, links)

    def finish(self) -> None:
        """Set the modes and times of directories, and let the directory appear."""
        with naming(self._destination):
            for path, mode, time in reversed(self._folders):
                os.utime(path, ns=(time, time))
                os.chmod(path, mode)
            if self._is_new:
                os.replace(self.path, self._destination)

    def _add_entry(self, path: bytes, entry: Entry, links: dict[tuple[int, int], bytes]) -> None:
        status = entry.status
        time = status.st_mtime_ns if self._epoch is None else self._epoch
        if stat.S_ISDIR(status.st_mode):
            _make_folder(path)
            _copy_attributes(entry, path)
            self._folders.append((path, stat.S_IMODE(status.st_mode), time))
            return
        if stat.S_ISSOCK(status.st_mode):
            return
        temporary = os.fsencode(temporary_name(os.fsdecode(path)))
        try:
            _make(temporary, entry, links)
            _copy_attributes(entry, temporary)
            if not stat.S_ISLNK(status.st_mode):
                os.chmod(temporary, stat.S_IMODE(status.st_mode))
            os.utime(temporary, ns=(time, time), follow_symlinks=False)
            _clear(path)
            os.replace(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        if status.st_nlink > 1:
            links.setdefault((status.st_dev, status.st_ino), path)


def _make(path: bytes, entry: Entry, links: dict[tuple[int, int], bytes]) -> None:
    """Make a file that is no directory; one that has another name already becomes a link to it."""
    status = entry.status
    known = links.get((status.st_dev, status.st_ino)) if status.st_nlink > 1 else None
    if known is not None:
        os.link(known, path, follow_symlinks=False)
    elif stat.S_ISREG(status.st_mode):
        # The mode is set when all is written; until then nobody else reads it.
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(file, "wb") as target, open(entry.path, "rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
    elif stat.S_ISLNK(status.st_mode):
        os.symlink(os.readlink(entry.path), path)
    else:
        os.mknod(path, status.st_mode, status.st_rdev)


def _copy_attributes(entry: Entry, path: bytes) -> None:
    """Set the extended attributes that BuildKit sets: all but capabilities."""
    found = read_xattrs(os.fsdecode(entry.path))
    set_xattrs(os.fsdecode(path), [one for one in found if one[0] != _CAPABILITY])


def _make_folder(path: bytes) -> None:
    """Make a directory that we can write into, whatever is there."""
    if os.path.islink(path) or (os.path.lexists(path) and not os.path.isdir(path)):
        os.unlink(path)
    if not os.path.isdir(path):
        os.mkdir(path)
    os.chmod(path, 0o700)


def _clear(path: bytes) -> None:
    """Remove a directory that is where a file goes."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
