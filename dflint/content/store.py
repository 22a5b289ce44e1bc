"""The store on disk: an OCI image layout with layers, cache records and cache mounts beside it.

oci-layout, index.json, blobs/sha256/   the images, which skopeo and umoci can read
layers/ID/tree                          trees of layers, in overlayfs' upper format
cache-mounts/HASH/N/dir                 folders that live between builds
containers/ID                           containers, which hold their images
dflint.db                               layers, records, chain ids, leases (SQLite)
reserve                                 room on disk for a prune when there is no other
ingest, drafts, trash, leases           what is being written, removed or used
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from dflint.content.blobs import BlobFolder
from dflint.content.cache_mounts import CacheMounts
from dflint.content.database import Database
from dflint.content.facts import Facts
from dflint.content.files import make_folder
from dflint.content.layers import LayerFolder
from dflint.content.leases import Leases
from dflint.content.ownership import check_ours
from dflint.content.records import Record, Records
from dflint.content.reserve import give_up_reserve, keep_reserve
from dflint.content.tags import TagFile
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from dflint.content.blobs import Blob, BlobWriter
    from dflint.content.faults import Leftovers
    from dflint.content.layers import DraftLayer, Layer
    from dflint.content.leases import Lease
    from dflint.content.parts import StoreParts
    from dflint.content.prune import Pruned, Pruning, Wish
    from dflint.content.repair import Rebuild
    from dflint.content.usage import Usage
    from dflint.oci.descriptor import Descriptor


class LayerBlob(NamedTuple):
    """A blob that a layer's tar is in, as it is or compressed."""

    digest: str
    media_type: str
    size: int


