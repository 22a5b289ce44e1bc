"""Cache records outside the store, in BuildKit's format `cacheconfig.v0`.

A document has layers, each with its blob and the layer below it, and records that lead from keys
to layers. An image can have the records of its own steps in its configuration (inline cache).
BuildKit reads both; its keys are others than ours, so that neither finds steps of the other.
Source: BuildKit, `cache/remotecache/v1/doc.go`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dflint.build.times import seconds_of, time_text
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.digest import parse_digest
from dflint.oci.json_text import write_compact

CONFIG_TYPE = "application/vnd.buildkit.cacheconfig.v0"
#: The key of an image's configuration that has its records.
INLINE = "moby.buildkit.cache.v0"
_DIFF_ID, _CREATED = "containerd.io/uncompressed", "buildkit/createdat"
_NONE = -1
_MOST, _DEEPEST = 20_000, 1000


@dataclass(frozen=True, slots=True)
class CachedLayer:
    """A layer of a cache. `created` is in seconds since 1970.

    `parent` is the place of the layer below it, -1 for none. What `is_alone` was made on nothing,
    whatever it lies on.
    """

    diff_id: str
    descriptor: Descriptor
    parent: int
    is_alone: bool
    created: float


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """Layers, and records that lead from keys to places of layers, bottom to top."""

    layers: tuple[CachedLayer, ...]
    records: Mapping[str, tuple[int, ...]]

    def encode(self) -> bytes:
        """The document."""
        layers = [_plain_layer(one) for one in self.layers]
        records = [self._record(key, places) for key, places in sorted(self.records.items())]
        return write_compact({"layers": layers, "records": records})

    def _record(self, key: str, places: tuple[int, ...]) -> dict[str, object]:
        record: dict[str, object] = {"digest": key}
        created = time_text(self.layers[places[-1]].created)
        if self.below(places[-1]) == places:
            record["layers"] = [{"layer": places[-1], "createdAt": created}]
        else:
            record["chains"] = [{"layers": list(places), "createdAt": created}]
        return record

    def below(self, place: int) -> tuple[int, ...]:
        """A layer and all that it lies on, bottom to top."""
        found: list[int] = []
        while place != _NONE:
            found.append(place)
            if len(found) > _DEEPEST:
                raise ValueError(f"more than {_DEEPEST} layers lie on one another")
            place = self.layers[place].parent
        return tuple(reversed(found))

    def descriptors(self) -> tuple[Descriptor, ...]:
        """The blobs, each once, with what BuildKit wants to know of them."""
        found: dict[str, Descriptor] = {}
        for layer in self.layers:
            known = {_DIFF_ID: layer.diff_id, _CREATED: time_text(layer.created)}
            blob = layer.descriptor
            found.setdefault(blob.digest, replace(blob, annotations={**blob.annotations, **known}))
        return tuple(found.values())


def _plain_layer(layer: CachedLayer) -> dict[str, object]:
    blob = layer.descriptor
    annotations = {
        "mediaType": blob.media_type,
        "diffID": layer.diff_id,
        "size": blob.size,
        "createdAt": time_text(layer.created),
    }
    plain: dict[str, object] = {"blob": blob.digest, "annotations": annotations}
    if layer.parent:  # BuildKit leaves out what is zero
        plain["parent"] = layer.parent
    if layer.is_alone:
        plain["alone"] = True
    return plain


def read_cache_config(data: bytes, blobs: Iterable[Descriptor], what: str) -> CacheConfig:
    """Read a document; BuildError for what is none. `blobs` are those of the manifest it is of.

    Records of other builders are left out where they are of a kind that we have not: with inputs,
    or without layers.
    """
    known = {one.digest: one for one in blobs}
    try:
        document = json.loads(data)
        layers = tuple(_read_layer(one, known) for one in _list(document.get("layers")))
        for place, layer in enumerate(layers):
            if not _NONE <= layer.parent < len(layers):
                raise ValueError(f"layer {place} lies on layer {layer.parent}")
        config = CacheConfig(layers, {})
        records = {}
        for record in _list(document.get("records")):
            places = _places(record, config)
            if places:
                records[str(parse_digest(str(record["digest"])))] = places
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise BuildError(f"{what}: the records cannot be read: {error!r:.300}") from None
    return CacheConfig(layers, records)


def _list(value: object) -> list[Any]:
    found = [] if value is None else value
    if not isinstance(found, list) or len(found) > _MOST:
        raise ValueError(f"expected a list of at most {_MOST}")
    return found


def _read_layer(said: Mapping[str, object], blobs: Mapping[str, Descriptor]) -> CachedLayer:
    blob = blobs[str(said["blob"])]
    notes = said.get("annotations") or {}
    if not isinstance(notes, dict):
        raise ValueError(f"annotations of layer {blob.digest}")
    diff_id = notes.get("diffID") or blob.annotations[_DIFF_ID]
    created = notes.get("createdAt") or blob.annotations.get(_CREATED) or ""
    parent = said.get("parent", 0)
    if not isinstance(parent, int) or media_types.layer_compression(blob.media_type) is None:
        raise ValueError(f"layer {blob.digest}")
    return CachedLayer(
        str(parse_digest(str(diff_id))),
        Descriptor(blob.media_type, blob.digest, blob.size),
        parent,
        said.get("alone") is True,
        _seconds(created),
    )


def _seconds(text: object) -> float:
    """The seconds of a time; those that are not written as ours are do not count."""
    try:
        return seconds_of(str(text))
    except ValueError:
        return 0.0


def _places(record: Mapping[str, object], config: CacheConfig) -> tuple[int, ...]:
    """Where a record leads to; nothing for one that is none of ours."""
    if record.get("inputs"):
        return ()
    for result in _list(record.get("layers")):
        place = _place(result["layer"], config)
        return config.below(place)
    for result in _list(record.get("chains")):
        return tuple(_place(one, config) for one in _list(result["layers"]))
    return ()


def _place(value: object, config: CacheConfig) -> int:
    if not isinstance(value, int) or not 0 <= value < len(config.layers):
        raise ValueError(f"no layer has the place {value!r:.100}")
    return value


def inline_records(
    result: Sequence[str],
    records: Mapping[str, tuple[str, ...]],
    created: Sequence[float],
    alone: Sequence[bool],
) -> str:
    """What an image's configuration says of the steps that made its layers, in base 64.

    `result` are the ids of its layers, `created` when each was made and `alone` whether on nothing.
    """
    layers = tuple(result)
    found: list[dict[str, object]] = []
    for key, below in sorted(records.items()):
        place = len(below) - 1
        if below and layers[: len(below)] == tuple(below):
            at: dict[str, object] = {"layer": place, "createdAt": time_text(created[place])}
            if alone[place]:
                at["alone"] = True
            found.append({"digest": key, "layers": [at]})
    return base64.b64encode(write_compact(found)).decode("ascii")


def read_inline(
    document: Mapping[str, object], diff_ids: Sequence[str], blobs: Sequence[Descriptor], what: str
) -> CacheConfig | None:
    """The records in an image's configuration, None for one without; BuildError for wrong ones."""
    written = document.get(INLINE)
    if written is None:
        return None
    try:
        records = _list(json.loads(base64.b64decode(str(written), validate=True)))
        if len(diff_ids) != len(blobs):
            raise ValueError(f"expected {len(diff_ids)} layers, found {len(blobs)}")
        tops: dict[int, Mapping[str, object]] = {}
        for record in records:
            for top in _list(record.get("layers")):
                if isinstance(top.get("layer"), int) and not record.get("inputs"):
                    tops[int(str(top["layer"]))] = top
        layers = tuple(
            CachedLayer(
                str(diff_id),
                Descriptor(blob.media_type, blob.digest, blob.size),
                place - 1,
                tops.get(place, {}).get("alone") is True,
                _seconds(tops.get(place, {}).get("createdAt", "")),
            )
            for place, (diff_id, blob) in enumerate(zip(diff_ids, blobs, strict=True))
        )
        config = CacheConfig(layers, {})
        found = {str(parse_digest(str(one["digest"]))): _places(one, config) for one in records}
    except (
        *(ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError),
        binascii.Error,
    ) as error:
        raise BuildError(f"{what}: the inline cache cannot be read: {error!r:.300}") from None
    return CacheConfig(layers, {key: places for key, places in found.items() if places})
