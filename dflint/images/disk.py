"""What a store takes on disk, by kinds, to the byte.

Sizes are those of `du`: blocks, directories included, a file with several names once. Each file
counts for one kind, so that the sizes of all kinds together are that of the store's folder.

What an image and the build cache hold both counts for the image; what several images hold, for one
of them. RECLAIMABLE is what a prune of that kind would free at this moment.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from dflint.content.catalog import read_catalog
from dflint.content.container_use import CONTAINERS, container_images, users
from dflint.content.prune import Wish
from dflint.content.references import references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.catalog import StoredImage
    from dflint.content.records import Record
    from dflint.content.store import ContentStore

IMAGES, CONTAINER, CACHE = "Images", "Containers", "Build Cache"
MOUNTS, TEMPORARY, METADATA = "Cache Mounts", "Temporary", "Metadata"
KINDS = (IMAGES, CONTAINER, CACHE, MOUNTS, TEMPORARY, METADATA)
#: Folders of what is being written or removed.
_TEMPORARY = ("ingest", "trash")


@dataclass(slots=True)
class ImageDisk:
    """What one image takes: all that it holds, and what of it no other image does; in bytes."""

    image: StoredImage
    size: int = 0
    unique: int = 0
    containers: int = 0


@dataclass(slots=True)
class Disk:
    """What a store takes, in bytes by kind; how many there are of a kind, and how many are in use.

    `reclaimable` is what a prune would free. A kind that `active` or `reclaimable` does not name
    has no such number. `records` are with the sizes of their last layers, and whether an image
    holds those; `mounts` are ids with sizes and times of their last use.
    """

    sizes: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    active: dict[str, int] = field(default_factory=dict)
    reclaimable: dict[str, int] = field(default_factory=dict)
    images: list[ImageDisk] = field(default_factory=list)
    records: list[tuple[Record, int, bool]] = field(default_factory=list)
    mounts: list[tuple[str, int, float]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """What the store's folder takes."""
        return sum(self.sizes.values())


@dataclass(slots=True)
class _Held:
    """What images hold: blobs and layers by the images' places, and what is known of layers."""

    blobs: dict[str, set[int]] = field(default_factory=dict)
    layers: dict[str, set[int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def measure(store: ContentStore) -> Disk:
    """Measure a store, which is closed: its tables have their size on disk then."""
    disk = Disk()
    images = read_catalog(store)
    held = _look(store, images)
    disk.images = [ImageDisk(image) for image in images]
    _count(store, images, disk)
    records = store.records()
    mounts = store.cache_mounts()
    store.close()
    items = _walk(store.root, held, disk)
    for record in records:
        top = record.layers[-1] if record.layers else ""
        disk.records.append((record, items.get(top, 0), bool(held.layers.get(top))))
    disk.mounts = [(id, items.get(folder, 0), used) for id, folder, used in mounts]
    return disk


def _look(store: ContentStore, images: tuple[StoredImage, ...]) -> _Held:
    diff_ids = store.layer_diff_ids()
    held = _Held(known=frozenset(diff_ids))
    for place, image in enumerate(images):
        found = references(image.descriptors, store.read_blob)
        for digest in found.blobs:
            held.blobs.setdefault(digest, set()).add(place)
        for id, diff_id in diff_ids.items():
            if diff_id and diff_id in found.diff_ids:
                held.layers.setdefault(id, set()).add(place)
    return held


def _count(store: ContentStore, images: tuple[StoredImage, ...], disk: Disk) -> None:
    containers = container_images(store.root)
    free = []
    for one in disk.images:
        one.containers = len(users(one.image, containers))
        if not one.containers:
            free.append(one.image)
    disk.counts[IMAGES] = len(images)
    disk.active[IMAGES] = len(images) - len(free)
    unused = tuple(descriptor for image in free for descriptor in image.descriptors)
    disk.reclaimable[IMAGES] = store.weigh(Wish(images=unused)).freed if unused else 0
    disk.counts[CACHE] = len(store.records())
    everything = store.weigh(Wish(everything=True))
    disk.active[CACHE] = disk.counts[CACHE] - everything.records
    disk.reclaimable[MOUNTS] = everything.mount_bytes
    disk.reclaimable[CACHE] = everything.freed - everything.mount_bytes
    disk.counts[MOUNTS] = len(store.cache_mounts())
    folder = os.path.join(store.root, CONTAINERS)
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    disk.counts[CONTAINER] = sum(os.path.isdir(os.path.join(folder, name)) for name in names)


def _walk(root: str, held: _Held, disk: Disk) -> dict[str, int]:
    """Count every file of the store; the sizes of layers and cache mounts by their names."""
    items: Counter[str] = Counter()
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, str, str]] = [(root, METADATA, "")]
    while waiting:
        path, kind, item = waiting.pop()
        with suppress(FileNotFoundError, NotADirectoryError):  # what is gone takes nothing
            size = _own_size(path, seen)
            disk.sizes[kind] += size
            if item:
                items[item] += size
            if not os.path.isdir(path) or os.path.islink(path):
                _add_blob(path, size, held, disk)
                continue
            for name in os.listdir(path):
                below = os.path.join(path, name)
                waiting.append((below, *_kind(root, path, name, kind, item, held)))
    for id, places in held.layers.items():
        _share(items.get(id, 0), places, disk)
    return items


def _own_size(path: str, seen: set[tuple[int, int]]) -> int:
    """The blocks of a file or directory itself; none for one that was counted."""
    status = os.lstat(path)
    if status.st_nlink > 1:
        if (status.st_dev, status.st_ino) in seen:
            return 0
        seen.add((status.st_dev, status.st_ino))
    return status.st_blocks * 512


def _kind(root: str, folder: str, name: str, kind: str, item: str, held: _Held) -> tuple[str, str]:
    """The kind of a name in a folder of a kind, and the layer or cache mount that it is of."""
    if item or kind in (TEMPORARY, CONTAINER):
        return kind, item
    place = os.path.relpath(folder, root)
    if place == ".":
        return (CONTAINER if name == CONTAINERS else METADATA), ""
    if place in _TEMPORARY:
        return TEMPORARY, ""
    if place == "layers":
        if name not in held.known:
            return TEMPORARY, name
        return (IMAGES if held.layers.get(name) else CACHE), name
    if place == "cache-mounts":
        return MOUNTS, name
    if place.startswith("blobs" + os.sep):
        digest = f"{os.path.basename(folder)}:{name}"
        return (IMAGES if digest in held.blobs else CACHE), ""
    return kind, ""


def _add_blob(path: str, size: int, held: _Held, disk: Disk) -> None:
    """Count a blob for the images that hold it."""
    folder, name = os.path.split(path)
    above, algorithm = os.path.split(folder)
    if os.path.basename(above) == "blobs":
        _share(size, held.blobs.get(f"{algorithm}:{name}", set()), disk)


def _share(size: int, places: set[int], disk: Disk) -> None:
    for place in places:
        disk.images[place].size += size
        if len(places) == 1:
            disk.images[place].unique += size
