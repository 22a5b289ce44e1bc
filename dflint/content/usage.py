"""What a store holds and takes on disk, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.content.references import references
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.blobs import BlobFolder
    from dflint.content.cache_mounts import CacheMounts
    from dflint.content.database import Database
    from dflint.content.layers import LayerFolder
    from dflint.content.store import ContentStore

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Usage:
    """Numbers of things, and what they take on disk in bytes."""

    blobs: int
    blob_bytes: int
    layers: int
    layer_bytes: int
    cache_mounts: int
    cache_mount_bytes: int
    records: int
    tags: int

    @property
    def total_bytes(self) -> int:
        """What everything takes together."""
        return self.blob_bytes + self.layer_bytes + self.cache_mount_bytes


def layer_ids(database: Database) -> list[str]:
    """The ids of all layers, sorted."""
    return [str(id) for (id,) in database.rows("SELECT id FROM layers ORDER BY id")]


def measure(
    store: ContentStore,
    database: Database,
    blobs: BlobFolder,
    layers: LayerFolder,
    cache_mounts: CacheMounts,
) -> Usage:
    """Count and measure what a store holds."""
    digests = list(blobs.digests())
    ids = layer_ids(database)
    mounts = cache_mounts.known()
    return Usage(
        len(digests),
        sum(blobs.measure(digest) for digest in digests),
        len(ids),
        sum(layers.disk_size(id) for id in ids),
        len(mounts),
        sum(cache_mounts.size(folder) for _, folder, _ in mounts),
        len(database.rows("SELECT key FROM records")),
        len(store.tags()),
    )


def verify(
    store: ContentStore, database: Database, blobs: BlobFolder, layers: LayerFolder
) -> tuple[str, ...]:
    """What is damaged or missing, a sentence each."""
    problems = []
    damaged = set()
    for digest in blobs.digests():
        try:
            with store.open_blob(digest) as stream:
                while stream.read(_CHUNK):
                    pass
        except BuildError as error:
            problems.append(str(error))
            damaged.add(str(digest))
    problems += [f"layer `{id}` is missing" for id in layer_ids(database) if not layers.find(id)]
    for name, descriptor in store.tags():
        found = references((descriptor,), store.read_blob)
        problems += [f"image `{name}`: {problem}" for problem in found.problems]
        for each in found.blobs.values():
            size = store.blob_size(each.digest)
            if size is None:
                problems.append(f"image `{name}`: blob `{each.digest}` is missing")
            elif size != each.size and each.digest not in damaged:
                problems.append(
                    f"image `{name}`: blob `{each.digest}`: expected {each.size} bytes, "
                    f"found {size}"
                )
    return tuple(dict.fromkeys(problems))
