"""Each byte of an image by the instruction that it comes from and by what it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
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
#: The class of what a layer above removes or replaces, and of what is not known.
HIDDEN, FILES = "hidden", "files"
#: Classes of which an image needs nothing.
NEEDLESS = (HIDDEN, "package lists", "package caches", "temporary files", "version control")


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
    None for a file that the image shows.
    """

    layer: int
    path: str
    size: int
    kind: str
    hidden_by: int | None


def audit_size(image: BuiltImage, text: str) -> list[Share]:
    """The shares of an image built of a text, from the bottom; bytes are those of file contents."""
    layers = origins(image, text)
    sums: dict[tuple[Origin, str], list[int]] = {}
    for one in sized_files(image.trees):
        row = sums.setdefault((layers[one.layer], one.kind), [0, 0])
        row[0] += one.size
        row[1] += 1
    return [Share(origin, kind, *row) for (origin, kind), row in sums.items()]


def sized_files(trees: Sequence[str]) -> Iterator[SizedFile]:
    """The files of all layers of an image, from the bottom, by the trees of the layers."""
    patterns = [(kind, [path_pattern(one) for one in paths]) for kind, paths in _CLASSES]
    for layer, tree in enumerate(trees):
        for path, size in _contents(tree):
            above = _hidden_by(path, trees[layer + 1 :])
            if above is not None:
                yield SizedFile(layer, path, size, HIDDEN, layer + 1 + above)
                continue
            kind = next(
                (name for name, ones in patterns if any(one.match(path) for one in ones)), FILES
            )
            yield SizedFile(layer, path, size, kind, None)


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


def _hidden_by(path: str, above: Sequence[str]) -> int | None:
    """The first layer above with something else at a path, or at a directory that it is in."""
    parts = path.split("/")[1:]
    for number, tree in enumerate(above):
        place = tree
        for at, part in enumerate(parts):
            place = f"{place}/{part}"
            try:
                status = os.lstat(place)
            except OSError:
                break
            if at == len(parts) - 1 or not stat.S_ISDIR(status.st_mode) or _is_opaque(place):
                return number
    return None


def _is_opaque(path: str) -> bool:
    from dflint.layer.merged import is_opaque

    return is_opaque(os.fsencode(path))
