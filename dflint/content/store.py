"""The store on disk: an OCI image layout with layers, cache records and cache mounts beside it.

oci-layout, index.json, blobs/sha256/   the images, which skopeo and umoci can read
layers/ID/tree                          trees of layers, in overlayfs' upper format
cache-mounts/HASH/N/dir                 folders that live between builds
containers/ID                           containers, which hold their images
dflint.db                               layers, records, chain ids, leases (SQLite)
ingest, drafts, trash, leases           what is being written, removed or used
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from dflint.content.blobs import BlobFolder
from dflint.content.cache_mounts import CacheMounts
from dflint.content.database import Database, storable
from dflint.content.files import make_folder, naming
from dflint.content.layers import LayerFolder
from dflint.content.leases import Leases
from dflint.content.tags import TagFile
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from dflint.content.blobs import Blob, BlobWriter
    from dflint.content.layers import DraftLayer, Layer
    from dflint.content.leases import Lease
    from dflint.content.prune import Pruned
    from dflint.content.usage import Usage
    from dflint.oci.descriptor import Descriptor

#: About 100 MB on disk.
_MOST_FACTS = 1_000_000
#: SQLite takes at least 999 values in one statement.
_ASKED_AT_ONCE = 500
_FIRST_FILES = frozenset(
    ("lock", "dflint.db", "dflint.db-journal", "dflint.db-wal", "dflint.db-shm")
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a cache key has led to: the ids of a result's layers, bottom to top.

    `created` and `used` are in seconds since 1970.
    """

    key: str
    layers: tuple[str, ...]
    description: str
    created: float
    used: float


class LayerBlob(NamedTuple):
    """A blob that a layer's tar is in, as it is or compressed."""

    digest: str
    media_type: str
    size: int