class ContentStore:
    """A store, for all threads of this process; any number of processes can share it.

    Every method raises BuildError, which names the path at fault, when the disk is full, is not
    to be written to, or holds what is damaged. Take a `lease` for as long as what is read or
    written must not be pruned. One that is opened to make room may use what is kept for that.
    """

    def __init__(self, root: str, *, makes_room: bool = False) -> None:
        self.root = os.path.abspath(root)
        make_folder(self.root)
        check_ours(self.root)
        if makes_room:
            give_up_reserve(self.root)
        self._database = Database(self.root)
        self._leases = Leases(self.root, self._database)
        self._blobs = BlobFolder(self.root, lambda digest: self._leases.keep("blob", digest))
        self._layers = LayerFolder(self.root, self._database, self._leases)
        self._records = Records(self._database, self._layers, self._leases)
        self._facts = Facts(self._database)
        self._tags = TagFile(self.root)
        self._cache_mounts = CacheMounts(self.root, self._database)
        with suppress(BuildError):  # what another user has left is a prune's business
            self._layers.sweep_drafts()
        if not makes_room:
            keep_reserve(self.root)

    def close(self) -> None:
        """Close the tables' file; the store object is of no use then."""
        self._database.close()
        keep_reserve(self.root)

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
        self._layers.set_diff_ids((id,), diff_id, size)

    def set_diff_ids(self, ids: Sequence[str], diff_id: str, size: int) -> None:
        """Say it of layers whose tars are the same."""
        self._layers.set_diff_ids(ids, diff_id, size)

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

    def settle_soon(self) -> None:
        """Have that done by a process which goes on when this one has ended.

        Until it has synced, within a second or so, what was built counts for this boot only.
        """
        self._layers.settle_soon()

    # Cache records

    def find_record(self, key: str) -> Record | None:
        """What a key has led to, if all layers are still there; marks it used."""
        return self._records.find(key)

    def add_record(self, key: str, layers: tuple[str, ...], description: str) -> None:
        """Say what a key leads to from now on; BuildError when a layer is not there."""
        self._records.add(key, layers, description)

    def records(self) -> tuple[Record, ...]:
        """All records, the ones that were used last at the end."""
        return self._records.all()

    # Facts: what was worked out before, such as the digest of a file

    def find_fact(self, key: str) -> bytes | None:
        """What was kept under a key; None when nothing was."""
        return self._facts.find(key)

    def find_facts(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What was kept under many keys; those that nothing was kept under are left out."""
        return self._facts.find_all(keys)

    def add_facts(self, facts: Mapping[str, bytes]) -> None:
        """Keep values under keys. Of too many the oldest are forgotten."""
        self._facts.add(facts)

    # Tags

    def tag(self, reference: str, descriptor: Descriptor) -> None:
        """Have a whole reference, such as `docker.io/library/app:latest`, stand for an image."""
        self._tags.tag(reference, descriptor)

    def resolve(self, reference: str) -> Descriptor | None:
        """The descriptor of the manifest or index that a reference stands for, or None."""
        return self._tags.resolve(reference)

    def untag(self, reference: str, digest: str = "") -> bool:
        """Forget a reference, if it stands for a digest where one is given; whether it did."""
        return self._tags.untag(reference, digest)

    def tags(self) -> tuple[tuple[str, Descriptor], ...]:
        """All references with their descriptors, sorted."""
        return self._tags.tags()

    def keep_untagged(self, descriptor: Descriptor) -> None:
        """Have an image stay until `forget`, though no reference stands for it."""
        self._tags.keep(descriptor)

    def untagged(self) -> tuple[Descriptor, ...]:
        """The images that no reference stands for any more, or none ever did."""
        return self._tags.untagged()

    def forget(self, digest: str) -> bool:
        """Let an image go that no reference stands for; whether it was there."""
        return self._tags.forget(digest)

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
        unused for longest, until no more than so many bytes are left. What an image, a lease or a
        running build holds stays.
        """
        from dflint.content.prune import Wish

        return self._pruning().run(Wish(everything, keep_storage, older_than))

    def release(self, images: Sequence[Descriptor]) -> Pruned:
        """Remove what only some images held, which are in the index no more; what was removed."""
        from dflint.content.prune import Wish

        if not images:
            raise BuildError("store: expected images to release, found none")
        return self._pruning().run(Wish(images=tuple(images)))

    def weigh(self, wish: Wish) -> Pruned:
        """What a prune or a release would remove; nothing is."""
        return self._pruning().weigh(wish)

    def _pruning(self) -> Pruning:
        from dflint.content.prune import Pruning

        return Pruning(self._parts())

    def _parts(self) -> StoreParts:
        from dflint.content.parts import StoreParts

        return StoreParts(
            self, self._database, self._blobs, self._layers, self._cache_mounts, self._leases
        )

    def layer_diff_ids(self) -> dict[str, str]:
        """All layers by their ids, with the digests of their tars, empty where they are unknown."""
        rows = self._database.rows("SELECT id, diff_id FROM layers ORDER BY id")
        return {str(id): str(diff_id) for id, diff_id in rows}

    def cache_mounts(self) -> list[tuple[str, str, float]]:
        """The ids of cache mounts, the names of their folders, and when they were used last."""
        return self._cache_mounts.known()

    def compact(self) -> None:
        """Forget all facts, and make the tables as small as what is left in them."""
        self._database.execute("DELETE FROM facts")
        self._database.execute("VACUUM")

    def disk_usage(self) -> Usage:
        """What the store holds, and what that takes on disk."""
        from dflint.content.usage import measure

        return measure(self._parts())

    def verify(self, *, is_quick: bool = False) -> tuple[str, ...]:
        """What is damaged or missing, a sentence each; `is_quick` reads no blobs of layers."""
        from dflint.content.faults import find_faults

        faults = find_faults(self._parts(), is_quick=is_quick)
        return tuple(dict.fromkeys(fault.text for fault in faults))

    def leftovers(self) -> Leftovers:
        """What dead processes have left, while nobody uses the store."""
        from dflint.content.faults import find_leftovers

        return find_leftovers(self.root, self._database, self._layers, self._cache_mounts)

    def discard_damaged(self, digest: str) -> bool:
        """Remove a blob if it is damaged; whether it was."""
        return self._blobs.discard_damaged(digest)

    def repair(self, rebuild: Rebuild) -> Iterator[str]:
        """Drop what is damaged; a sentence for each thing that was done, and each image it costs.

        `rebuild` makes blobs of layers anew where it can. What is whole stays as it is.
        """
        from dflint.content.repair import Repair

        return Repair(self._parts(), rebuild).run()
