"""The layers of a result as blobs: made when they are first wanted in some form."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from dflint.build.result import Result
from dflint.content.files import naming
from dflint.content.layers import Layer
from dflint.content.store import ContentStore
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor

_CHUNK = 1 << 20
_ALONE = "alone"
_REWRITTEN = "buildkit/rewritten-timestamp"


@dataclass(frozen=True, slots=True)
class Form:
    """The form of layers in an image: `compression` is none, gzip or zstd.

    `epoch` is what times later than it become, None to leave them. `is_forced` compresses the base
    image's layers anew, too.
    """

    compression: str = "gzip"
    level: int | None = None
    is_forced: bool = False
    epoch: int | None = None


def asked_compression(text: str) -> str:
    """The compression that an output or a cache is to have: `uncompressed` is none, gzip usual."""
    return {"uncompressed": "none"}.get(text, text or "gzip")


@dataclass(frozen=True, slots=True)
class LayerBlob:
    """A layer in the store: the digest of its tar, and the descriptor of its blob."""

    diff_id: str
    descriptor: Descriptor


def mark_alone(store: ContentStore, layer: str) -> None:
    """Say of a layer that it was made on nothing, so that its tar does not depend on others."""
    mark = _mark(store.layer(layer).tree)
    with naming(mark), open(mark, "wb"):
        pass


def is_alone(store: ContentStore, layer: str) -> bool:
    """Whether a layer was made on nothing."""
    return _is_alone(store.layer(layer).tree)


def _is_alone(tree: str) -> bool:
    return os.path.exists(_mark(tree))


def _mark(tree: str) -> str:
    return os.path.join(os.path.dirname(tree), _ALONE)


def layer_blobs(
    store: ContentStore, result: Result, base: Sequence[LayerBlob], form: Form
) -> list[LayerBlob]:
    """The blobs of a result's layers, those of its base image being known."""
    layers = stored_layers(store, result) if len(result) > len(base) else []

    def one(number: int) -> LayerBlob:
        if number >= len(base):
            return layer_blob(store, layers, number, form)
        return _compressed(store, base[number], form) if form.is_forced else base[number]

    if len(result) < 2:
        return [one(number) for number in range(len(result))]
    from concurrent.futures import ThreadPoolExecutor

    first, *alike = _unchanged(store, layers, len(base)) or [-1]
    numbers = [number for number in range(len(result)) if number not in alike]
    # More than processors, as each blob waits for the disk at its end.
    with ThreadPoolExecutor(min(len(numbers), 2 * (os.cpu_count() or 1))) as pool:
        made = dict(zip(numbers, pool.map(one, numbers), strict=True))
    if alike and form.epoch is None:
        size = store.layer(result[first]).size
        store.set_diff_ids([result[number] for number in alike], made[first].diff_id, size)
    return [made.get(number) or made[first] for number in range(len(result))]


def _unchanged(store: ContentStore, layers: Sequence[Layer], start: int) -> list[int]:
    """The numbers of layers without a blob that change nothing, which one empty tar is enough for.

    Those whose trees are large are left out: it is not worth it to look through them. The others
    are not compared with those found: a hundred layers would be looked into for each.
    """
    from dflint.layer.changes import changes

    found = []
    below = [layer.tree for layer in layers[:start]]
    for number, layer in enumerate(layers[start:], start):
        with naming(layer.tree):
            if not layer.diff_id and len(os.listdir(layer.tree)) <= 1:
                lower = [] if _is_alone(layer.tree) else below
                if next(changes(os.fsencode(layer.tree), lower), None) is None:
                    found.append(number)
                    continue
        below.append(layer.tree)
    return found


def stored_layers(store: ContentStore, result: Result) -> list[Layer]:
    """The layers of a result, to ask for the blobs of several of them."""
    return [store.layer(one) for one in result]


def layer_blob(store: ContentStore, layers: Sequence[Layer], number: int, form: Form) -> LayerBlob:
    """One of a result's layers that was built, in the form that is asked for."""
    found = layers[number]
    media_type = _media_type(form)
    if form.epoch is None and form.level is None and found.diff_id:
        for blob in store.blobs_of(found.diff_id):
            if media_types.to_oci(blob.media_type) == media_type:
                return LayerBlob(found.diff_id, Descriptor(media_type, blob.digest, blob.size))
    from dflint.layer import CompressingWriter, write_tar

    lower = [] if is_alone(store, found.id) else [one.tree for one in layers[:number]]
    with naming(found.tree), store.new_blob() as out:
        writer = CompressingWriter(out, form.compression, form.level)
        summary = write_tar(found.tree, lower, writer, epoch=form.epoch)
        made = writer.finish()
        out.commit(made.digest)
    if form.epoch is None:
        store.set_diff_id(found.id, summary.diff_id, summary.size)
    store.add_blob_of(summary.diff_id, made.digest, media_type, made.size)
    annotations = {} if form.epoch is None else {_REWRITTEN: str(form.epoch)}
    descriptor = Descriptor(media_type, made.digest, made.size, annotations=annotations)
    return LayerBlob(summary.diff_id, descriptor)


def _media_type(form: Form) -> str:
    return media_types.layer_media_type("" if form.compression == "none" else form.compression)


def _compressed(store: ContentStore, known: LayerBlob, form: Form) -> LayerBlob:
    """A layer of the base image in the form that is asked for."""
    media_type = _media_type(form)
    if media_types.to_oci(known.descriptor.media_type) == media_type:
        return known
    from dflint.layer import CompressingWriter, decompress

    with store.open_blob(known.descriptor.digest) as stream, store.new_blob() as out:
        writer = CompressingWriter(out, form.compression, form.level)
        reader = decompress(stream)
        while data := reader.read(_CHUNK):
            writer.write(data)
        made = writer.finish()
        out.commit(made.digest)
    store.add_blob_of(known.diff_id, made.digest, media_type, made.size)
    return LayerBlob(known.diff_id, Descriptor(media_type, made.digest, made.size))
