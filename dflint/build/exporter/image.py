"""What is exported: images as documents and blobs, or as file systems."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol

from dflint.build.request import Annotation
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.digest import digest_of
from dflint.oci.manifest import Index
from dflint.oci.platform import Platform

_CREATED = "org.opencontainers.image.created"


@dataclass(frozen=True, slots=True)
class ExportBlob:
    """A blob: `open` gives its bytes, and raises BuildError at their end if they are damaged."""

    media_type: str
    digest: str
    size: int
    open: Callable[[], BinaryIO]

    def descriptor(self) -> Descriptor:
        """What says where it is."""
        return Descriptor(self.media_type, self.digest, self.size)


def blob_of(media_type: str, data: bytes) -> ExportBlob:
    """The blob of a document that is in memory."""
    return ExportBlob(media_type, digest_of(data), len(data), lambda: io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class ExportImage:
    """The image for one platform; the blobs are in the order in which they are to be written."""

    platform: Platform
    manifest: ExportBlob
    config: ExportBlob
    layers: tuple[ExportBlob, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What an exporter of images gets: one image per platform, and how they are called.

    `names` are whole references. `created` is a time of RFC 3339 in seconds. An index stands
    before the manifests of several images.
    """

    images: tuple[ExportImage, ...]
    names: tuple[str, ...] = ()
    created: str = ""
    annotations: tuple[Annotation, ...] = ()

    def top(self) -> tuple[Descriptor, ExportBlob]:
        """The descriptor of the image's only manifest or of the index, and that document.

        The descriptor has the annotations of its level, and those of every export.
        """
        if len(self.images) == 1:
            if any(one.level.startswith("index") for one in self.annotations):
                raise BuildError("index annotations need several platforms, found one")
            image = self.images[0]
            blob, descriptor = image.manifest, self._described(image)
        else:
            blob = self._index()
            annotations = annotations_at(self.annotations, "index-descriptor")
            descriptor = replace(blob.descriptor(), annotations=annotations)
        if self.created:
            annotations = {**descriptor.annotations, _CREATED: self.created}
            descriptor = replace(descriptor, annotations=annotations)
        return descriptor, blob

    def _index(self) -> ExportBlob:
        is_docker = self.images[0].manifest.media_type == media_types.DOCKER_MANIFEST
        media_type = media_types.DOCKER_INDEX if is_docker else media_types.OCI_INDEX
        annotations = annotations_at(self.annotations, "index")
        index = Index(tuple(map(self._described, self.images)), media_type, annotations=annotations)
        return blob_of(media_type, index.encode())

    def _described(self, image: ExportImage) -> Descriptor:
        """The descriptor of the manifest for one platform."""
        platform = image.platform
        return replace(
            image.manifest.descriptor(),
            annotations=annotations_at(self.annotations, "manifest-descriptor", platform),
            platform=PlatformFields(platform.architecture, platform.os, variant=platform.variant),
        )

    def blobs(self) -> Iterator[ExportBlob]:
        """Every blob once, sorted by digest, as archives have them."""
        found: dict[str, ExportBlob] = {}
        for image in self.images:
            for blob in (image.manifest, image.config, *image.layers):
                found[blob.digest] = blob
        _, top = self.top()
        found[top.digest] = top
        for digest in sorted(found):
            yield found[digest]


def annotations_at(
    annotations: Iterable[Annotation], level: str, platform: Platform | None = None
) -> dict[str, str]:
    """The annotations of a document of one level, for one platform."""
    return {
        one.key: one.value
        for one in annotations
        if one.level == level and one.platform in (None, platform)
    }


class Writer(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


class Entry(Protocol):
    """A file of a file system: where it is on disk, and what lstat says of it."""

    @property
    def path(self) -> bytes:
        """The path of the file itself."""

    @property
    def status(self) -> os.stat_result:
        """Its type, mode, times and size."""


class FileSystem(Protocol):
    """The file system of the image for one platform.

    `entries` are sorted, directories before what is in them, names relative and without `..`;
    `write_tar` writes a whole tar, all names after `prefix`, all times `epoch` where it is given.
    """

    @property
    def platform(self) -> Platform:
        """The platform that it is for."""

    def entries(self) -> Iterable[tuple[bytes, Entry]]:
        """Every file but the root."""

    def write_tar(self, out: Writer, prefix: bytes, epoch: int | None) -> object:
        """Write all of it as a tar, with the end of the archive."""
