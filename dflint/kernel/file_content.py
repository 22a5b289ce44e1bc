"""What is in files: its key, data that does not pass through Python, extended attributes."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import NamedTuple

from dflint.errors import BuildError

_CHUNK = 1 << 30
_SMALL = 1 << 16
#: What the kernel or a file system answers that cannot copy within itself.
_CANNOT = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}
#: Marks of overlayfs itself, which are no part of what is laid over each other.
_OVERLAY = ("trusted.overlay.", "user.overlay.")


class StatKey(NamedTuple):
    """What tells a file's content apart without reading it; times in nanoseconds."""

    device: int
    inode: int
    size: int
    mtime: int
    ctime: int


def stat_key(status: os.stat_result) -> StatKey:
    """The key of a file."""
    return StatKey(
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )


def copy_data(source: int, target: int, status: os.stat_result) -> int:
    """Copies a file's data, keeping holes; gives how many bytes the source has had."""
    size = status.st_size
    if size <= _SMALL:
        data = os.read(source, _SMALL + 1)
        _write(target, data)
        return len(data)
    if status.st_blocks * 512 < size:
        return _copy_sparse(source, target, size)
    return _copy_range(source, target, 0, None)


def _copy_sparse(source: int, target: int, size: int) -> int:
    at = 0
    while at < size:
        try:
            begin = os.lseek(source, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                break
            raise
        end = os.lseek(source, begin, os.SEEK_HOLE)
        os.lseek(source, begin, os.SEEK_SET)
        os.lseek(target, begin, os.SEEK_SET)
        if _copy_range(source, target, begin, end) < end:
            break
        at = end
    os.ftruncate(target, size)
    return os.fstat(source).st_size


def _copy_range(source: int, target: int, at: int, end: int | None) -> int:
    """Copies from the files' places up to `end` of the source; gives the place reached."""
    begin = at
    while end is None or at < end:
        wanted = _CHUNK if end is None else min(end - at, _CHUNK)
        try:
            count = os.copy_file_range(source, target, wanted)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
            return _send(source, target, at, end)
        if not count:
            # Some file systems report an end where there is none.
            return _send(source, target, at, end) if at == begin else at
        at += count
    return at


def _send(source: int, target: int, at: int, end: int | None) -> int:
    while end is None or at < end:
        count = os.sendfile(target, source, None, _CHUNK if end is None else end - at)
        if not count:
            break
        at += count
    return at


def _write(target: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(target, view) :]


def check_unchanged(before: os.stat_result, after: os.stat_result, count: int, path: str) -> None:
    """BuildError when a file changed while it was read."""
    was = (before.st_ino, before.st_size, before.st_mtime_ns)
    if was != (after.st_ino, after.st_size, after.st_mtime_ns) or count != before.st_size:
        raise BuildError(f"/{path} changed while it was read")


def read_xattrs(path: str | int) -> list[tuple[str, bytes]]:
    """The extended attributes of a file, sorted by name; none where there cannot be any."""
    try:
        names = os.listxattr(path, follow_symlinks=isinstance(path, int))
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.EPERM, errno.EACCES):
            return []
        raise
    found = []
    for name in sorted(names):
        if not name.startswith(_OVERLAY):
            with contextlib.suppress(OSError):
                value = os.getxattr(path, name, follow_symlinks=isinstance(path, int))
                found.append((name, value))
    return found


def set_xattrs(path: str | int, attributes: list[tuple[str, bytes]]) -> None:
    """Sets extended attributes; those that are refused here are left out, as BuildKit does."""
    for name, value in attributes:
        with contextlib.suppress(OSError):
            os.setxattr(path, name, value, follow_symlinks=isinstance(path, int))
