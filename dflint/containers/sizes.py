"""What containers take on disk."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from dflint.containers.records import ContainerRecord


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes: what a container has written itself, and with its image, which others share."""

    own: int
    virtual: int


def size_of(folder: str, record: ContainerRecord) -> Size:
    """The size of a container whose folder is given; files with several names count once."""
    own = tree_size(os.path.join(folder, "tree"))
    return Size(own, own + record.image_bytes)


def tree_size(tree: str) -> int:
    """The bytes of the files in a tree, as `du --apparent-size` counts them without directories."""
    seen: set[int] = set()
    total = 0
    for path, _, files in os.walk(tree):
        for name in files:
            try:
                status = os.lstat(os.path.join(path, name))
            except FileNotFoundError:
                continue
            if status.st_ino not in seen and stat.S_IFMT(status.st_mode) != stat.S_IFCHR:
                seen.add(status.st_ino)
                total += status.st_size
    return total
