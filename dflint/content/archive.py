"""Takes images into the store: OCI image layouts, as folders or tars, and `docker save`'s tars.

Only content whose digest is right is taken, and nothing is unpacked: names in a tar never become
names of files.
"""

from __future__ import annotations

import os
import stat

from dflint.content.archive_reader import read_archive
from dflint.content.blobs import open_verified
from dflint.content.choose_image import choose_manifest
from dflint.content.docker_archive import docker_manifest
from dflint.content.files import naming
from dflint.content.tags import check_layout, read_layout_index
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.digest import parse_digest
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import read_index, read_manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from dflint.content.store import ContentStore
    from dflint.oci.platform import Platform

#: The largest manifest or configuration that is read, in bytes.
_LARGEST_DOCUMENT = 8 << 20
_CHUNK = 1 << 20


def import_image(
    store: ContentStore, path: str, name: str = "", platform: Platform | None = None
) -> Descriptor:
    """Take an image into the store; the descriptor of its manifest.

    `path` is a folder or a tar, perhaps compressed; `name` a tag, reference or digest, empty where
    there is one image. BuildError when it is not there, or anything of it is missing or damaged.
    """
    with naming(path):
        is_folder = stat.S_ISDIR(os.stat(path).st_mode)
    if is_folder:
        return import_layout(store, path, name, platform)
    with naming(path), open(path, "rb") as stream:
        return import_archive(store, stream, name, platform, f"`{path}`")


def import_layout(
    store: ContentStore, path: str, name: str = "", platform: Platform | None = None
) -> Descriptor:
    """Take an image of an OCI image layout, which is a folder, into the store."""
    layout = LayoutBlobs(path)
    check_layout(path)
    chosen = choose_manifest(read_layout_index(path), name, platform, layout.read, f"`{path}`")
    return take_image(store, layout, chosen, f"`{path}`")


def import_archive(
    store: ContentStore,
    stream: BinaryIO,
    name: str = "",
    platform: Platform | None = None,
    what: str = "archive",
) -> Descriptor:
    """Take an image of a tar into the store, reading it once from beginning to end."""
    archive = read_archive(store, stream, what)
    if "oci-layout" in archive.documents and "index.json" in archive.documents:
        index = read_index(archive.documents["index.json"], what=f"{what}: `index.json`")
        if index.manifests:
            chosen = choose_manifest(index, name, platform, store.read_blob, what)
            return take_image(store, TakenBlobs(store), chosen, what)
    chosen = docker_manifest(store, archive, name, platform, what)
    return take_image(store, TakenBlobs(store), chosen, what)


def open_layout_blob(path: str, digest: str) -> BinaryIO:
    """A stream of a blob in a layout that is a folder; BuildError at its last byte if damaged."""
    return LayoutBlobs(path).open(digest)


class LayoutBlobs:
    """The blobs of a layout in a folder."""

    def __init__(self, path: str) -> None:
        self._root = os.path.join(path, "blobs")

    def open(self, digest: str) -> BinaryIO:
        """A stream of a blob; BuildError at its last byte if it is damaged."""
        parsed = parse_digest(digest)
        path = os.path.join(self._root, parsed.algorithm, parsed.encoded)
        # Anything but a file could keep us waiting for ever.
        if os.path.exists(path) and not os.path.isfile(path):
            raise BuildError(f"blob `{digest}`: expected a file, found something else")
        return open_verified(path, parsed)

    def has(self, digest: str) -> bool:
        """Whether a blob is there."""
        parsed = parse_digest(digest)
        return os.path.isfile(os.path.join(self._root, parsed.algorithm, parsed.encoded))

    def read(self, digest: str) -> bytes:
        """The content of a document."""
        with self.open(digest) as stream:
            return _limited(stream, digest)

    def take(self, store: ContentStore, descriptor: Descriptor) -> None:
        """Copy a blob into a store."""
        if store.blob_size(descriptor.digest) == descriptor.size:
            return
        algorithm = parse_digest(descriptor.digest).algorithm
        with self.open(descriptor.digest) as stream, store.new_blob(algorithm) as writer:
            while chunk := stream.read(_CHUNK):
                writer.write(chunk)
            writer.commit(descriptor.digest, descriptor.size)


class TakenBlobs:
    """The blobs of an archive, which are in the store already."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def has(self, digest: str) -> bool:
        """Whether a blob is there."""
        return self._store.has_blob(digest)

    def read(self, digest: str) -> bytes:
        """The content of a document."""
        return self._store.read_blob(digest, _LARGEST_DOCUMENT)

    def take(self, store: ContentStore, descriptor: Descriptor) -> None:
        """See that a blob is there, and of the size that is said of it."""
        size = store.blob_size(descriptor.digest)
        if size is None:
            raise BuildError(f"blob `{descriptor.digest}` is missing")
        if size != descriptor.size:
            raise BuildError(
                f"blob `{descriptor.digest}`: expected {descriptor.size} bytes, found {size}"
            )


def _limited(stream: BinaryIO, digest: str) -> bytes:
    data = stream.read(_LARGEST_DOCUMENT)
    if stream.read(1):
        raise BuildError(f"blob `{digest}`: expected at most {_LARGEST_DOCUMENT} bytes")
    return data


def take_image(
    store: ContentStore, source: LayoutBlobs | TakenBlobs, chosen: Descriptor, what: str
) -> Descriptor:
    """Take a manifest and all that it refers to."""
    manifest_data = take_document(source, store, chosen, f"{what}: manifest")
    manifest = read_manifest(manifest_data, chosen.media_type, f"{what}: manifest")
    if not media_types.is_config(manifest.config.media_type):
        raise BuildError(
            f"{what}: expected an image, found an artifact with `{manifest.config.media_type}`"
        )
    config_data = take_document(source, store, manifest.config, f"{what}: configuration")
    image = read_image_document(config_data, f"{what}: configuration")
    if len(image.diff_ids) != len(manifest.layers):
        raise BuildError(
            f"{what}: the manifest has {len(manifest.layers)} layers, the configuration "
            f"{len(image.diff_ids)}"
        )
    for number, (layer, diff_id) in enumerate(
        zip(manifest.layers, image.diff_ids, strict=True), start=1
    ):
        place = f"{what}: layer {number} of {len(manifest.layers)}"
        if not media_types.is_layer(layer.media_type):
            raise BuildError(f"{place}: `{layer.media_type}` is no layer's media type")
        try:
            source.take(store, layer)
        except BuildError as error:
            raise BuildError(f"{place}: {error}") from error
        store.add_blob_of(diff_id, layer.digest, layer.media_type, layer.size)
    return Descriptor(
        manifest.media_type, chosen.digest, len(manifest_data), platform=image.platform
    )


def take_document(
    source: LayoutBlobs | TakenBlobs, store: ContentStore, descriptor: Descriptor, what: str
) -> bytes:
    """Take a document, and read it."""
    if descriptor.size > _LARGEST_DOCUMENT:
        raise BuildError(f"{what}: expected at most {_LARGEST_DOCUMENT} bytes")
    try:
        source.take(store, descriptor)
        return source.read(descriptor.digest)
    except BuildError as error:
        raise BuildError(f"{what}: {error}") from error
