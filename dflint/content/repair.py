"""Mends a store: drops what is damaged, has made anew what can be, and says what that costs.

What is whole is never touched. Tables, layout and index are mended while nobody has a lease;
all else beside running builds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace

from dflint.content.faults import Fault, base_faults, dead_records, find_faults, kept_images
from dflint.content.files import FileLock, lock, naming, new_name, replace_file, try_lock
from dflint.content.references import references
from dflint.content.reserve import give_up_reserve
from dflint.content.tags import LAYOUT_VERSION, read_file
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, read_descriptor
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Index, read_index
from dflint.oci.members import Members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.parts import StoreParts

#: Makes the blob of a layer anew if that can be done, by the blob's digest, the digest of its tar
#: and its media type; whether it has.
Rebuild = Callable[[str, str, str], bool]


def mend_base(root: str) -> Iterator[str]:
    """Mend what a store is opened with; a sentence for each thing that is lost.

    BuildError while a build is running: it would go on with the old tables.
    """
    if os.path.exists(os.path.join(root, "dflint.db")):
        give_up_reserve(root)
    faults = base_faults(root)
    if not faults:
        return
    with ExitStack() as held:
        held.enter_context(lock(os.path.join(root, "lock")))
        held.enter_context(lock(os.path.join(root, "index.lock")))
        for each in _hold_leases(root):
            held.enter_context(each)
        for fault in base_faults(root):
            yield from _mend_one(root, fault)


def _hold_leases(root: str) -> Iterator[FileLock]:
    """Lock the leases of processes that have ended; BuildError when one has not."""
    folder = os.path.join(root, "leases")
    with suppress(FileNotFoundError):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with naming(path):
                found = try_lock(path, creates=False)
            if found is not None:
                yield found
            elif os.path.exists(path):
                raise BuildError(
                    f"store: `{root}` is in use by a running build: repair it when that has ended"
                )


def _mend_one(root: str, fault: Fault) -> Iterator[str]:
    if fault.kind == "tables":
        place = os.path.join(root, "trash")
        with naming(place):
            os.makedirs(place, mode=0o700, exist_ok=True)
        for suffix in ("-wal", "-shm", "-journal"):
            with naming(fault.name), suppress(FileNotFoundError):
                os.rename(fault.name + suffix, os.path.join(place, new_name()))
        replace_file(fault.name, b"")  # as an empty file they are made anew
        yield f"dropped the tables, with all cached steps: {fault.text}"
    elif fault.kind == "layout":
        replace_file(fault.name, write_compact({"imageLayoutVersion": LAYOUT_VERSION}))
        yield f"wrote `oci-layout` anew: {fault.text}"
    else:
        kept = list(_whole_entries(fault.name))
        replace_file(fault.name, write_compact(Index(tuple(kept)).plain()))
        yield f"wrote `index.json` anew: {fault.text}"
        yield f"{len(kept)} images could be read, all others are lost"


def _whole_entries(path: str) -> Iterator[Descriptor]:
    """The entries of an index that can be read, of one that cannot be as a whole."""
    try:
        values = json.loads(read_file(path)).get("manifests")
    except (ValueError, RecursionError, AttributeError):
        return
    for value in values if isinstance(values, list) else ():
        with suppress(BuildError):
            yield read_descriptor(Members({"entry": [value]}, "index").objects("entry")[0])


class Repair:
    """One run over a store that is open."""

    def __init__(self, parts: StoreParts, rebuild: Rebuild) -> None:
        self._parts = parts
        self._rebuild = rebuild

    def run(self) -> Iterator[str]:
        """Mend everything; a sentence for each thing that was done."""
        faults = list(find_faults(self._parts))
        for fault in faults:
            if fault.kind == "blob" and self._parts.blobs.discard_damaged(fault.name):
                yield f"dropped blob `{fault.name}`, which was damaged"
        yield from self._forget([fault.name for fault in faults if fault.kind == "layer"])
        for name in dict.fromkeys(fault.name for fault in faults if fault.kind == "image"):
            yield from self._mend_image(name)
        self._sweep()

    def _forget(self, missing: list[str]) -> Iterator[str]:
        """Forget layers that are not there, and the records and chains that lead to them."""
        with self._parts.database.transaction() as connection:
            for id in missing:
                if not self._parts.layers.has_tree(id):
                    connection.execute("DELETE FROM layers WHERE id = ?", (id,))
                    yield f"forgot layer `{id}`, whose files are missing"
            connection.execute("DELETE FROM chains WHERE layer NOT IN (SELECT id FROM layers)")
            dead = [
                (key,) for key in sorted(dead_records(self._parts.database, self._parts.layers))
            ]
            for table in ("records", "record_layers"):
                connection.executemany(f"DELETE FROM {table} WHERE key = ?", dead)
        if dead:
            yield f"forgot {len(dead)} cached steps, which are run again"

    def _mend_image(self, name: str) -> Iterator[str]:
        """Make the missing blobs of an image anew, or drop it: its name, or some platforms."""
        descriptor = dict(kept_images(self._parts.store)).get(name)
        if descriptor is None:
            return
        for digest in self._missing(descriptor):
            if self._make_anew(digest):
                yield f"made blob `{digest}` anew"
        if not self._faulty(descriptor):
            return
        kept = self._whole_part(descriptor)
        if (name, descriptor) not in kept_images(self._parts.store):
            return  # it has been tagged anew meanwhile
        is_dangling = name == descriptor.digest
        if kept is None:
            what = "lost image"
            self._parts.store.untag(name)
        else:
            what = "lost some platforms of image"
            if is_dangling:
                self._parts.store.keep_untagged(kept)
            else:
                self._parts.store.tag(name, kept)
        # What has lost its name to the part that is whole stays without one, until here.
        self._parts.store.forget(descriptor.digest)
        yield f"{what} `{name}`: build, load or pull it again"

    def _make_anew(self, digest: str) -> bool:
        query = "SELECT diff_id, media_type FROM layer_blobs WHERE digest = ?"
        return any(
            self._rebuild(digest, str(diff_id), str(media_type))
            for diff_id, media_type in self._parts.database.rows(query, digest)
        )

    def _missing(self, descriptor: Descriptor) -> list[str]:
        found = references((descriptor,), self._parts.blobs.peek).blobs
        return [digest for digest in found if self._parts.blobs.find_size(digest) is None]

    def _faulty(self, descriptor: Descriptor) -> bool:
        found = references((descriptor,), self._parts.blobs.peek)
        return bool(found.problems) or any(
            self._parts.blobs.find_size(digest) != each.size for digest, each in found.blobs.items()
        )

    def _whole_part(self, descriptor: Descriptor) -> Descriptor | None:
        """An index of the images that are whole; None where there is none."""
        if not media_types.is_index(descriptor.media_type):
            return None
        try:
            index = read_index(self._parts.blobs.peek(descriptor.digest), descriptor.media_type)
        except BuildError:
            return None
        whole = tuple(each for each in index.manifests if not self._faulty(each))
        if not whole:
            return None
        written = self._parts.store.put_blob(replace(index, manifests=whole).encode())
        return replace(descriptor, digest=str(written.digest), size=written.size)

    def _sweep(self) -> None:
        """Remove what dead processes have left, and rows of blobs that are gone."""
        with self._parts.database.transaction() as connection:
            self._parts.leases.forget_dead()
            self._parts.blobs.sweep()
            gone = [
                (digest,)
                for (digest,) in self._parts.database.rows(
                    "SELECT DISTINCT digest FROM layer_blobs"
                )
                if self._parts.blobs.find_size(str(digest)) is None
            ]
            connection.executemany("DELETE FROM layer_blobs WHERE digest = ?", gone)
        self._parts.cache_mounts.sweep()
        self._parts.layers.sweep()
