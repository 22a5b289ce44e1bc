"""Layers that no state above them differs for, so that overlayfs need not look into them."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

#: What an executor makes in a root where it is missing, for each step anew.
_FOLDER = "etc"
_FILES = ("hosts", "resolv.conf")
#: The attributes that overlayfs gives to what it copies up.
_OWN = {f"{one}.overlay.{name}" for one in ("trusted", "user") for name in ("origin", "impure")}


def adds_nothing(tree: str, below: Sequence[str]) -> bool:
    """Whether a layer's tree says nothing that those below, bottom to top, do not say.

    Most steps leave a copy of /etc, as they had files of their own there meanwhile. Its times are
    the only ones that differ, and those the next step sets for the same reason.
    """
    with os.scandir(tree) as entries:
        names = [entry.name for entry in entries]
    return not names or (names == [_FOLDER] and _is_trace(os.path.join(tree, _FOLDER), below))


def _is_trace(path: str, below: Sequence[str]) -> bool:
    from dflint.layer.merged import MergedTree

    merged, name = MergedTree(below), os.fsencode(_FOLDER)
    old = merged.find(name)
    if old is None or all(merged.find(b"%s/%s" % (name, one.encode())) for one in _FILES):
        return False
    was, now = old.status, os.lstat(path)
    return (
        stat.S_ISDIR(now.st_mode)
        and (was.st_mode, was.st_uid, was.st_gid) == (now.st_mode, now.st_uid, now.st_gid)
        and not os.listdir(path)
        and not _attributes(path)
        and not _attributes(os.fsdecode(old.path))
    )


def _attributes(path: str) -> set[str]:
    """The attributes that somebody gave to a directory."""
    return set(os.listxattr(path, follow_symlinks=False)) - _OWN
