"""What a store holds and takes on disk."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.parts import StoreParts


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


def measure(parts: StoreParts) -> Usage:
    """Count and measure what a store holds."""
    digests = list(parts.blobs.digests())
    layers = parts.layers.disk_sizes()
    mounts = parts.cache_mounts.known()
    return Usage(
        len(digests),
        sum(parts.blobs.measure(digest) for digest in digests),
        len(layers),
        sum(layers.values()),
        len(mounts),
        sum(parts.cache_mounts.size(folder) for _, folder, _ in mounts),
        len(parts.database.rows("SELECT key FROM records")),
        len(parts.store.tags()),
    )
