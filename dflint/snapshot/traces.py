"""What steps leave of files that they have of their own, and places for those made ahead.

An executor shows each process its own /etc/hosts and /etc/resolv.conf. Where a root has none it
makes empty ones to show them at, which are taken out again, and leaves a copy of /etc.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass

_FOLDER = "etc"
FILES = ("hosts", "resolv.conf")
"""What an executor makes in /etc of a root where it is missing, for each step anew."""
#: The attributes that overlayfs gives to what it copies up.
_OWN = {f"{one}.overlay.{name}" for one in ("trusted", "user") for name in ("origin", "impure")}


@dataclass(frozen=True, slots=True)
class Folder:
    """/etc of a root in which some of `FILES` are missing; nobody gave it attributes."""

    status: os.stat_result
    missing: tuple[str, ...]


def find_folder(below: Sequence[str]) -> Folder | None:
    """/etc of the root that layers make, bottom to top; None where it is no such folder."""
    from dflint.layer.merged import MergedTree

    merged, name = MergedTree(below), os.fsencode(_FOLDER)
    found = merged.find(name)
    if found is None or not found.directories or _attributes(os.fsdecode(found.path)):
        return None
    missing = (one for one in FILES if merged.find(b"%s/%s" % (name, one.encode())) is None)
    folder = Folder(found.status, tuple(missing))
    return folder if folder.missing else None


def touches_folder(names: Sequence[str]) -> bool:
    """Whether a layer with these names at its top may say anything of /etc."""
    return _FOLDER in names


def adds_nothing(tree: str, below: Sequence[str], folder: Folder | None = None) -> bool:
    """Whether a layer's tree says nothing that those below, bottom to top, do not say.

    Most steps leave a copy of /etc, as they had files of their own there meanwhile. Its times are
    the only ones that differ, and those the next step sets for the same reason. `folder` is what
    `find_folder` finds below, where that is known.
    """
    names = os.listdir(tree)
    if names != [_FOLDER]:
        return not names
    path = os.path.join(tree, _FOLDER)
    return _is_trace(path, folder or find_folder(below))


def _is_trace(path: str, folder: Folder | None) -> bool:
    if folder is None:
        return False
    was, now = folder.status, os.lstat(path)
    return (
        stat.S_ISDIR(now.st_mode)
        and (was.st_mode, was.st_uid, was.st_gid) == (now.st_mode, now.st_uid, now.st_gid)
        and not os.listdir(path)
        and not _attributes(path)
    )


def _attributes(path: str) -> set[str]:
    """The attributes that somebody gave to a directory."""
    return set(os.listxattr(path, follow_symlinks=False)) - _OWN


def make_places(tree: str, missing: Sequence[str]) -> None:
    """Make what an executor would make in the tree of a new layer; raises OSError."""
    path = os.path.join(tree, _FOLDER)
    os.mkdir(path, 0o755)
    for name in missing:
        os.close(os.open(f"{path}/{name}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))


def adopt_folder(tree: str, folder: Folder) -> None:
    """Make /etc of a new layer what overlayfs would, were it copied up now; raises OSError."""
    path, status = os.path.join(tree, _FOLDER), folder.status
    if status.st_uid or status.st_gid:
        os.chown(path, status.st_uid, status.st_gid)
    os.chmod(path, stat.S_IMODE(status.st_mode))
    os.utime(path, ns=(status.st_atime_ns, time.time_ns()))


def take_places(tree: str, missing: Sequence[str]) -> None:
    """Take out what `make_places` has made and is empty still; the times of /etc stay.

    No link is followed: a process may have put anything there.
    """
    try:
        path = os.path.join(tree, _FOLDER)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        times = os.fstat(folder)
        for name in missing:
            with contextlib.suppress(FileNotFoundError):
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and not found.st_size:
                    os.unlink(name, dir_fd=folder)
        os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns))
    finally:
        os.close(folder)
