"""The image of a container: found, unpacked, and read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dflint.build.images import LAYOUT, Images, apply_layer
from dflint.build.platforms import own_platform, require_platform
from dflint.containers.records import Containers
from dflint.content.catalog import NoImageError, find_image, image_for, read_catalog
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor
from dflint.oci.image_document import ImageDocument, read_image_document
from dflint.oci.manifest import Manifest, read_document, read_manifest
from dflint.oci.platform import Platform, parse_platform
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.registry.options import Progress
from dflint.snapshot.unpack import unpack

_ID = re.compile(r"(?:sha256:)?[0-9a-f]{1,64}")
#: So many digits are hardly a name: what is shorter is to be pulled, where no image has that name.
_CLEARLY_ID = 12


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
    by_id = None if pulls else _find_by_id(store, text, wanted)
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


def _find_by_id(store: ContentStore, text: str, platform: str) -> Descriptor | None:
    """The manifest of the image whose id a text is or begins; None for a name."""
    if _ID.fullmatch(text) is None:
        return None
    try:
        found = find_image(read_catalog(store), text)
    except NoImageError:
        id = text.removeprefix("sha256:")
        return _find_held(store, id) if id != text or len(id) >= _CLEARLY_ID else None
    wanted = parse_platform(platform)
    if found.name or not isinstance(wanted, Platform):
        return None
    return image_for(found.image, wanted).descriptor


def _find_held(store: ContentStore, id: str) -> Descriptor | None:
    """The manifest of an image that only a container still holds: no index names it any more."""
    found: dict[str, Descriptor] = {}
    for record in Containers(store.root).all():
        digest = record.image_digest
        if digest and store.has_blob(digest):
            data = store.read_blob(digest)
            manifest = read_manifest(data, what=f"`{digest}`")
            ids = (digest, manifest.config.digest)
            if any(one.removeprefix("sha256:").startswith(id) for one in ids):
                found[manifest.config.digest] = Descriptor(manifest.media_type, digest, len(data))
    if len(found) > 1:
        raise BuildError(f"several images have ids that begin with `{id}`")
    return next(iter(found.values()), None)
