"""The image of a container: found, unpacked, and read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from dflint.build.images import LAYOUT, Images, apply_layer
from dflint.build.platforms import own_platform, require_platform
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.image_document import ImageDocument, read_image_document
from dflint.oci.manifest import Manifest, read_document
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.registry.options import Progress
from dflint.snapshot.unpack import unpack

_ID = re.compile(r"(?:sha256:)?([0-9a-f]{12,64})")
_LARGEST_MANIFEST = 1 << 20


@dataclass(frozen=True, slots=True)
class ContainerImage:
    """An image whose layers are unpacked.

    `digest` is the manifest's, `layers` are the ids of the layers, bottom to top, `blobs` the
    digests of all that the image is made of.
    """

    name: str
    digest: str
    document: ImageDocument
    layers: tuple[str, ...]
    blobs: tuple[str, ...]


def open_image(
    store: ContentStore, text: str, platform: str, pulls: bool, progress: Progress
) -> ContainerImage:
    """The image of a reference, an id or an `oci-layout://…`; BuildError when it cannot be had.

    Hold a lease meanwhile.
    """
    wanted = platform or own_platform()
    by_id = None if pulls else _find_by_id(store, text)
    if by_id is not None:
        descriptor, layers = by_id, unpack(store, by_id, apply_layer)
    else:
        images, name = Images(store, pulls), whole_name(text)
        layers = images.layers(name, wanted, progress)
        descriptor = images.find(name, wanted).descriptor
    manifest = read_document(store.read_blob(descriptor.digest), descriptor.media_type)
    assert isinstance(manifest, Manifest)  # what was unpacked is one
    document = read_image_document(store.read_blob(manifest.config.digest))
    require_platform(str(document.platform.platform))
    blobs = (descriptor.digest, manifest.config.digest, *(one.digest for one in manifest.layers))
    return ContainerImage(text, descriptor.digest, document, layers, blobs)


def whole_name(text: str) -> str:
    """A whole reference, such as `docker.io/library/app:latest`; BuildError for what is none."""
    if text.startswith(LAYOUT):
        return text
    found = parse_reference(text)
    if isinstance(found, ReferenceProblem):
        raise BuildError(f"invalid image name `{text}`: {found.message}")
    if found.digest:
        return f"{found.name}@{found.digest}"
    return f"{found.name}:{found.tag or 'latest'}"


def _find_by_id(store: ContentStore, text: str) -> Descriptor | None:
    """The manifest whose digest, or whose configuration's, is or begins with an id."""
    match = _ID.fullmatch(text)
    if match is None or (not text.startswith("sha256:") and store.resolve(whole_name(text))):
        return None
    folder = os.path.dirname(store.blob_path("sha256:" + "0" * 64))
    found: dict[str, Descriptor] = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.stat(path).st_size <= _LARGEST_MANIFEST:
            manifest = _read_manifest(store, f"sha256:{name}")
            if manifest is not None:
                ids = (name, manifest[1].config.digest.removeprefix("sha256:"))
                if any(one.startswith(match[1]) for one in ids):
                    found[manifest[1].config.digest] = manifest[0]
    if len(found) > 1:
        raise BuildError(f"several images have ids that begin with `{text}`")
    return next(iter(found.values()), None)


def _read_manifest(store: ContentStore, digest: str) -> tuple[Descriptor, Manifest] | None:
    with open(store.blob_path(digest), "rb") as file:
        if file.read(1) != b"{":
            return None
    data = store.read_blob(digest)
    for kind in (media_types.OCI_MANIFEST, media_types.DOCKER_MANIFEST):
        if kind.encode() in data:
            try:
                document = read_document(data, kind)
            except BuildError:
                continue
            if isinstance(document, Manifest) and media_types.is_config(document.config.media_type):
                return Descriptor(kind, digest, len(data)), document
    return None
