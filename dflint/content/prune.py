"""Removes from a store what nothing holds.

Layers are held by records, by chain ids, by images and by leases; blobs by images, by the layers
that they are the tars of, and by leases. An image is what a tag stands for, or what is kept without
one. All is decided in one transaction, in which
no other process can take hold of anything; trees are removed after it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from dflint.content.references import References, references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dflint.content.parts import StoreParts
    from dflint.oci.descriptor import Descriptor
    from dflint.oci.digest import Digest


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many of each were removed, and the bytes on disk that this has freed.

    `mount_bytes` are those of them that were in cache mounts.
    """

    records: int
    layers: int
    blobs: int
    cache_mounts: int
    freed: int
    mount_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to go, beside what nothing refers to.

    `everything`, `older_than` and `keep_storage` choose among what the cache holds: see
    `ContentStore.prune`. Where there are `images`, only what is theirs goes; they are no longer in
    the index.
    """

    everything: bool = False
    keep_storage: int | None = None
    older_than: float | None = None
    images: tuple[Descriptor, ...] = ()


@dataclass(order=True, slots=True)
class _Candidate:
    """Something of the cache that may go: a `record`, a `chain` or a `mount`."""

    used: float
    kind: str
    name: str
    layers: tuple[str, ...] = ()
    size: int = 0


@dataclass(slots=True)
class _State:
    """What there is while it is decided what goes."""

    held: set[str]
    sizes: dict[str, int]
    diff_ids: dict[str, str]
    references: References
    #: What the images refer to that go; None where all of the store may.
    only: References | None
    holders: Counter[str] = field(default_factory=Counter)
    candidates: list[_Candidate] = field(default_factory=list)
    going: list[_Candidate] = field(default_factory=list)


class Pruning:
    """One run over a store."""

    def __init__(self, parts: StoreParts) -> None:
        self._parts = parts

    def run(self, wish: Wish) -> Pruned:
        """Remove what may go."""
        # First what needs no change of the tables: on a full disk that makes the room for one.
        freed = 0
        if not wish.images:
            freed = self._parts.blobs.sweep()
            self._parts.layers.sweep()
        self._measure()
        with self._parts.database.transaction():
            # Leases first: what one lets go of, it has tagged or recorded before.
            self._parts.leases.forget_dead()
            state = self._look(wish, ())
            self._choose(state, wish)
            layers = self._remove_rows(state)
            count, size = self._remove_blobs(state, set(layers))
            freed += size
        mounts = [each for each in state.going if each.kind == "mount"]
        removed = [each for each in mounts if self._remove_mount(each)]
        for id in layers:
            self._parts.layers.discard(id)
        if not wish.images:
            self._parts.cache_mounts.sweep()
            self._parts.layers.sweep()
        return Pruned(
            sum(each.kind == "record" for each in state.going),
            len(layers),
            count,
            len(removed),
            freed + sum(layers.values()) + sum(each.size for each in removed),
            sum(each.size for each in removed),
        )

    def weigh(self, wish: Wish) -> Pruned:
        """What would be removed; nothing is, and the images may be in the index still."""
        self._measure()
        with self._parts.database.transaction():
            self._parts.leases.forget_dead()
            state = self._look(wish, {each.digest for each in wish.images})
            self._choose(state, wish)
            layers = self._unheld(state)
            blobs = self._unheld_blobs(state, set(layers))
            mounts = [each.size for each in state.going if each.kind == "mount"]
            return Pruned(
                sum(each.kind == "record" for each in state.going),
                len(layers),
                len(blobs),
                len(mounts),
                sum(layers.values()) + sum(map(self._parts.blobs.measure, blobs)) + sum(mounts),
                sum(mounts),
            )

    def _measure(self) -> None:
        """Count what layers take before the tables are locked."""
        self._parts.layers.disk_sizes()

    def _look(self, wish: Wish, without: Collection[str]) -> _State:
        rows = self._parts.database.rows("SELECT id, disk, diff_id FROM layers")
        images = (
            *(descriptor for _, descriptor in self._parts.store.tags()),
            *self._parts.store.untagged(),
        )
        roots = tuple(descriptor for descriptor in images if descriptor.digest not in without)
        state = _State(
            self._parts.leases.held("layer"),
            {str(id): int(str(size or 0)) for id, size, _ in rows},
            {str(id): str(diff_id) for id, _, diff_id in rows},
            references(roots, self._read),
            references(wish.images, self._read) if wish.images else None,
        )
        self._hold_tagged(state)
        kept = self._parts.leases.held("record")
        for each in self._find():
            state.holders.update(set(each.layers))
            if each.kind == "record" and each.name in kept:
                continue
            if each.kind == "chain" and each.name in state.references.chain_ids:
                continue
            state.candidates.append(each)
        state.candidates.sort()
        return state

    def _read(self, digest: str) -> bytes:
        # Not by the store, whose lease of this process would come to hold it.
        return self._parts.blobs.peek(digest)

    def _hold_tagged(self, state: _State) -> None:
        for id, diff_id in state.diff_ids.items():
            if diff_id in state.references.diff_ids:
                state.held.add(id)

    def _find(self) -> Iterator[_Candidate]:
        layers: dict[str, list[str]] = {}
        query = "SELECT key, layer FROM record_layers ORDER BY key, position"
        for key, layer in self._parts.database.rows(query):
            layers.setdefault(str(key), []).append(str(layer))
        for key, used in self._parts.database.rows("SELECT key, used FROM records"):
            name = str(key)
            yield _Candidate(float(str(used)), "record", name, tuple(layers.get(name, ())))
        query = "SELECT chain_id, layer, used FROM chains LEFT JOIN layers ON id = layer"
        for chain, layer, used in self._parts.database.rows(query):
            yield _Candidate(float(str(used or 0)), "chain", str(chain), (str(layer),))
        for id, folder, moment in self._parts.cache_mounts.known():
            yield _Candidate(moment, "mount", id, (), self._parts.cache_mounts.size(folder))

    def _choose(self, state: _State, wish: Wish) -> None:
        now = time.time()
        oldest = now - wish.older_than if wish.older_than is not None else float("-inf")
        waiting = []
        for each in state.candidates:
            if state.only is not None:
                if each.kind == "chain" and each.name in state.only.chain_ids:
                    _let_go(each, state)
                continue
            is_whole = all(layer in state.sizes for layer in each.layers)
            if wish.everything or each.used < oldest or not is_whole:
                _let_go(each, state)
            else:
                waiting.append(each)
        if wish.keep_storage is None or state.only is not None:
            return
        total = self._total(state)
        for each in waiting:
            if total <= wish.keep_storage:
                break
            total -= _let_go(each, state)

    def _total(self, state: _State) -> int:
        """What will be left on disk, as far as it is decided."""
        layers = sum(
            size for id, size in state.sizes.items() if id in state.held or state.holders[id] > 0
        )
        kept = self._kept_blobs(state, ())
        blobs = sum(
            self._parts.blobs.measure(one) for one in self._parts.blobs.digests() if one in kept
        )
        mounts = sum(
            each.size
            for each in state.candidates
            if each.kind == "mount" and each not in state.going
        )
        return layers + blobs + mounts

    def _unheld(self, state: _State) -> dict[str, int]:
        """The layers that go, with their sizes."""
        return {
            id: size
            for id, size in state.sizes.items()
            if id not in state.held
            and state.holders[id] <= 0
            and (state.only is None or state.diff_ids[id] in state.only.diff_ids)
        }

    def _remove_rows(self, state: _State) -> dict[str, int]:
        """Remove rows of records, chains and layers; the layers that go, with their sizes."""
        tables = {"record": ("records", "key"), "chain": ("chains", "chain_id")}
        with self._parts.database.transaction() as connection:
            for each in state.going:
                if each.kind in tables:
                    table, column = tables[each.kind]
                    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (each.name,))
                if each.kind == "record":
                    connection.execute("DELETE FROM record_layers WHERE key = ?", (each.name,))
            layers = self._unheld(state)
            connection.executemany("DELETE FROM layers WHERE id = ?", [(id,) for id in layers])
        return layers

    def _kept_blobs(self, state: _State, going: Collection[str]) -> set[str]:
        """The blobs that something holds, there or not yet, when some layers count no longer."""
        diff_ids = {diff_id for id, diff_id in state.diff_ids.items() if id not in going}
        rows = self._parts.database.rows("SELECT digest, diff_id FROM layer_blobs")
        of_layers = {str(digest) for digest, diff_id in rows if diff_id in diff_ids}
        return self._parts.leases.held("blob") | set(state.references.blobs) | of_layers

    def _unheld_blobs(self, state: _State, going: Collection[str]) -> list[Digest]:
        # Files are listed once: a blob that a lease holds may get its name at any moment.
        kept = self._kept_blobs(state, going)
        return [
            digest
            for digest in self._parts.blobs.digests()
            if digest not in kept and (state.only is None or digest in state.only.blobs)
        ]

    def _remove_blobs(self, state: _State, layers: Collection[str]) -> tuple[int, int]:
        going = self._unheld_blobs(state, layers)
        with self._parts.database.transaction() as connection:
            connection.executemany(
                "DELETE FROM layer_blobs WHERE digest = ?", [(str(digest),) for digest in going]
            )
        return len(going), sum(self._parts.blobs.remove(digest) for digest in going)

    def _remove_mount(self, mount: _Candidate) -> bool:
        for id, folder, _ in self._parts.cache_mounts.known():
            if id == mount.name:
                return self._parts.cache_mounts.remove(id, folder)
        return False


def _let_go(candidate: _Candidate, state: _State) -> int:
    """Count something as going; the bytes that this frees."""
    state.going.append(candidate)
    freed = candidate.size
    for layer in set(candidate.layers):
        state.holders[layer] -= 1
        if state.holders[layer] <= 0 and layer not in state.held:
            freed += state.sizes.get(layer, 0)
    return freed
