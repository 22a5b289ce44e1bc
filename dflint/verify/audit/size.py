"""Each byte of an image by the instruction that it comes from and by what it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.build.session import BuiltImage
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
    ("documentation", ("/usr/share/doc/**", "/usr/share/man/**", "/usr/share/info/**")),
    ("version control", ("/**/.git/**", "/.git/**")),
    ("byte code", ("/**/__pycache__/**",)),
)  # fmt: skip
#: Classes of which an image needs nothing.
_NEEDLESS = ("hidden", "package lists", "package caches", "temporary files", "version control")


@dataclass(frozen=True, slots=True)
class Share:
    """So many bytes, in so many files, of one class in the layers of one instruction.

    The class is `hidden` for what a later layer removes or replaces, `files` for what is not known.
    """

    origin: Origin
    kind: str
    size: int
    files: int

    @property
    def is_needless(self) -> bool:
        """Whether the image would do without."""
        return self.kind in _NEEDLESS

    def plain(self) -> dict[str, object]:
        """It as a JSON object."""
        return {
            "line": self.origin.line, "instruction": self.origin.text, "class": self.kind,
            "bytes": self.size, "files": self.files, "needless": self.is_needless,
        }  # fmt: skip


def audit_size(image: BuiltImage, text: str) -> list[Share]:
    """The shares of an image built of a text, from the bottom; bytes are those of file contents."""
    patterns = [(kind, [path_pattern(one) for one in paths]) for kind, paths in _CLASSES]
    sums: dict[tuple[Origin, str], list[int]] = {}
    trees = image.trees
    for at, (tree, origin) in enumerate(zip(trees, origins(image, text), strict=True)):
        for path, size in _contents(tree):
            kind = "files"
            if _is_hidden(path, trees[at + 1 :]):
                kind = "hidden"
            else:
                kind = next(
                    (name for name, ones in patterns if any(one.match(path) for one in ones)), kind
                )
            row = sums.setdefault((origin, kind), [0, 0])
            row[0] += size
            row[1] += 1
    return [Share(origin, kind, *row) for (origin, kind), row in sums.items()]


def _contents(tree: str) -> Iterator[tuple[str, int]]:
    """The files of a layer with their sizes; one with several names counts once."""
    seen: set[int] = set()
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if stat.S_ISREG(status.st_mode) and status.st_ino not in seen:
                seen.add(status.st_ino)
                yield path[len(tree) :], status.st_size


def _is_hidden(path: str, above: tuple[str, ...]) -> bool:
    """Whether a layer above has something else at a path, or at a directory that it is in."""
    parts = path.split("/")[1:]
    for tree in above:
        place = tree
        for at, part in enumerate(parts):
            place = f"{place}/{part}"
            try:
                status = os.lstat(place)
            except OSError:
                break
            if at == len(parts) - 1 or not stat.S_ISDIR(status.st_mode) or _is_opaque(place):
                return True
    return False


def _is_opaque(path: str) -> bool:
    from dflint.layer.merged import is_opaque

    return is_opaque(os.fsencode(path))
