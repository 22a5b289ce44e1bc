"""The records of a build as they leave the store: what `--cache-to` writes, wherever to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dflint.build.cache_config import CONFIG_TYPE, CacheConfig, CachedLayer
from dflint.build.layers import Form, asked_compression, layer_blob, stored_layers
from dflint.build.layers import is_alone as is_made_alone
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, Manifest


@dataclass(frozen=True, slots=True)
class WrittenCache:
    """A cache in the store: what stands for it, the document of records, and the layers."""

    top: Descriptor
    config: Descriptor
    layers: tuple[Descriptor, ...]


def write_cache(
    store: ContentStore,
    location: CacheLocation,
    records: Mapping[str, Result],
    results: Iterable[Result],
) -> WrittenCache:
    """Put records and their layers into the store, with `mode=min` those of the results' steps."""
    if location.mode != "max":
        ends = tuple(results)
        records = {
            key: result
            for key, result in records.items()
            if any(_is_of(store, result, end) for end in ends)
        }
    config = _config(store, records, Form(asked_compression(location.compression)))
    kept = store.put_blob(config.encode())
    described = Descriptor(CONFIG_TYPE, kept.digest, kept.size)
    layers = config.descriptors()
    if not location.has_oci_types:
        layers = tuple(
            replace(one, media_type=media_types.to_docker(one.media_type)) for one in layers
        )
    document: Manifest | Index
    if location.is_image_manifest:
        document = Manifest(described, layers)
    else:
        kind = media_types.OCI_INDEX if location.has_oci_types else media_types.DOCKER_INDEX
        document = Index((*layers, described), kind)
    top = store.put_blob(document.encode())
    return WrittenCache(Descriptor(document.media_type, top.digest, top.size), described, layers)


def _is_of(store: ContentStore, result: Result, end: Result) -> bool:
    """Whether a step's result is part of a build's: its beginning, or a layer made on nothing."""
    if end[: len(result)] == result:
        return True
    return len(result) == 1 and result[0] in end and is_made_alone(store, result[0])


def _config(store: ContentStore, records: Mapping[str, Result], form: Form) -> CacheConfig:
    """The records; a layer that lies on different ones is there for each of them."""
    places: dict[tuple[str, int], int] = {}
    layers: list[CachedLayer] = []
    found: dict[str, tuple[int, ...]] = {}
    for key, result in sorted(records.items(), key=lambda pair: (len(pair[1]), pair[0])):
        chain: list[int] = []
        for at, layer in enumerate(result):
            is_alone = is_made_alone(store, layer)
            parent = chain[-1] if chain and not is_alone else -1
            place = places.get((layer, parent))
            if place is None:
                blob = layer_blob(store, stored_layers(store, result), at, form)
                place = places[layer, parent] = len(layers)
                created = store.layer(layer).created
                layers.append(CachedLayer(blob.diff_id, blob.descriptor, parent, is_alone, created))
            chain.append(place)
        if chain:
            found[key] = tuple(chain)
    return CacheConfig(tuple(layers), found)
