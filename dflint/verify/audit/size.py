"""Each byte of an image by the instruction that it comes from and by what it is."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dflint.build.session import BuiltImage
from dflint.layer.changes import changes, has_same_content
from dflint.layer.merged import MergedTree, Place, is_opaque, is_whiteout
from dflint.layer.writer import tar_size
from dflint.lint.contract import directory_paths, path_pattern
from dflint.shell.caches import CACHES
from dflint.verify.audit.origins import Origin, origins

#: What can be left out of an image, by patterns of paths, and what it is.
_CLASSES = (
    ("package lists", ("/var/lib/apt/lists/**",)),
    ("package caches", ("/var/cache/apt/**", *(
        path for name, cache in CACHES.items() if name != "apt-lists"
        for path in directory_paths(cache.directories)
    ))),
    ("temporary files", ("/tmp/**", "/var/tmp/**")),
    ("logs", ("/var/log/**",)),
    ("files", ("/usr/share/doc/**/copyright", "/usr/share/licenses/**")),
    ("documentation", tuple(
        f"/usr/{folder}share/{name}/**" for folder in ("", "local/")
        for name in ("doc", "man", "info", "gtk-doc", "help")
    )),
    ("version control", ("/**/.git/**", "/.git/**")),
    ("byte code", ("/**/__pycache__/**",)),
)  # fmt: skip
#: What a later layer removes, what one puts another content in the place of, and what a layer has
#: once more with another mode, owner or time. What is not known is a file of the image.
DELETED, REPLACED, COPIES, FILES = "deleted later", "replaced later", "copies", "files"
#: Headers of a layer's archive, what fills its blocks up, and marks of what is removed.
ARCHIVE = "archive"
#: What nobody sees of an image, though its layers have it.
HIDDEN = (DELETED, REPLACED, COPIES)
#: Classes of which an image needs nothing.
NEEDLESS = (
    *HIDDEN, "package lists", "package caches", "temporary files", "documentation",
    "version control",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """So many bytes, in so many files, of one class in the layers of one instruction.

    The class is one of `HIDDEN` for what nobody sees, `files` for what is not known, `archive` for
    what is no file's content.
    """

    origin: Origin
    kind: str
    size: int
    files: int

    @property
    def is_needless(self) -> bool:
        """Whether the image would do without."""
        return self.kind in NEEDLESS

    def plain(self) -> dict[str, object]:
        """It as a JSON object."""
        return {
            "line": self.origin.line, "instruction": self.origin.text, "class": self.kind,
            "bytes": self.size, "files": self.files, "needless": self.is_needless,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SizedFile:
    """A file in a layer of an image: its path from `/`, its bytes, and its class as in `Share`.

    Layers are numbered from the bottom; `hidden_by` is the lowest one that removes or replaces it,
    None for a file that the image shows, and for one of the class `copies`.
    """

    layer: int
    path: str
    size: int
    kind: str
    hidden_by: int | None


def audit_size(image: BuiltImage, text: str) -> list[Share]:
    """The shares of an image built of a text, from the bottom: each byte of its layers' archives.

    Those of a class are of the contents of files; what the archives have besides is `ARCHIVE`.
    """
    layers = origins(image, text)
    sums: dict[tuple[Origin, str], list[int]] = {}
    for one in sized_files(image.trees):
        row = sums.setdefault((layers[one.layer], one.kind), [0, 0])
        row[0] += one.size
        row[1] += 1
    for number, tree in enumerate(image.trees):
        total = tar_size(tree, image.trees[:number])
        inside = sum(size for _, size in _contents(os.fsencode(tree), image.trees[:number]))
        sums.setdefault((layers[number], ARCHIVE), [0, 0])[0] += total - inside
    return [Share(origin, kind, *row) for (origin, kind), row in sums.items()]


def sized_files(trees: Sequence[str]) -> Iterator[SizedFile]:
    """The files of all layers of an image, from the bottom, by the trees of the layers.

    They are those of the layers' archives: what a directory on disk has besides is no change.
    """
    for layer, tree in enumerate(trees):
        below = MergedTree(trees[:layer])
        for name, size in _contents(os.fsencode(tree), trees[:layer]):
            path, place = "/" + os.fsdecode(name), os.fsencode(tree) + b"/" + name
            if size and _is_same_file(below.find(name), place, size):
                yield SizedFile(layer, path, size, COPIES, None)
                continue
            kind, above = _fate(trees, layer, path, size)
            yield SizedFile(layer, path, size, kind, above)


def _contents(tree: bytes, lower: Sequence[str]) -> Iterator[tuple[bytes, int]]:
    """The files of a layer with their sizes; one with several names counts once."""
    seen: set[int] = set()
    for change in changes(tree, lower):
        status = change.status
        if status is None or change.is_link_only or not stat.S_ISREG(status.st_mode):
            continue
        if status.st_nlink == 1 or status.st_ino not in seen:
            seen.add(status.st_ino)
            yield change.name, status.st_size


def _is_same_file(below: Place | None, path: bytes, size: int) -> bool:
    """Whether what is below is a file with the content of another."""
    if below is None or not stat.S_ISREG(below.status.st_mode) or below.status.st_size != size:
        return False
    return has_same_content(below.path, path)


def _fate(trees: Sequence[str], layer: int, path: str, size: int) -> tuple[str, int | None]:
    """The class of a file of a layer, and the layer that hides it."""
    found = _hidden_by(path, trees[layer + 1 :])
    if found is None:
        return _class_of(path), None
    above, is_file = layer + 1 + found[0], found[1]
    if not is_file:
        return DELETED, above
    first, second = os.fsencode(trees[layer] + path), os.fsencode(trees[above] + path)
    status = os.lstat(second)
    is_alike = stat.S_ISREG(status.st_mode) and status.st_size == size
    if size and is_alike and has_same_content(first, second):
        return _fate(trees, above, path, size)
    return REPLACED, above


def _class_of(path: str) -> str:
    return next(
        (kind for kind, patterns in _patterns() if any(one.match(path) for one in patterns)), FILES
    )


@cache
def _patterns() -> list[tuple[str, list[re.Pattern[str]]]]:
    return [(kind, [path_pattern(one) for one in paths]) for kind, paths in _CLASSES]


def _hidden_by(path: str, above: Sequence[str]) -> tuple[int, bool] | None:
    """The first layer above with something else at a path, or at a directory that it is in.

    With it whether that is another file in its place.
    """
    parts = path.split("/")[1:]
    for number, tree in enumerate(above):
        place = tree
        for at, part in enumerate(parts):
            place = f"{place}/{part}"
            try:
                status = os.lstat(place)
            except OSError:
                break
            if at == len(parts) - 1:
                return number, not is_whiteout(status) and not stat.S_ISDIR(status.st_mode)
            if not stat.S_ISDIR(status.st_mode):
                return number, False
            if is_opaque(os.fsencode(place)):
                return number, os.path.isfile(tree + path)
    return None
