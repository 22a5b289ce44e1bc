"""What a store is made of, for those who work on all of it at once."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.blobs import BlobFolder
    from dflint.content.cache_mounts import CacheMounts
    from dflint.content.database import Database
    from dflint.content.layers import LayerFolder
    from dflint.content.leases import Leases
    from dflint.content.store import ContentStore


@dataclass(frozen=True, slots=True)
class StoreParts:
    """The parts of a store that is open."""

    store: ContentStore
    database: Database
    blobs: BlobFolder
    layers: LayerFolder
    cache_mounts: CacheMounts
    leases: Leases
