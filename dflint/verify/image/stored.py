"""In what two images of a store differ: their files, configuration, and layers by instruction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dflint.build.images import apply_layer
from dflint.content.catalog import PlatformImage
from dflint.content.instruction_lines import find_lines
from dflint.content.store import ContentStore
from dflint.layer.changes import changes
from dflint.layer.merged import MergedTree
from dflint.snapshot.unpack import unpack
from dflint.verify.image.compare import ImageState, changed_times, differences
from dflint.verify.image.manifest import read_manifest
from dflint.verify.image.settings import read_history, read_settings
from dflint.verify.image.verdict import Difference


@dataclass(frozen=True, slots=True)
class LayerChanges:
    """A layer of one image: what made it, and what it changes.

    `instruction` is what the history says, `place` the line of the Dockerfile, empty where nobody
    has kept it. `paths` are absolute, each after `A` (added), `C` (changed) or `D` (removed).
    """

    diff_id: str
    instruction: str
    place: str
    paths: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImageDifference:
    """What is not the same in two images.

    `differences` are those of files and settings; `why` of one names the instruction whose layer
    makes it. `times` is how many files differ in nothing but their time. `shared` layers at the
    bottom are the same; `removed` are those that only the first image has, `added` the second.
    """

    differences: tuple[Difference, ...]
    times: int
    shared: int
    removed: tuple[LayerChanges, ...]
    added: tuple[LayerChanges, ...]

    @property
    def is_same(self) -> bool:
        """Whether files, settings and layers are the same."""
        return not (self.differences or self.times or self.removed or self.added)


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """An image with its layers' trees, from the bottom, and what made each."""

    state: ImageState
    diff_ids: tuple[str, ...]
    trees: tuple[str, ...]
    made_by: tuple[tuple[str, str], ...]


def compare_stored(
    store: ContentStore, before: PlatformImage, after: PlatformImage
) -> ImageDifference:
    """Compare two images; layers that are not unpacked yet are. Hold a lease meanwhile."""
    first, second = _unpacked(store, before), _unpacked(store, after)
    shared = 0
    for one, other in zip(first.diff_ids, second.diff_ids, strict=False):
        if one != other:
            break
        shared += 1
    removed = tuple(_layer(first, at) for at in range(shared, len(first.trees)))
    added = tuple(_layer(second, at) for at in range(shared, len(second.trees)))
    found = differences(first.state, second.state)
    return ImageDifference(
        tuple(_explained(one, removed, added) for one in found),
        changed_times(first.state, second.state),
        shared,
        removed,
        added,
    )


def _unpacked(store: ContentStore, image: PlatformImage) -> _Unpacked:
    layers = unpack(store, image.descriptor, apply_layer)
    trees = tuple(store.layer(one).tree for one in layers)
    document = json.loads(store.read_blob(image.config))
    state = ImageState(
        read_manifest(trees), read_settings(document), read_history(document), layers, ()
    )
    diff_ids = image.document.diff_ids
    return _Unpacked(state, diff_ids, trees, _makers(store, image, len(trees)))


def _makers(store: ContentStore, image: PlatformImage, count: int) -> tuple[tuple[str, str], ...]:
    """What the history says of each layer, with the line; empty where it tells of others."""
    lines = find_lines(store, image.config)
    made = [
        (entry.created_by, str(lines.get(number, "")))
        for number, entry in enumerate(image.document.history)
        if not entry.is_empty_layer
    ]
    return tuple(made) if len(made) == count else (("", ""),) * count


def _layer(image: _Unpacked, at: int) -> LayerChanges:
    return LayerChanges(
        image.diff_ids[at], *image.made_by[at], tuple(_paths(image.trees[at], image.trees[:at]))
    )


def _paths(tree: str, lower: Sequence[str]) -> Iterator[tuple[str, str]]:
    below = MergedTree(lower)
    for change in changes(os.fsencode(tree), lower):
        if not change.is_link_only:
            kind = "D" if change.status is None else "A" if below.find(change.name) is None else "C"
            yield kind, "/" + os.fsdecode(change.name)


def _explained(
    one: Difference, removed: Sequence[LayerChanges], added: Sequence[LayerChanges]
) -> Difference:
    """A difference of a file with the instruction of the topmost layer that touches it."""
    if one.kind != "path":
        return one
    for layer in (*reversed(added), *reversed(removed)):
        if any(_touches(kind, path, one.place) for kind, path in layer.paths):
            return replace(one, why=layer.place or layer.instruction)
    return one


def _touches(kind: str, path: str, place: str) -> bool:
    return path == place or (kind == "D" and place.startswith(path + "/"))
