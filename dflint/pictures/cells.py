"""The cells of the treemaps of an image: its bytes by instruction and by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dflint.pictures.report import ReportedLayer
from dflint.pictures.treemap import Rectangle, squarify
from dflint.verify.audit.size import NEEDLESS, SizedFile

#: The size of a treemap in pixels; on a page it is as wide as there is room.
WIDTH, HEIGHT = 1080.0, 440.0
_STRIP = 17.0
#: Smaller folders than these are one cell; smaller parts of one are put together.
_LEAST_WIDTH, _LEAST_HEIGHT = 110.0, 60.0
_LEAST_AREA = 260.0
#: The least share of all bytes that a layer is drawn with.
_LEAST_LAYER = 0.0002
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle with bytes of one kind, or of several, of which `kind` is the largest.

    `number` is that of its layer, or its own among the cells of paths.
    """

    place: Rectangle
    number: int
    title: str
    kind: str
    size: int
    needless: int
    files: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A folder that is drawn with what is in it: its name stands in the strip at its top."""

    place: Rectangle
    title: str


def layer_cells(layers: Sequence[ReportedLayer], files: Iterable[SizedFile]) -> list[Cell]:
    """The cells of each layer side by side, one for each kind of bytes; tiny layers have none."""
    sums: dict[int, dict[str, list[int]]] = {}
    for one in files:
        row = sums.setdefault(one.layer, {}).setdefault(one.kind, [0, 0])
        row[0] += one.size
        row[1] += 1
    least = _LEAST_LAYER * sum(one.size for one in layers)
    shown = [one for one in layers if one.size and one.size >= least]
    shown.sort(key=lambda one: (-one.size, one.number))
    found = []
    places = squarify([one.size for one in shown], Rectangle(0, 0, WIDTH, HEIGHT))
    for layer, place in zip(shown, places, strict=True):
        rows = [(kind, row[0], row[1]) for kind, row in sums[layer.number].items() if row[0]]
        rows.sort(key=lambda row: (-row[1], row[0]))
        parts = squarify([size for _, size, _ in rows], place.within(1.5))
        for (kind, size, count), part in zip(rows, parts, strict=True):
            needless = size if kind in NEEDLESS else 0
            cell = Cell(part, layer.number, layer.title, kind, size, needless, count)
            found.append(cell)
    return found


@dataclass(slots=True)
class _Folder:
    """A folder, or with no parts a file, and what is below it; `kinds` are bytes by kind."""

    path: str
    kinds: dict[str, int] = field(default_factory=dict)
    files: int = 0
    parts: dict[str, _Folder] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(self.kinds.values())

    def take(self, one: _Folder) -> None:
        for kind, size in one.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + size
        self.files += one.files


def path_cells(files: Iterable[SizedFile]) -> tuple[list[Cell], list[Frame]]:
    """The cells of all layers' files by path, and the frames of the folders that they are in."""
    root = _Folder("/")
    for one in files:
        leaf = _Folder(one.path, {one.kind: one.size}, 1)
        root.take(leaf)
        folder, path = root, ""
        for part in one.path.strip("/").split("/"):
            path += f"/{part}"
            folder = folder.parts.setdefault(part, _Folder(path))
            folder.take(leaf)
    drawing = _Drawing()
    if root.size:
        drawing.parts_of(root, Rectangle(0, 0, WIDTH, HEIGHT), 0)
    return drawing.cells, drawing.frames


class _Drawing:
    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.frames: list[Frame] = []

    def parts_of(self, folder: _Folder, place: Rectangle, depth: int) -> None:
        """Draw what is in a folder."""
        parts = list(_shown(folder, place))
        places = squarify([one.size for one in parts], place)
        for one, part in zip(parts, places, strict=True):
            self._draw(one, part, depth + 1)

    def _draw(self, folder: _Folder, place: Rectangle, depth: int) -> None:
        while len(folder.parts) == 1:
            (folder,) = folder.parts.values()
        is_small = place.width < _LEAST_WIDTH or place.height < _LEAST_HEIGHT
        if not folder.parts or is_small or depth > _DEEPEST:
            kind = max(sorted(folder.kinds), key=folder.kinds.__getitem__)
            needless = sum(size for kind, size in folder.kinds.items() if kind in NEEDLESS)
            cell = Cell(
                place, len(self.cells), folder.path, kind, folder.size, needless, folder.files
            )
            self.cells.append(cell)
            return
        self.frames.append(Frame(place, folder.path))
        self.parts_of(folder, place.within(2, _STRIP), depth)


def _shown(folder: _Folder, place: Rectangle) -> Iterator[_Folder]:
    """The parts of a folder from large to small, those too small to be seen put together."""
    parts = sorted(
        (one for one in folder.parts.values() if one.size), key=lambda one: (-one.size, one.path)
    )
    least = _LEAST_AREA * folder.size / max(place.area, 1.0)
    shown = [one for one in parts if one.size >= least]
    rest = parts[len(shown) :]
    yield from shown
    if len(rest) == 1:
        yield from rest
    elif rest:
        others = _Folder(f"{folder.path.rstrip('/')}/ ({len(rest)} more)")
        for one in rest:
            others.take(one)
        yield others
