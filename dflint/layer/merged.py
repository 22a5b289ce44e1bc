"""What layer trees make when they lie over each other, read without a mount."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPAQUE_NAMES = ("trusted.overlay.opaque", "user.overlay.opaque")
"""The attribute of a directory that hides what lies below it, as root and in a user namespace."""

MAXIMUM_DEPTH = 512
"""How deep directories may lie in a layer."""

_METADATA_ONLY = frozenset(
    f"{space}.overlay.{name}" for space in ("trusted", "user") for name in ("redirect", "metacopy")
)


def is_whiteout(status: os.stat_result) -> bool:
    """Whether an entry of a layer tree stands for a removed name (character device 0:0)."""
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def is_opaque(path: bytes) -> bool:
    """Whether a directory of a layer tree hides the directories below it.

    A BuildError when the tree was written with overlay options that leave data out.
    """
    names = os.listxattr(path, follow_symlinks=False)
    if not names:
        return False
    refuse_redirects(path, names)
    return any(name in names and os.getxattr(path, name) == b"y" for name in OPAQUE_NAMES)


def refuse_redirects(path: bytes, names: Sequence[str]) -> None:
    """A BuildError when attributes called `names` say that the content lies elsewhere."""
    for name in names:
        if name in _METADATA_ONLY:
            raise BuildError(
                f"`{os.fsdecode(path)}` has the attribute {name}: layers are made with overlay's"
                " redirect_dir=off and metacopy=off"
            )


@dataclass(slots=True)
class Place:
    """A name in the merged tree: the file that counts, and for directories all that make it.

    `path` is the file on disk; `directories` are the merged directories, topmost first.
    """

    path: bytes
    status: os.stat_result
    directories: tuple[bytes, ...] = ()


class MergedTree:
    """The file system of layer trees, given topmost last.

    Names are looked up part by part and no symbolic link is followed. Directories are remembered,
    so the trees must not change.
    """

    def __init__(self, trees: Sequence[str]) -> None:
        roots = tuple(os.fsencode(tree) for tree in reversed(trees))
        self._known: dict[bytes, Place | None] = {b"": _root(roots)}

    def find(self, name: bytes) -> Place | None:
        """What `name` (relative, clean, b"" for the root) is, or None."""
        try:
            return self._known[name]
        except KeyError:
            pass
        folder, _, base = name.rpartition(b"/")
        parent = self.find(folder)
        place = _child(parent, base) if parent is not None else None
        if place is None or place.directories:
            self._known[name] = place
        return place

    def walk(self, name: bytes = b"") -> Iterator[tuple[bytes, Place]]:
        """All below a directory, sorted as Go's filepath.Walk does: (name, what it is)."""
        place = self.find(name)
        if place is None:
            return
        yield from self._below(name + b"/" if name else b"", place)

    def _below(self, prefix: bytes, place: Place) -> Iterator[tuple[bytes, Place]]:
        for base in _names(place.directories):
            child = _child(place, base)
            if child is None:
                continue
            yield prefix + base, child
            if child.directories:
                check_depth(prefix)
                yield from self._below(prefix + base + b"/", child)


def check_depth(prefix: bytes) -> None:
    """A BuildError when what is below a directory, given with a slash at its end, is too deep."""
    if prefix.count(b"/") >= MAXIMUM_DEPTH:
        start = os.fsdecode(prefix[:60])
        raise BuildError(f"`{start}…`: directories are more than {MAXIMUM_DEPTH} deep")


def _root(roots: tuple[bytes, ...]) -> Place | None:
    return Place(roots[0], os.lstat(roots[0]), roots) if roots else None


def _names(directories: tuple[bytes, ...]) -> list[bytes]:
    if len(directories) == 1:
        return sorted(os.listdir(directories[0]))
    return sorted({base for path in directories for base in os.listdir(path)})


def _child(parent: Place, base: bytes) -> Place | None:
    top: os.stat_result | None = None
    found: list[bytes] = []
    for directory in parent.directories:
        path = directory + b"/" + base
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(status.st_mode):
            if top is None and not is_whiteout(status):
                return Place(path, status)
            break
        if top is None:
            top = status
        found.append(path)
        if is_opaque(path):
            break
    return Place(found[0], top, tuple(found)) if top is not None else None
