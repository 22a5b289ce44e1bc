"""What a layer tree changes in the file system below it, in the order and choice of BuildKit.

The rules are those of BuildKit's overlay differ: a directory that was only copied up is no change,
a file that was copied up and has its old content neither, and what an opaque directory hides is
removed name by name.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import NamedTuple

from dflint.layer.merged import MergedTree, check_depth, is_opaque, is_whiteout, refuse_redirects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.layer.merged import Place

CAPABILITY = "security.capability"
_CHUNK = 1 << 20
_SECOND = 1_000_000_000


class Change(NamedTuple):
    """A name that is there (`status` says as what) or was removed (`status` is None).

    `is_link_only`: the name did not change, but shares its file with one that may have.
    """

    name: bytes
    status: os.stat_result | None
    is_link_only: bool = False


def changes(tree: bytes, lower: Sequence[str]) -> Iterator[Change]:
    """The changes of a layer tree, directories before what is in them, names sorted as bytes."""
    return _walk(tree, b"", MergedTree(lower))


def capability(path: bytes) -> bytes | None:
    """The file capabilities of a file, as the kernel stores them."""
    try:
        return os.getxattr(path, CAPABILITY, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise


def _walk(tree: bytes, prefix: bytes, lower: MergedTree) -> Iterator[Change]:
    check_depth(prefix)
    with os.scandir(tree + b"/" + prefix) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        name = prefix + entry.name
        status = entry.stat(follow_symlinks=False)
        below = lower.find(name)
        if is_whiteout(status):
            if below is not None:
                yield Change(name, None)
            continue
        if below is None or not _is_same(below, entry.path, status):
            yield Change(name, status)
        if not stat.S_ISDIR(status.st_mode):
            continue
        if below is not None and is_opaque(entry.path):
            yield from _replaced(tree, name, lower)
        else:
            refuse_redirects(entry.path, os.listxattr(entry.path, follow_symlinks=False))
            yield from _walk(tree, name + b"/", lower)


def _replaced(tree: bytes, name: bytes, lower: MergedTree) -> Iterator[Change]:
    """The changes in an opaque directory: both sides walked in step."""
    old = lower.walk(name)
    new = MergedTree([os.fsdecode(tree + b"/" + name)]).walk()
    before, after = next(old, None), next(new, None)
    removed = None
    while before is not None or after is not None:
        first = b"" if before is None else before[0]
        second = b"" if after is None else name + b"/" + after[0]
        if before is not None and (after is None or _order(first) < _order(second)):
            if removed is None or not first.startswith(removed):
                yield Change(first, None)
                removed = first + b"/" if before[1].directories else None
            before = next(old, None)
            continue
        assert after is not None
        status = after[1].status
        removed = None
        if before is not None and first == second:
            is_same = _is_same(before[1], after[1].path, status)
            if before[1].directories and not after[1].directories:
                removed = first + b"/"
            if not is_same or (status.st_nlink > 1 and not after[1].directories):
                yield Change(second, status, is_same)
            before = next(old, None)
        else:
            yield Change(second, status)
        after = next(new, None)


def _order(name: bytes) -> list[bytes]:
    return name.split(b"/")


def _is_same(below: Place, path: bytes, status: os.stat_result) -> bool:
    """Whether a file is as the one below it, by what a copy-up keeps.

    Content is read only where both times may have been cut to seconds.
    """
    old = below.status
    if (old.st_mode, old.st_uid, old.st_gid, old.st_rdev) != (
        status.st_mode,
        status.st_uid,
        status.st_gid,
        status.st_rdev,
    ):
        return False
    if capability(below.path) != capability(path):
        return False
    if stat.S_ISDIR(status.st_mode):
        return True
    if old.st_size != status.st_size or old.st_mtime_ns != status.st_mtime_ns:
        return False
    if status.st_mtime_ns % _SECOND:
        return True
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(below.path) == os.readlink(path)
    return status.st_size == 0 or has_same_content(below.path, path)


def has_same_content(first: bytes, second: bytes) -> bool:
    """Whether two files, by their paths, hold the same bytes."""
    with open(first, "rb", buffering=0) as one, open(second, "rb", buffering=0) as other:
        while True:
            left = one.read(_CHUNK)
            if left != other.read(len(left) or 1):
                return False
            if not left:
                return True
