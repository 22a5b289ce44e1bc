"""Images in the form of `docker save`: `manifest.json` lists a configuration and tars of layers.

Source: Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from dflint.content.archive_reader import inner_name
from dflint.content.choose_image import is_named
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import Manifest
from dflint.oci.match import best_match
from dflint.oci.members import Members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.archive_reader import Archive
    from dflint.content.blobs import Blob
    from dflint.content.store import ContentStore
    from dflint.oci.image_document import ImageDocument
    from dflint.oci.platform import Platform

_DIGEST_NAME = re.compile(r"(?:.*/|sha256:)?([0-9a-f]{64})(?:\.json)?")
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One image of `manifest.json`."""

    config: str
    names: tuple[str, ...]
    layers: tuple[str, ...]


def docker_manifest(
    store: ContentStore, archive: Archive, name: str, platform: Platform | None, what: str
) -> Descriptor:
    """Make a manifest of one of the images of an archive; its descriptor."""
    entries = _read_entries(archive, what)
    found = [each for each in entries if not name or is_named(name, each.names, "")]
    if not found:
        there = ", ".join(f"`{text}`" for each in entries for text in each.names) or "none"
        raise BuildError(f"{what}: no image `{name}`: there are {there}")
    images = [_image(store, archive, each, what) for each in found]
    place = 0
    if len(found) > 1:
        if not name and len({each.names for each in found}) > 1:
            there = ", ".join(f"`{text}`" for each in found for text in each.names)
            raise BuildError(f"{what}: expected the name of one of its images: {there}")
        offered = [image.platform.platform for _, image in images]
        best = None if platform is None else best_match(platform, offered)
        if best is None:
            there = ", ".join(f"`{each}`" for each in offered)
            raise BuildError(f"{what}: no image for `{platform}` is there, only {there}")
        place = best
    return _make(store, archive, found[place], *images[place], what)


def docker_manifests(
    store: ContentStore, archive: Archive, what: str
) -> list[tuple[tuple[str, ...], Descriptor]]:
    """Make a manifest of each image of an archive; their names and descriptors."""
    found = []
    for entry in _read_entries(archive, what):
        config, image = _image(store, archive, entry, what)
        found.append((entry.names, _make(store, archive, entry, config, image, what)))
    return found


def _read_entries(archive: Archive, what: str) -> list[_Entry]:
    data = archive.documents.get("manifest.json")
    if data is None:
        raise BuildError(
            f"{what}: holds no image: expected `index.json` and `oci-layout`, or `manifest.json`"
        )
    try:
        values = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise BuildError(f"{what}: `manifest.json` is not valid JSON: {error}") from None
    entries = []
    for members in Members({"images": values}, f"{what}: `manifest.json`").objects("images"):
        config = members.text("Config")
        entries.append(_Entry(config, members.texts("RepoTags"), members.texts("Layers")))
    if not entries:
        raise BuildError(f"{what}: `manifest.json` lists no image")
    return entries


def _image(
    store: ContentStore, archive: Archive, entry: _Entry, what: str
) -> tuple[Blob, ImageDocument]:
    """The configuration of an image."""
    blob = archive.find(inner_name(entry.config, what))
    if blob is None:
        raise BuildError(f"{what}: the configuration `{entry.config}` is missing")
    named = _DIGEST_NAME.fullmatch(entry.config)
    if named is not None and blob.digest.encoded != named[1]:
        raise BuildError(f"{what}: `{entry.config}` has digest `{blob.digest}`")
    return blob, read_image_document(store.read_blob(blob.digest), f"{what}: `{entry.config}`")


def _make(
    store: ContentStore,
    archive: Archive,
    entry: _Entry,
    config: Blob,
    image: ImageDocument,
    what: str,
) -> Descriptor:
    if len(entry.layers) != len(image.diff_ids):
        raise BuildError(
            f"{what}: `manifest.json` has {len(entry.layers)} layers, the configuration "
            f"{len(image.diff_ids)}"
        )
    layers = []
    for name, diff_id in zip(entry.layers, image.diff_ids, strict=True):
        blob = archive.find(inner_name(name, what))
        if blob is None:
            raise BuildError(f"{what}: the layer `{name}` is missing")
        compression = _compression(store, blob)
        if not compression and blob.digest != diff_id:
            raise BuildError(
                f"{what}: the layer `{name}`: expected digest `{diff_id}`, found `{blob.digest}`"
            )
        media_type = media_types.layer_media_type(compression)
        layers.append(Descriptor(media_type, blob.digest, blob.size))
    manifest = Manifest(
        Descriptor(media_types.OCI_CONFIG, config.digest, config.size), tuple(layers)
    )
    written = store.put_blob(manifest.encode())
    return Descriptor(manifest.media_type, written.digest, written.size, platform=image.platform)


def _compression(store: ContentStore, blob: Blob) -> str:
    """How a layer's tar is compressed, by how it begins."""
    with open(store.blob_path(blob.digest), "rb") as file:
        start = file.read(4)
    for magic, compression in _MAGIC:
        if start.startswith(magic):
            return compression
    return ""
