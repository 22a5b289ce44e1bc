"""The records of other places, whose layers are unpacked when they are wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol

from dflint.build.cache_config import CacheConfig, CachedLayer
from dflint.build.layers import mark_alone
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.layer import apply_tar, decompress
from dflint.oci.descriptor import Descriptor
from dflint.oci.digest import chain_ids


class CacheSource(Protocol):
    """A place that records are read from: a folder, a registry. Methods raise BuildError."""

    @property
    def name(self) -> str:
        """What people call it."""

    def read(self) -> Sequence[CacheConfig]:
        """The records, in the order in which they count."""

    def open(self, blob: Descriptor) -> BinaryIO:
        """A layer's bytes, which are checked by the time the last one is read."""


class ImportedCaches:
    """The records of some places, for several threads.

    A place that cannot be read, or a layer that is damaged, is told to `warn`, and does not end
    the build.
    """

    def __init__(
        self, store: ContentStore, sources: Sequence[CacheSource], warn: Callable[[str], None]
    ) -> None:
        self._store = store
        self._warn = warn
        self._lock = threading.Lock()
        self._found: dict[str, tuple[CacheSource, tuple[CachedLayer, ...]]] = {}
        for source in sources:
            try:
                for config in source.read():
                    for key, places in config.records.items():
                        layers = tuple(config.layers[place] for place in places)
                        self._found.setdefault(key, (source, layers))
            except BuildError as error:
                warn(f"failed to import the cache of `{source.name}`: {error}")

    def find(self, key: str) -> Result | None:
        """The result that a key leads to, now in the store; None when no place knows it."""
        found = self._found.get(key)
        if found is None:
            return None
        source, layers = found
        with self._lock:
            try:
                result = self._unpack(source, layers)
            except BuildError as error:
                self._warn(f"failed to import the cache of `{source.name}`: {error}")
                self._found.pop(key, None)
                return None
        self._store.add_record(key, result, f"imported from {source.name}")
        return result

    def _unpack(self, source: CacheSource, layers: tuple[CachedLayer, ...]) -> Result:
        result: list[str] = []
        chains = chain_ids(tuple(layer.diff_id for layer in layers))
        for chain, layer in zip(chains, layers, strict=True):
            # Alone, a layer's tree does not depend on what is below it; with it, it may.
            name = f"{layer.diff_id} alone" if layer.is_alone else chain
            found = self._store.layer_of_chain(name)
            if found is None:
                below = () if layer.is_alone else tuple(result)
                found = self._store.set_chain(name, self._unpack_one(source, layer, below))
            result.append(found)
        return tuple(result)

    def _unpack_one(self, source: CacheSource, layer: CachedLayer, below: Result) -> str:
        store = self._store
        lower = [store.layer(one).tree for one in below]
        with source.open(layer.descriptor) as stream, store.new_layer() as draft:
            summary = apply_tar(decompress(stream), draft.tree, lower)
            while stream.read(1 << 20):  # the digest is that of all of it
                pass
            if summary.diff_id != layer.diff_id:
                raise BuildError(
                    f"expected a layer with digest {layer.diff_id}, found {summary.diff_id}"
                )
            made = draft.commit(summary.diff_id, summary.size, layer.created)
        if layer.is_alone:
            mark_alone(store, made)
        return made
