"""Images that tests put into a store: real layers, with a history."""

from __future__ import annotations

import gzip
import io
import tarfile

from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.digest import digest_of
from dflint.oci.image_document import ContainerConfig, HistoryEntry, ImageDocument
from dflint.oci.manifest import Index, Manifest


def tar_of(files):
    """A tar of files by name; a text each, None for a whiteout."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            data = (content or "").encode()
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def put_layer(store, files):
    """A compressed layer: its diff id and descriptor."""
    data = tar_of(files)
    diff_id = digest_of(data)
    blob = store.put_blob(gzip.compress(data, mtime=0))
    kind = media_types.layer_media_type("gzip")
    store.add_blob_of(diff_id, blob.digest, kind, blob.size)
    return diff_id, Descriptor(kind, blob.digest, blob.size)


def put_image(store, *layers, created="2024-01-02T03:04:05Z", arch="amd64", **config):
    """An image of layers, a mapping of files each, and an ENV that makes no layer."""
    made = [put_layer(store, files) for files in layers]
    history = [
        HistoryEntry(created, f"COPY {' '.join(files)} / # buildkit", "", "buildkit.dockerfile.v0")
        for files in layers
    ]
    history.append(HistoryEntry(created, "ENV A=1", "", "buildkit.dockerfile.v0", True))
    document = ImageDocument(
        PlatformFields(arch, "linux"),
        ContainerConfig(env=("A=1",), **config),
        tuple(diff_id for diff_id, _ in made),
        tuple(history),
        created,
    )
    kept = store.put_blob(document.encode())
    described = Descriptor(media_types.OCI_CONFIG, kept.digest, kept.size)
    manifest = Manifest(described, tuple(blob for _, blob in made))
    written = store.put_blob(manifest.encode())
    return Descriptor(media_types.OCI_MANIFEST, written.digest, written.size)


def put_index(store, *images):
    """An index of images with their architectures."""
    manifests = tuple(
        Descriptor(one.media_type, one.digest, one.size, platform=PlatformFields(arch, "linux"))
        for arch, one in images
    )
    written = store.put_blob(Index(manifests).encode())
    return Descriptor(media_types.OCI_INDEX, written.digest, written.size)


def whole(name):
    """The whole reference of a short one."""
    return f"docker.io/library/{name}"
