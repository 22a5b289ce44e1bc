"""Removes from a store what nothing holds.

Layers are held by records, by chain ids, by tagged images and by leases; blobs by tagged images,
by the layers that they are the tars of, and by leases. All is decided in one transaction, in which
no other process can take hold of anything; trees are removed after it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from dflint.content.references import References, references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.content.blobs import BlobFolder
    from dflint.content.cache_mounts import CacheMounts
    from dflint.content.database import Database
    from dflint.content.layers import LayerFolder
    from dflint.content.leases import Leases
    from dflint.content.store import ContentStore


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many of each were removed, and the bytes on disk that this has freed."""

    records: int
    layers: int
    blobs: int
    cache_mounts: int
    freed: int


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
    references: References
    holders: Counter[str] = field(default_factory=Counter)
    candidates: list[_Candidate] = field(default_factory=list)
    going: list[_Candidate] = field(default_factory=list)


class Pruning:
    """One run over a store."""

    def __init__(
        self,
        store: ContentStore,
        database: Database,
        blobs: BlobFolder,
        layers: LayerFolder,
        cache_mounts: CacheMounts,
        leases: Leases,
    ) -> None:
        self._store = store
        self._database = database
        self._blobs = blobs
        self._layers = layers
        self._cache_mounts = cache_mounts
        self._leases = leases

    def run(self, everything: bool, keep_storage: int | None, older_than: float | None) -> Pruned:
        """Remove what may go."""
        # First what needs no change of the tables: on a full disk that makes the room for one.
        freed = self._blobs.sweep()
        self._layers.sweep()
        self._measure()
        with self._database.transaction():
            # Leases first: what one lets go of, it has tagged or recorded before.
            self._leases.forget_dead()
            state = self._look()
            self._choose(state, everything, keep_storage, older_than)
            layers = self._remove_rows(state)
            count, size = self._remove_blobs(state.references)
            freed += size
        mounts = [each for each in state.going if each.kind == "mount"]
        removed = [each for each in mounts if self._remove_mount(each)]
        for id in layers:
            self._layers.discard(id)
        self._cache_mounts.sweep()
        self._layers.sweep()
        return Pruned(
            sum(each.kind == "record" for each in state.going),
            len(layers),
            count,
            len(removed),
            freed + sum(layers.values()) + sum(each.size for each in removed),
        )

    def _measure(self) -> None:
        """Count what layers take before the tables are locked."""
        for (id,) in self._database.rows("SELECT id FROM layers WHERE disk IS NULL"):
            self._layers.disk_size(str(id))

    def _look(self) -> _State:
        rows = self._database.rows("SELECT id, disk FROM layers")
        roots = tuple(descriptor for _, descriptor in self._store.tags())
        state = _State(
            self._leases.held("layer"),
            {str(id): int(str(size or 0)) for id, size in rows},
            references(roots, self._read),
        )
        self._hold_tagged(state)
        kept = self._leases.held("record")
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
        return self._blobs.peek(digest)

    def _hold_tagged(self, state: _State) -> None:
        for id, diff_id in self._database.rows("SELECT id, diff_id FROM layers"):
            if diff_id in state.references.diff_ids:
                state.held.add(str(id))

    def _find(self) -> Iterator[_Candidate]:
        layers: dict[str, list[str]] = {}
        query = "SELECT key, layer FROM record_layers ORDER BY key, position"
        for key, layer in self._database.rows(query):
            layers.setdefault(str(key), []).append(str(layer))
        for key, used in self._database.rows("SELECT key, used FROM records"):
            name = str(key)
            yield _Candidate(float(str(used)), "record", name, tuple(layers.get(name, ())))
        query = "SELECT chain_id, layer, used FROM chains LEFT JOIN layers ON id = layer"
        for chain, layer, used in self._database.rows(query):
            yield _Candidate(float(str(used or 0)), "chain", str(chain), (str(layer),))
        for id, folder, moment in self._cache_mounts.known():
            yield _Candidate(moment, "mount", id, (), self._cache_mounts.size(folder))

    def _choose(
        self, state: _State, everything: bool, keep_storage: int | None, older_than: float | None
    ) -> None:
        oldest = time.time() - older_than if older_than is not None else float("-inf")
        waiting = []
        for each in state.candidates:
            is_whole = all(layer in state.sizes for layer in each.layers)
            if everything or each.used < oldest or not is_whole:
                _let_go(each, state)
            else:
                waiting.append(each)
        if keep_storage is None:
            return
        total = self._total(state)
        for each in waiting:
            if total <= keep_storage:
                break
            total -= _let_go(each, state)

    def _total(self, state: _State) -> int:
        """What will be left on disk, as far as it is decided."""
        layers = sum(
            size for id, size in state.sizes.items() if id in state.held or state.holders[id] > 0
        )
        blobs = sum(self._blobs.measure(digest) for digest in self._kept_blobs(state.references))
        mounts = sum(each.size for each in state.candidates if each not in state.going)
        return layers + blobs + mounts

    def _remove_rows(self, state: _State) -> dict[str, int]:
        """Remove rows of records, chains and layers; the layers that go, with their sizes."""
        tables = {"record": ("records", "key"), "chain": ("chains", "chain_id")}
        with self._database.transaction() as connection:
            for each in state.going:
                if each.kind in tables:
                    table, column = tables[each.kind]
                    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (each.name,))
                if each.kind == "record":
                    connection.execute("DELETE FROM record_layers WHERE key = ?", (each.name,))
            layers = {
                id: size
                for id, size in state.sizes.items()
                if id not in state.held and state.holders[id] <= 0
            }
            connection.executemany("DELETE FROM layers WHERE id = ?", [(id,) for id in layers])
        return layers

    def _kept_blobs(self, tagged: References) -> set[str]:
        query = "SELECT digest FROM layer_blobs WHERE diff_id IN (SELECT diff_id FROM layers)"
        of_layers = {str(digest) for (digest,) in self._database.rows(query)}
        held = self._leases.held("blob") | set(tagged.blobs) | of_layers
        return held & {str(digest) for digest in self._blobs.digests()}

    def _remove_blobs(self, tagged: References) -> tuple[int, int]:
        kept = self._kept_blobs(tagged)
        going = [digest for digest in self._blobs.digests() if digest not in kept]
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM layer_blobs WHERE digest = ?", [(str(digest),) for digest in going]
            )
        return len(going), sum(self._blobs.remove(digest) for digest in going)

    def _remove_mount(self, mount: _Candidate) -> bool:
        for id, folder, _ in self._cache_mounts.known():
            if id == mount.name:
                return self._cache_mounts.remove(id, folder)
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
