"""Takes what another builder has made into the store."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.build.outcome import BuildResult
from dflint.content.load import load_path
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Manifest, read_document
from dflint.snapshot.unpack import unpack


@dataclass(frozen=True, slots=True)
class TakenImage:
    """An image of another builder, in the store: its configuration, and its layers unpacked.

    `trees` are where the layers are, topmost last, in overlayfs' upper format.
    """

    document: bytes
    layers: tuple[str, ...]
    trees: tuple[str, ...]


def take(store: ContentStore, archive: str, names: tuple[str, ...]) -> BuildResult:
    """Take the only image of an archive under some names, or none; BuildError for a bad archive.

    Hold a lease meanwhile, or an image without a name may be gone at once.
    """
    with _named(store, names) as used:
        (loaded,) = load_path(store, archive, used)
    descriptor = Descriptor(
        loaded.descriptor.media_type, loaded.descriptor.digest, loaded.descriptor.size
    )
    document = read_document(store.read_blob(descriptor.digest), descriptor.media_type)
    config = document.config.digest if isinstance(document, Manifest) else ""
    store.settle_soon()
    return BuildResult(descriptor.digest, config, descriptor.plain(), names)


def take_into(place: str, archive: str, names: tuple[str, ...]) -> BuildResult:
    """`take` into the store of a place."""
    with contextlib.closing(ContentStore(place)) as store, store.lease():
        return take(store, archive, names)


@contextlib.contextmanager
def _named(store: ContentStore, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Some names, or where there are none one that is nobody's and is forgotten at the end."""
    if names:
        yield names
        return
    passing = f"localhost/build:{os.urandom(16).hex()}"
    try:
        yield (passing,)
    finally:
        store.untag(passing)


def unpacked(store: ContentStore, result: BuildResult) -> TakenImage:
    """The files of an image that was taken; the process has to be where mounts can be made."""
    from dflint.build.images import apply_layer

    said = result.descriptor
    descriptor = Descriptor(str(said["mediaType"]), result.digest, int(str(said["size"])))
    if not result.config_digest:
        raise BuildError("expected an image for one platform, found several")
    layers = unpack(store, descriptor, apply_layer)
    trees = tuple(store.layer(one).tree for one in layers)
    return TakenImage(store.read_blob(result.config_digest), layers, trees)
