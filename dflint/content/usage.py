"""What a store holds and takes on disk."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.content.faults import layer_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.blobs import BlobFolder
    from dflint.content.cache_mounts import CacheMounts
    from dflint.content.database import Database
    from dflint.content.layers import LayerFolder
    from dflint.content.store import ContentStore


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
