"""Cache records in a folder: `--cache-to type=local` and `--cache-from type=local`.

The folder is an OCI image layout. A manifest's configuration is our own document: records that lead
from keys to layers; the manifest's layers are their blobs.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from dflint.build.exporter.destination import naming, write_file
from dflint.build.exporter.image import ExportBlob
from dflint.build.exporter.layout import LAYOUT_FILE, read_whole
from dflint.build.exporter.layout_folder import LayoutFolder
from dflint.build.layers import Form, LayerBlob, is_alone, layer_blob, mark_alone
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.archive import open_layout_blob
from dflint.content.store import ContentStore
from dflint.content.tags import REFERENCE_NAME, read_layout_index
from dflint.errors import BuildError
from dflint.layer import apply_tar, decompress
from dflint.oci.descriptor import Descriptor
from dflint.oci.digest import chain_ids
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Index, Manifest, read_manifest

CONFIG_TYPE = "application/vnd.dflint.cache.v1+json"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of an imported cache."""

    diff_id: str
    descriptor: Descriptor
    is_alone: bool
    created: float


def export_cache(
    store: ContentStore,
    location: CacheLocation,
    records: Mapping[str, Result],
    results: Iterable[Result],
) -> None:
    """Write records with their layers; with `mode=min` those of the results' own steps only.

    What the folder's index names besides stays, other blobs go. BuildError when it cannot be
    written.
    """
    ends = tuple(results)
    if location.mode != "max":
        records = {
            key: result
            for key, result in records.items()
            if any(end[: len(result)] == result for end in ends)
        }
    form = Form(location.compression or "gzip")
    numbers: dict[str, int] = {}
    blobs: list[LayerBlob] = []
    for result in sorted(records.values(), key=len):
        for at, layer in enumerate(result):
            if layer not in numbers:
                numbers[layer] = len(blobs)
                blobs.append(layer_blob(store, result, at, form))
    document = {
        "records": [
            {"key": key, "layers": [numbers[layer] for layer in result]}
            for key, result in sorted(records.items())
        ],
        "layers": [
            {
                "diff_id": blobs[number].diff_id,
                "alone": is_alone(store, layer),
                "created": store.layer(layer).created,
            }
            for layer, number in numbers.items()
        ],
    }
    _write(store, location, write_compact(document), [blob.descriptor for blob in blobs])


def _write(
    store: ContentStore, location: CacheLocation, document: bytes, layers: Sequence[Descriptor]
) -> None:
    config = store.put_blob(document)
    described = Descriptor(CONFIG_TYPE, config.digest, config.size)
    manifest = Manifest(described, tuple(layers))
    kept = store.put_blob(manifest.encode())
    entry = Descriptor(
        manifest.media_type, kept.digest, kept.size, annotations={REFERENCE_NAME: location.tag}
    )
    with naming(location.path), LayoutFolder(location.path) as folder:
        for one in (*layers, described, entry):
            blob = ExportBlob(one.media_type, one.digest, one.size, _opener(store, one.digest))
            folder.add_blob(one.digest, read_whole(blob))
        folder.add_file("oci-layout", LAYOUT_FILE)
        index = Index((*folder.other_entries([entry]), entry))
        write_file(os.path.join(folder.path, "index.json"), write_compact(index.plain()))
        folder.keep()
        folder.sweep(index)


def _opener(store: ContentStore, digest: str) -> Callable[[], BinaryIO]:
    return lambda: store.open_blob(digest)


class ImportedCaches:
    """The records of some folders, whose layers are unpacked when they are wanted.

    A folder that cannot be read, or a layer that is damaged, is told to `warn`, and does not end
    the build. For several threads.
    """

    def __init__(
        self,
        store: ContentStore,
        locations: Sequence[CacheLocation],
        warn: Callable[[str], None],
    ) -> None:
        self._store = store
        self._warn = warn
        self._lock = threading.Lock()
        self._found: dict[str, tuple[str, tuple[_Layer, ...]]] = {}
        for location in locations:
            try:
                self._read(location)
            except BuildError as error:
                warn(f"failed to import the cache of `{location.path}`: {error}")

    def find(self, key: str) -> Result | None:
        """The result that a key leads to, now in the store; None when no folder knows it."""
        found = self._found.get(key)
        if found is None:
            return None
        path, layers = found
        with self._lock:
            try:
                result = self._unpack(path, layers)
            except BuildError as error:
                self._warn(f"failed to import the cache of `{path}`: {error}")
                del self._found[key]
                return None
        self._store.add_record(key, result, f"imported from {path}")
        return result

    def _read(self, location: CacheLocation) -> None:
        entries = [
            one
            for one in read_layout_index(location.path).manifests
            if location.digest == one.digest
            or (not location.digest and one.annotations.get(REFERENCE_NAME) == location.tag)
        ]
        if not entries:
            raise BuildError(f"it has no cache with the tag `{location.tag}`")
        manifest = read_manifest(_blob(location.path, entries[-1].digest))
        if manifest.config.media_type != CONFIG_TYPE:
            raise BuildError(f"expected `{CONFIG_TYPE}`, found `{manifest.config.media_type}`")
        try:
            document = json.loads(_blob(location.path, manifest.config.digest))
            layers = [
                _Layer(str(said["diff_id"]), blob, bool(said["alone"]), float(said["created"]))
                for said, blob in zip(document["layers"], manifest.layers, strict=True)
            ]
            for record in document["records"]:
                wanted = tuple(layers[int(number)] for number in record["layers"])
                self._found[str(record["key"])] = location.path, wanted
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BuildError(f"its records cannot be read: {error!r}") from None

    def _unpack(self, path: str, layers: tuple[_Layer, ...]) -> Result:
        result: list[str] = []
        chains = chain_ids(tuple(layer.diff_id for layer in layers))
        for chain, layer in zip(chains, layers, strict=True):
            # Alone, a layer's tree does not depend on what is below it; with it, it may.
            name = f"{chain} alone" if layer.is_alone else chain
            found = self._store.layer_of_chain(name)
            if found is None:
                below = () if layer.is_alone else tuple(result)
                found = self._store.set_chain(name, self._unpack_one(path, layer, below))
            result.append(found)
        return tuple(result)

    def _unpack_one(self, path: str, layer: _Layer, below: Result) -> str:
        store = self._store
        lower = [store.layer(one).tree for one in below]
        blob = layer.descriptor
        with open_layout_blob(path, blob.digest) as stream, store.new_layer() as draft:
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


def _blob(path: str, digest: str) -> bytes:
    with open_layout_blob(path, digest) as stream:
        return stream.read()
