"""The files of an image, normalised: what of the merged layers people and programs can see."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest

from dflint.layer.merged import MergedTree, Place

_KINDS = {
    stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link",
    stat.S_IFCHR: "character device", stat.S_IFBLK: "block device", stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
}  # fmt: skip
#: What overlayfs keeps for itself.
_OVERLAY = ("trusted.overlay.", "user.overlay.")


@dataclass(slots=True)
class Entry:
    """What is at one path of an image.

    `source` is the file on disk that holds it; `links` the names of the same file, of which the
    first stands for all, empty for a file with one name. `time` is in nanoseconds since 1970.
    """

    source: bytes
    kind: str
    mode: int
    owner: str
    size: int
    time: int
    device: str = ""
    target: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    _digest: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of a file's content; empty for what has none."""
        if self.kind == "file" and not self._digest:
            with open(self.source, "rb") as file:
                self._digest = "sha256:" + file_digest(file, "sha256").hexdigest()
        return self._digest

    def content(self) -> bytes:
        """The bytes of a file."""
        with open(self.source, "rb") as file:
            return file.read()


#: The files of an image by absolute path, directories before what is in them.
Manifest = dict[str, Entry]


def read_manifest(trees: Sequence[str]) -> Manifest:
    """The files of layers, topmost last. Its own directory is no part of an image's archives."""
    found: Manifest = {}
    groups: dict[tuple[bytes, int], list[str]] = {}
    for name, place in MergedTree(trees).walk():
        path = "/" + os.fsdecode(name)
        found[path] = _entry(place)
        status = place.status
        if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
            root = place.path[: -len(name)]
            groups.setdefault((root, status.st_ino), []).append(path)
    for names in groups.values():
        for path in names:
            found[path].links = tuple(names) if len(names) > 1 else ()
    return found


def _entry(place: Place) -> Entry:
    status = place.status
    kind = stat.S_IFMT(status.st_mode)
    has_device = kind in (stat.S_IFCHR, stat.S_IFBLK)
    number = status.st_rdev
    return Entry(
        place.path,
        _KINDS.get(kind, "other"),
        stat.S_IMODE(status.st_mode),
        f"{status.st_uid}:{status.st_gid}",
        status.st_size if kind == stat.S_IFREG else 0,
        status.st_mtime_ns,
        f"{os.major(number)}:{os.minor(number)}" if has_device else "",
        os.fsdecode(os.readlink(place.path)) if kind == stat.S_IFLNK else "",
        tuple(_attributes(place.path)),
    )


def _attributes(path: bytes) -> Iterator[tuple[str, str]]:
    for name in sorted(os.listxattr(path, follow_symlinks=False)):
        if not name.startswith(_OVERLAY):
            yield name, os.getxattr(path, name, follow_symlinks=False).hex()