class ContentStore:
    """A store, for all threads of this process; any number of processes can share it.

    Every method raises BuildError, which names the path at fault, when the disk is full, is not
    to be written to, or holds what is damaged. Take a `lease` for as long as what is read or
    written must not be pruned.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        make_folder(self.root)
        _check_ours(self.root)
        self._database = Database(self.root)
        self._leases = Leases(self.root, self._database)
        self._blobs = BlobFolder(self.root, lambda digest: self._leases.keep("blob", digest))
        self._layers = LayerFolder(
            self.root, self._database, lambda *ids: self._leases.keep("layer", *ids)
        )
        self._tags = TagFile(self.root)
        self._cache_mounts = CacheMounts(self.root, self._database)
        with suppress(BuildError):  # what another user has left is a prune's business
            self._layers.sweep_drafts()

    def close(self) -> None:
        """Close the tables' file; the store object is of no use then."""
        self._database.close()

    # Blobs

    def has_blob(self, digest: str) -> bool:
        """Tell whether a blob is there; its content is checked when it is read."""
        return self._blobs.size(digest) is not None

    def blob_size(self, digest: str) -> int | None:
        """The size of a blob in bytes; None when it is not there."""
        return self._blobs.size(digest)

    def blob_path(self, digest: str) -> str:
        """Where a blob is, or would be."""
        return self._blobs.path(digest)

    def read_blob(self, digest: str, limit: int = 8 << 20) -> bytes:
        """The content of a blob, checked; BuildError when missing, damaged or over the limit."""
        return self._blobs.read(digest, limit)

    def open_blob(self, digest: str) -> BinaryIO:
        """A stream of a blob's content, which raises BuildError at its last byte if damaged."""
        return self._blobs.open(digest)

    def put_blob(self, data: bytes) -> Blob:
        """Store some bytes; their digest and size."""
        with self._blobs.new("sha256") as writer:
            writer.write(data)
            return writer.commit()

    def new_blob(self, algorithm: str = "sha256") -> BlobWriter:
        """A writer of one blob, to be used in a `with` statement."""
        return self._blobs.new(algorithm)

    # Layers

    def new_layer(self) -> DraftLayer:
        """An empty layer to fill, to be used in a `with` statement."""
        return self._layers.new()

    def layer(self, id: str) -> Layer:
        """A layer by its id; BuildError when it is not there."""
        found = self._layers.find(id)
        if found is None:
            raise BuildError(f"store: layer `{id}` is missing")
        return found

    def has_layers(self, ids: tuple[str, ...]) -> bool:
        """Tell whether all of some layers are there, and mark them used."""
        return self._layers.have(ids)

    def set_diff_id(self, id: str, diff_id: str, size: int) -> None:
        """Say what the digest and the size in bytes of a layer's tar are."""
        self._layers.set_diff_id(id, diff_id, size)

    def layer_of_chain(self, chain_id: str) -> str | None:
        """The layer that an image's layer was unpacked to, by its chain id; None if it was not."""
        with self._database.transaction():
            query = "SELECT layer FROM chains WHERE chain_id = ?"
            for (id,) in self._database.rows(query, chain_id):
                if self._layers.have((str(id),)):
                    return str(id)
        return None

    def set_chain(self, chain_id: str, layer: str) -> str:
        """Say what a layer of an image was unpacked to; the layer that counts.

        That is the one of a process that was faster, where there is one.
        """
        with self._database.transaction() as connection:
            first = self.layer_of_chain(chain_id)
            if first is None:
                connection.execute("INSERT OR REPLACE INTO chains VALUES (?, ?)", (chain_id, layer))
            return first or layer

    def blobs_of(self, diff_id: str) -> list[LayerBlob]:
        """The blobs there are of a layer's tar, by the digest of the tar."""
        rows = self._database.rows(
            "SELECT digest, media_type, size FROM layer_blobs WHERE diff_id = ? ORDER BY 1, 2",
            diff_id,
        )
        found = [LayerBlob(str(each[0]), str(each[1]), int(str(each[2]))) for each in rows]
        return [each for each in found if self.blob_size(each.digest) == each.size]

    def add_blob_of(self, diff_id: str, digest: str, media_type: str, size: int) -> None:
        """Say that a blob is a layer's tar, or that one compressed."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO layer_blobs VALUES (?, ?, ?, ?)",
                (diff_id, digest, media_type, size),
            )

    def settle(self) -> None:
        """Sync the file system: what was built counts after the machine's next start too.

        Layers that were not synced do not, as their files may have been lost.
        """
        self._layers.settle()

    # Cache records

    def find_record(self, key: str) -> Record | None:
        """What a key has led to, if all layers are still there; marks it used."""
        key = storable(key)
        with self._database.transaction() as connection:
            self._leases.keep("record", key)
            rows = self._database.rows(
                "SELECT description, created FROM records WHERE key = ?", key
            )
            if not rows:
                return None
            layers = self._layers_of(key)
            if not self._layers.have(layers):
                connection.execute("DELETE FROM records WHERE key = ?", (key,))
                connection.execute("DELETE FROM record_layers WHERE key = ?", (key,))
                return None
            now = time.time()
            connection.execute("UPDATE records SET used = ? WHERE key = ?", (now, key))
        description, created = rows[0]
        return Record(key, layers, str(description), float(str(created)), now)

    def add_record(self, key: str, layers: tuple[str, ...], description: str) -> None:
        """Say what a key leads to from now on; BuildError when a layer is not there."""
        now = time.time()
        key, description = storable(key), storable(description)
        with self._database.transaction() as connection:
            if not self._layers.have(layers):
                raise BuildError(f"store: a layer of the result of `{description}` is missing")
            connection.execute("DELETE FROM record_layers WHERE key = ?", (key,))
            connection.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (key, description, now, now)
            )
            connection.executemany(
                "INSERT INTO record_layers VALUES (?, ?, ?)",
                [(key, position, layer) for position, layer in enumerate(layers)],
            )

    def records(self) -> tuple[Record, ...]:
        """All records, the ones that were used last at the end."""
        query = "SELECT key, description, created, used FROM records ORDER BY used, key"
        with self._database.transaction():
            return tuple(
                Record(str(key), self._layers_of(str(key)), str(text), float(str(c)), float(str(u)))
                for key, text, c, u in self._database.rows(query)
            )

    def _layers_of(self, key: str) -> tuple[str, ...]:
        query = "SELECT layer FROM record_layers WHERE key = ? ORDER BY position"
        return tuple(str(layer) for (layer,) in self._database.rows(query, key))

    # Facts: what was worked out before, such as the digest of a file

    def find_fact(self, key: str) -> bytes | None:
        """What was kept under a key; None when nothing was."""
        rows = self._database.rows("SELECT value FROM facts WHERE key = ?", key)
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def find_facts(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What was kept under many keys; those that nothing was kept under are left out."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            part = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, value FROM facts WHERE key IN ({marks})"
            for key, value in self._database.rows(query, *part):
                if isinstance(value, bytes):
                    found[str(key)] = value
        return found

    def add_facts(self, facts: Mapping[str, bytes]) -> None:
        """Keep values under keys. Of too many the oldest are forgotten."""
        now = time.time()
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)",
                [(key, value, now) for key, value in facts.items()],
            )
            (count,) = connection.execute("SELECT count(*) FROM facts").fetchone()
            if count > _MOST_FACTS:
                connection.execute(
                    "DELETE FROM facts WHERE key IN (SELECT key FROM facts ORDER BY used LIMIT ?)",
                    (count - _MOST_FACTS // 2,),
                )

    # Tags

    def tag(self, reference: str, descriptor: Descriptor) -> None:
        """Have a whole reference, such as `docker.io/library/app:latest`, stand for an image."""
        self._tags.tag(reference, descriptor)

    def resolve(self, reference: str) -> Descriptor | None:
        """The descriptor of the manifest or index that a reference stands for, or None."""
        return self._tags.resolve(reference)

    def untag(self, reference: str) -> bool:
        """Forget a reference; whether it was there."""
        return self._tags.untag(reference)

    def tags(self) -> tuple[tuple[str, Descriptor], ...]:
        """All references with their descriptors, sorted."""
        return self._tags.tags()

    # Cache mounts

    def cache_mount(self, id: str) -> str:
        """The folder of a cache mount, without a lock; see `hold_cache_mount`."""
        return self._cache_mounts.path(id)

    def hold_cache_mount(
        self,
        id: str,
        sharing: str = "shared",
        seed: Callable[[str], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> AbstractContextManager[str]:
        """The folder of a cache mount, for as long as the context lasts.

        `sharing` is that of `RUN --mount=type=cache`: `shared` with any number of others that
        share, `private` with a folder of its own while others use it, `locked` after all others.
        `seed` is called with the path of a new folder to fill it; `cancel` ends the waiting with a
        BuildError.
        """
        return self._cache_mounts.hold(id, sharing, seed, cancel)

    # Keeping house

    def lease(self) -> Lease:
        """A context in which all that this object gives or takes is not removed by any prune."""
        return self._leases.new()

    def hold_for(self, folder: str, items: Iterable[tuple[str, str]]) -> None:
        """Hold a `layer` or `blob` each, by its name, while a folder of the store is there."""
        self._leases.hold_for(folder, items)

    def prune(
        self,
        everything: bool = False,
        keep_storage: int | None = None,
        older_than: float | None = None,
    ) -> Pruned:
        """Remove what nothing refers to; what was removed.

        Beside that, cache records, unpacked images and cache mounts go: with `everything` all of
        them, with `older_than` those not used for so many seconds, with `keep_storage` those
        unused for longest, until no more than so many bytes are left. What a tag, a lease or a
        running build holds stays.
        """
        from dflint.content.prune import Pruning

        pruning = Pruning(
            self, self._database, self._blobs, self._layers, self._cache_mounts, self._leases
        )
        return pruning.run(everything, keep_storage, older_than)

    def disk_usage(self) -> Usage:
        """What the store holds, and what that takes on disk."""
        from dflint.content.usage import measure

        return measure(self, self._database, self._blobs, self._layers, self._cache_mounts)

    def verify(self) -> tuple[str, ...]:
        """Read everything; what is damaged or missing, a sentence each."""
        from dflint.content.usage import verify

        return verify(self, self._database, self._blobs, self._layers)


def _check_ours(root: str) -> None:
    """Raise BuildError when a folder holds what is no store of ours."""
    with naming(root):
        names = set(os.listdir(root))
    if "dflint.db" in names:
        _check_owner(root)
    if "dflint.db" in names or names <= _FIRST_FILES:
        return
    example = min(names - _FIRST_FILES)
    raise BuildError(
        f"store: `{root}` is no store of dflint: expected a new folder or one with `dflint.db`, "
        f"found `{example}`"
    )


def _check_owner(root: str) -> None:
    """Raise BuildError when another user has made a store: its ids are others than ours.

    The owners of a layer's files are those of the user namespace that it was made in.
    """
    path = os.path.join(root, "dflint.db")
    with naming(path):
        owner = os.stat(path).st_uid
    if owner != os.geteuid():
        raise BuildError(
            f"store: `{root}` is the store of another user, and owners of files are kept as that "
            "user's: expected one of your own (`--store`, `$DFLINT_STORE`)"
        )
