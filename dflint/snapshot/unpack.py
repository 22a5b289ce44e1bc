"""Unpacks the layers of an image that is in the store, each once by its chain id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol

from dflint.errors import BuildError
from dflint.oci.digest import chain_ids
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import read_manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content import ContentStore
    from dflint.oci.descriptor import Descriptor


class Summary(Protocol):
    """What is known of a tar that was unpacked."""

    @property
    def diff_id(self) -> str:
        """The digest of the uncompressed tar."""

    @property
    def size(self) -> int:
        """Its size in bytes."""


#: Unpacks a layer's tar, perhaps compressed, into an empty tree over those below, topmost last.
Apply = Callable[[BinaryIO, str, Sequence[str]], Summary]


def unpack(store: ContentStore, manifest: Descriptor, apply: Apply) -> tuple[str, ...]:
    """The ids of an image's layers, bottom to top; those that are not there yet are unpacked.

    Hold a lease meanwhile. BuildError names the layer that is missing, damaged, or whose tar has
    not the digest that the configuration says.
    """
    document = read_manifest(store.read_blob(manifest.digest), manifest.media_type)
    image = read_image_document(store.read_blob(document.config.digest))
    count = len(document.layers)
    if count != len(image.diff_ids):
        raise BuildError(
            f"image `{manifest.digest}`: the manifest has {count} layers, the configuration "
            f"{len(image.diff_ids)}"
        )
    layers: list[str] = []
    for number, chain_id in enumerate(chain_ids(image.diff_ids)):
        id = store.layer_of_chain(chain_id)
        if id is None:
            blob, diff_id = document.layers[number], image.diff_ids[number]
            try:
                made = _unpack_layer(store, blob, diff_id, layers, apply)
            except BuildError as error:
                raise BuildError(
                    f"image `{manifest.digest}`: layer {number + 1} of {count}: {error}"
                ) from error
            id = store.set_chain(chain_id, made)
        layers.append(id)
    return tuple(layers)


def _unpack_layer(
    store: ContentStore, blob: Descriptor, diff_id: str, below: Sequence[str], apply: Apply
) -> str:
    lower = [store.layer(id).tree for id in below]
    with store.open_blob(blob.digest) as stream, store.new_layer() as draft:
        found = apply(stream, draft.tree, lower)
        while stream.read(1 << 20):  # what follows the tar belongs to the blob's digest too
            pass
        if found.diff_id != diff_id:
            raise BuildError(f"expected a tar with digest `{diff_id}`, found `{found.diff_id}`")
        store.add_blob_of(diff_id, blob.digest, blob.media_type, blob.size)
        return draft.commit(found.diff_id, found.size)
