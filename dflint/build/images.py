"""The images that a build begins with: found, described, and unpacked when they are needed.

A name is looked for among the tags of the store, then in its registry; `oci-layout://DIR@DIGEST`
and `oci-layout://DIR:TAG` name an image of a layout on disk, `archive://NAME@PATH` one of an
archive.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from dflint.build.result import Result
from dflint.content.faults import damaged_blob
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.graph.build import BaseImage
from dflint.oci.descriptor import Descriptor
from dflint.oci.digest import chain_ids
from dflint.oci.manifest import Index, Manifest, read_document
from dflint.oci.match import best_match, suitable_platforms
from dflint.oci.platform import Platform, normal_platform, parse_platform

if TYPE_CHECKING:
    from dflint.layer import TarSummary
    from dflint.registry.options import Progress
    from dflint.registry.resolve import Resolved

LAYOUT = "oci-layout://"
ARCHIVE = "archive://"


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image for one platform: its manifest and configuration are in the store.

    `remote` is what a registry said of it, None for an image whose layers are in the store too.
    """

    name: str
    descriptor: Descriptor
    manifest: Manifest
    document: Mapping[str, Any]
    remote: Resolved | None = None

    @property
    def diff_ids(self) -> tuple[str, ...]:
        """The digests of the layers' tars, from the bottom to the top."""
        return tuple((self.document.get("rootfs") or {}).get("diff_ids") or ())


class Images:
    """Finds each image once; for several threads.

    `prefers_registry` (`--pull`) asks the registry for images that the store has a tag of.
    """

    def __init__(self, store: ContentStore, prefers_registry: bool = False) -> None:
        self._store = store
        self._prefers_registry = prefers_registry
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], FoundImage] = {}
        self._locks: dict[tuple[str, str], threading.Lock] = {}

    def base(self, reference: str, platform: str) -> BaseImage:
        """The configuration that a stage begins with."""
        found = self.find(reference, platform)
        return BaseImage(found.document, found.descriptor.digest)

    def find(self, reference: str, platform: str) -> FoundImage:
        """The image of that name for a platform; BuildError when there is none."""
        key = reference, platform
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._found:
                self._found[key] = self._find(reference, _platform_of(platform))
            return self._found[key]

    def layers(self, reference: str, platform: str, progress: Progress) -> Result:
        """The layers of an image, fetched and unpacked where they are not."""
        from dflint.snapshot.unpack import unpack

        found = self.find(reference, platform)
        if found.remote is not None and not self._is_unpacked(found):
            from dflint.registry.pull import pull_resolved

            pull_resolved(found.remote, self._store, progress=progress)
        try:
            return unpack(self._store, found.descriptor, apply_layer)
        except BuildError as error:
            digest = damaged_blob(error)
            if not digest or not self._store.discard_damaged(digest):
                raise
        # What is missing now is taken anew from where the image has come from.
        with self._lock:
            self._found.pop((reference, platform), None)
        return self.layers(reference, platform, progress)

    def fetch(self, reference: str, platform: str, progress: Progress) -> FoundImage:
        """The image with all its blobs in the store."""
        found = self.find(reference, platform)
        missing = [one for one in found.manifest.layers if not self._store.has_blob(one.digest)]
        if found.remote is not None and missing:
            from dflint.registry.pull import pull_resolved

            pull_resolved(found.remote, self._store, progress=progress)
        return found

    def _is_unpacked(self, found: FoundImage) -> bool:
        chains = chain_ids(found.diff_ids)
        return all(self._store.layer_of_chain(chain) is not None for chain in chains)

    def _find(self, reference: str, platform: Platform) -> FoundImage:
        if reference.startswith(LAYOUT):
            return self._of_layout(reference, platform)
        if reference.startswith(ARCHIVE):
            return self._of_archive(reference, platform)
        if not self._prefers_registry:
            descriptor = self._store.resolve(reference)
            chosen = None if descriptor is None else self._choose(descriptor, platform)
            if chosen is not None:
                return self._read(reference, chosen, None)
        from dflint.registry.platforms import in_order
        from dflint.registry.resolve import resolve

        resolved = resolve(reference, in_order(suitable_platforms(platform)))
        self._store.put_blob(resolved.manifest.data)
        self._store.put_blob(resolved.config)
        remote = resolved.manifest.descriptor
        descriptor = Descriptor(remote.media_type, remote.digest, remote.size)
        return self._read(reference, descriptor, resolved)

    def _of_layout(self, reference: str, platform: Platform) -> FoundImage:
        from dflint.content.archive import import_layout

        path, name = split_layout(reference)
        descriptor = import_layout(self._store, path, name, platform)
        return self._read(reference, descriptor, None)

    def _of_archive(self, reference: str, platform: Platform) -> FoundImage:
        from dflint.content.archive import import_image

        name, _, path = reference.removeprefix(ARCHIVE).partition("@")
        descriptor = import_image(self._store, path, name, platform)
        return self._read(reference, descriptor, None)

    def _choose(self, descriptor: Descriptor, platform: Platform) -> Descriptor | None:
        """The manifest for a platform; None when the image is for others only."""
        data = self._store.read_blob(descriptor.digest)
        document = read_document(data, descriptor.media_type)
        if isinstance(document, Index):
            offered = [
                None if one.platform is None else one.platform.platform
                for one in document.manifests
            ]
            place = best_match(platform, offered)
            return None if place is None else document.manifests[place]
        config = json.loads(self._store.read_blob(document.config.digest))
        names = (str(config.get(one) or "") for one in ("os", "architecture", "variant"))
        return descriptor if best_match(platform, [normal_platform(*names)]) == 0 else None

    def _read(self, name: str, descriptor: Descriptor, remote: Resolved | None) -> FoundImage:
        document = read_document(self._store.read_blob(descriptor.digest), descriptor.media_type)
        if not isinstance(document, Manifest):
            raise BuildError(f"{name}: expected an image, found an index in an index")
        try:
            config = json.loads(self._store.read_blob(document.config.digest))
        except (ValueError, RecursionError) as error:
            raise BuildError(f"{name}: the configuration is no JSON: {error}") from None
        if not isinstance(config, dict):
            raise BuildError(f"{name}: the configuration is no JSON object")
        return FoundImage(name, descriptor, document, config, remote)


def split_layout(reference: str) -> tuple[str, str]:
    """The folder of `oci-layout://DIR[:TAG][@DIGEST]`, and the digest or tag, empty for neither."""
    rest = reference.removeprefix(LAYOUT)
    path, at, digest = rest.rpartition("@")
    if at:
        rest, name = path, digest
    else:
        name = ""
    folder, colon, tag = rest.rpartition(":")
    if colon and "/" not in tag:
        return folder, name or tag
    return rest, name


def apply_layer(stream: BinaryIO, tree: str, lower: Sequence[str]) -> TarSummary:
    """Unpack a layer's tar, perhaps compressed, into an empty tree over those below."""
    from dflint.layer import apply_tar, decompress

    return apply_tar(decompress(stream), tree, lower)


def _platform_of(text: str) -> Platform:
    platform = parse_platform(text)
    if not isinstance(platform, Platform):
        raise BuildError(f"`{text}` is no platform: {platform.message}")
    return platform
