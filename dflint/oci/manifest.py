"""Image manifests and image indexes, of the OCI image-spec and of Docker's version 2.

Sources: OCI image-spec, manifest.md and image-index.md; Docker image manifest version 2, schema 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, read_descriptor
from dflint.oci.digest import shorten
from dflint.oci.json_text import write_indented
from dflint.oci.members import Members


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of one image, or of one artifact."""

    config: Descriptor
    layers: tuple[Descriptor, ...]
    media_type: str = media_types.OCI_MANIFEST
    artifact_type: str = ""
    subject: Descriptor | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)

    def encode(self) -> bytes:
        """The document as BuildKit writes it, but never with `null` for no layers."""
        written: dict[str, object] = {"schemaVersion": 2, "mediaType": self.media_type}
        if self.artifact_type:
            written["artifactType"] = self.artifact_type
        written["config"] = self.config.plain()
        written["layers"] = [layer.plain() for layer in self.layers]
        return _finish(written, self.subject, self.annotations)


@dataclass(frozen=True, slots=True)
class Index:
    """An image index: manifests of one image for several platforms, or those of a layout."""

    manifests: tuple[Descriptor, ...]
    media_type: str = media_types.OCI_INDEX
    artifact_type: str = ""
    subject: Descriptor | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)

    def plain(self) -> dict[str, object]:
        """The JSON object; that of a layout's `index.json` is written compactly."""
        written: dict[str, object] = {"schemaVersion": 2, "mediaType": self.media_type}
        if self.artifact_type:
            written["artifactType"] = self.artifact_type
        written["manifests"] = [manifest.plain() for manifest in self.manifests]
        if self.subject is not None:
            written["subject"] = self.subject.plain()
        if self.annotations:
            written["annotations"] = dict(sorted(self.annotations.items()))
        return written

    def encode(self) -> bytes:
        """The document as BuildKit writes it."""
        return write_indented(self.plain())


def read_document(data: bytes, media_type: str = "", what: str = "manifest") -> Manifest | Index:
    """Read a manifest or an index.

    `media_type` is what its descriptor or a registry says; where nothing does, the document is
    taken by its own. BuildError when it is neither, or its own type contradicts.
    """
    members = Members.of(data, what)
    version = members.number("schemaVersion")
    if version == 1:
        raise BuildError(f"{what}: images of Docker's schema 1 are not supported")
    if version != 2:
        raise members.fail("schemaVersion", "2")
    written = members.text("mediaType")
    if media_type and written and written != media_type:
        raise BuildError(
            f"{what}: expected media type `{shorten(media_type)}`, found `{shorten(written)}`"
        )
    kind = _kind(members, media_type or written)
    if media_types.is_index(kind):
        return _read_index(members, kind)
    return _read_manifest(members, kind)


def read_manifest(data: bytes, media_type: str = "", what: str = "manifest") -> Manifest:
    """Read the manifest of an image; BuildError when it is none."""
    document = read_document(data, media_type, what)
    if not isinstance(document, Manifest):
        raise BuildError(f"{what}: expected an image manifest, found an image index")
    return document


def read_index(data: bytes, media_type: str = "", what: str = "index") -> Index:
    """Read an image index; BuildError when it is none."""
    document = read_document(data, media_type, what)
    if not isinstance(document, Index):
        raise BuildError(f"{what}: expected an image index, found an image manifest")
    return document


def _kind(members: Members, media_type: str) -> str:
    has_manifests = members.value("manifests") is not None
    has_config = members.value("config") is not None or members.value("layers") is not None
    if has_manifests and has_config:
        # It could be read in two ways under one digest (CVE-2021-41190).
        raise BuildError(f"{members.what}: it is an index and a manifest at once")
    if not media_type:
        return media_types.OCI_MANIFEST if has_config else media_types.OCI_INDEX
    if media_types.is_index(media_type):
        if has_config:
            raise BuildError(f"{members.what}: a manifest that says it is an index")
    elif not media_types.is_manifest(media_type):
        raise BuildError(f"{members.what}: media type `{shorten(media_type)}` is none of an image")
    elif has_manifests:
        raise BuildError(f"{members.what}: an index that says it is a manifest")
    return media_type


def _read_index(members: Members, media_type: str) -> Index:
    manifests = tuple(read_descriptor(each) for each in members.objects("manifests"))
    return Index(
        manifests,
        media_type,
        members.text("artifactType"),
        _subject(members),
        members.mapping("annotations"),
    )


def _read_manifest(members: Members, media_type: str) -> Manifest:
    config = members.members("config")
    if config is None:
        raise members.fail("config", "a descriptor")
    return Manifest(
        read_descriptor(config),
        tuple(read_descriptor(each) for each in members.objects("layers")),
        media_type,
        members.text("artifactType"),
        _subject(members),
        members.mapping("annotations"),
    )


def _subject(members: Members) -> Descriptor | None:
    subject = members.members("subject")
    return None if subject is None else read_descriptor(subject)


def _finish(
    written: dict[str, object], subject: Descriptor | None, annotations: Mapping[str, str]
) -> bytes:
    if subject is not None:
        written["subject"] = subject.plain()
    if annotations:
        written["annotations"] = dict(sorted(annotations.items()))
    return write_indented(written)
