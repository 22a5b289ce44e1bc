"""What is exported: images as documents and blobs, or as file systems."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Protocol

from dflint.build.request import Annotation
from dflint.errors import BuildError
from dflint.oci.platform import Platform

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
#: What Go's JSON writes as escapes, so that digests are those of BuildKit.
_ESCAPED = re.compile("[<>&\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class ExportBlob:
    """A blob: `open` gives its bytes, and raises BuildError at their end if they are damaged."""

    media_type: str
    digest: str
    size: int
    open: Callable[[], BinaryIO]

    def descriptor(self) -> dict[str, object]:
        """The JSON object of its descriptor (OCI image-spec, descriptor.md)."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}


def blob_of(media_type: str, data: bytes) -> ExportBlob:
    """The blob of a document that is in memory."""
    digest = "sha256:" + sha256(data).hexdigest()
    return ExportBlob(media_type, digest, len(data), lambda: io.BytesIO(data))


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

    def top(self) -> tuple[dict[str, object], ExportBlob]:
        """The descriptor of the image's only manifest or of the index, and that document.

        The descriptor has the annotations of its level, and those of every export.
        """
        if len(self.images) == 1:
            if any(one.level.startswith("index") for one in self.annotations):
                raise BuildError("index annotations need several platforms, found one")
            image = self.images[0]
            blob, level, platform = image.manifest, "manifest-descriptor", image.platform
        else:
            blob, level, platform = self._index(), "index-descriptor", None
        descriptor = blob.descriptor()
        annotations = annotations_at(self.annotations, level, platform)
        if self.created:
            annotations["org.opencontainers.image.created"] = self.created
        return described(descriptor, annotations, platform), blob

    def _index(self) -> ExportBlob:
        is_docker = self.images[0].manifest.media_type == DOCKER_MANIFEST
        media_type = DOCKER_INDEX if is_docker else OCI_INDEX
        manifests = [
            described(
                image.manifest.descriptor(),
                annotations_at(self.annotations, "manifest-descriptor", image.platform),
                image.platform,
            )
            for image in self.images
        ]
        said: dict[str, object] = {
            "schemaVersion": 2,
            "mediaType": media_type,
            "manifests": manifests,
        }
        annotations = annotations_at(self.annotations, "index")
        if annotations:
            said["annotations"] = dict(sorted(annotations.items()))
        return blob_of(media_type, write_json(said, indent=2))

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


def described(
    descriptor: dict[str, object], annotations: dict[str, str], platform: Platform | None
) -> dict[str, object]:
    """A descriptor with what is said of it; keys in the order of Go's struct."""
    said = dict(descriptor)
    if annotations:
        said["annotations"] = dict(sorted(annotations.items()))
    if platform is not None:
        said["platform"] = {"architecture": platform.architecture, "os": platform.os}
        if platform.variant:
            said["platform"] = {
                "architecture": platform.architecture,
                "os": platform.os,
                "variant": platform.variant,
            }
    return said


def write_json(value: object, indent: int | None = None) -> bytes:
    """A value as Go's encoding/json writes it, compact or indented."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


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
    `write_tar` writes a whole tar, all names after `prefix`, times not later than `epoch`.
    """

    @property
    def platform(self) -> Platform:
        """The platform that it is for."""

    def entries(self) -> Iterable[tuple[bytes, Entry]]:
        """Every file but the root."""

    def write_tar(self, out: Writer, prefix: bytes, epoch: int | None) -> object:
        """Write all of it as a tar, with the end of the archive."""
