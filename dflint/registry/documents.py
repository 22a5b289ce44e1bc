"""Descriptors, indexes and manifests, as registries send them (OCI image specification)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field

from dflint.registry.errors import RegistryError

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEXES = frozenset((OCI_INDEX, DOCKER_INDEX))
MANIFESTS = frozenset((OCI_MANIFEST, DOCKER_MANIFEST))
#: What manifests are asked for, the most wanted first.
ACCEPTED = ", ".join((DOCKER_MANIFEST, DOCKER_INDEX, OCI_MANIFEST, OCI_INDEX, "*/*"))
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")
_ENTRIES = 4096
_LARGEST = 1 << 50

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What another blob is: media type, digest, size in bytes, and for which platform.

    `platform` is the document's object, or None where there is none; `urls` are other places.
    """

    media_type: str
    digest: str
    size: int
    platform: Json | None = None
    annotations: dict[str, str] = field(default_factory=dict)
    urls: tuple[str, ...] = ()


def digest_of(data: bytes) -> str:
    """The sha256 digest of bytes: `sha256:…`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Tell whether a text is a digest of a known algorithm."""
    return _DIGEST.fullmatch(text) is not None


def matches(data: bytes, digest: str) -> bool:
    """Tell whether bytes have a digest."""
    algorithm, _, encoded = digest.partition(":")
    return hashlib.new(algorithm, data).hexdigest() == encoded


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest or an index: its descriptor, its bytes, and what they hold."""

    descriptor: Descriptor
    data: bytes
    content: Json

    @property
    def is_index(self) -> bool:
        """Whether it lists manifests, rather than being one."""
        return self.descriptor.media_type in INDEXES

    def manifests(self) -> list[Descriptor]:
        """What an index lists."""
        return _list(self.content, "manifests")

    def config(self) -> Descriptor:
        """The image's configuration."""
        return descriptor(self.content.get("config"), "the manifest's config")

    def layers(self) -> list[Descriptor]:
        """The image's layers, from the lowest."""
        return _list(self.content, "layers")


def read_document(data: bytes, sent_as: str, platform: Json | None = None) -> Document:
    """Read a manifest or index that was sent with a media type, which may be empty or general.

    Raises RegistryError for what is neither, for both at once, and for schema 1.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise RegistryError("the manifest is no JSON document") from None
    if not isinstance(content, dict):
        raise RegistryError("the manifest is no JSON object")
    media_type = _media_type(content, sent_as)
    size = len(data)
    return Document(Descriptor(media_type, digest_of(data), size, platform), data, content)


def _media_type(content: Json, sent_as: str) -> str:
    sent_as = sent_as.partition(";")[0].strip()
    written = content.get("mediaType", "")
    is_old = "schemaVersion" in content and content["schemaVersion"] == 1
    if is_old or sent_as.startswith(_SCHEMA_1):
        raise RegistryError(
            "the image has a manifest of schema 1, which is no longer supported: expected schema 2"
            " or OCI (push the image again with a current tool)"
        )
    if "manifests" in content and ("layers" in content or "config" in content):
        raise RegistryError("the manifest is ambiguous: it has both manifests and layers")
    known = INDEXES | MANIFESTS
    media_type = written if written in known else sent_as
    if media_type not in known:
        media_type = OCI_INDEX if "manifests" in content else OCI_MANIFEST
        if not ("manifests" in content or "layers" in content) or written not in ("", None):
            raise RegistryError(
                f"media type {(written or sent_as)!r} is no image: expected a manifest or an index"
            )
    if (media_type in INDEXES) != ("manifests" in content):
        raise RegistryError(f"the manifest is not of its media type {media_type}")
    return str(media_type)


def _list(content: Json, name: str) -> list[Descriptor]:
    entries = content.get(name)
    if not isinstance(entries, list) or len(entries) > _ENTRIES:
        raise RegistryError(f"the manifest's {name} are no list of at most {_ENTRIES} descriptors")
    return [descriptor(one, f"the manifest's {name}") for one in entries]


def descriptor(value: object, place: str) -> Descriptor:
    """Read a descriptor; `place` says where it stands, for an error."""
    if not isinstance(value, dict):
        raise RegistryError(f"{place}: a descriptor is no JSON object")
    media_type, digest, size = (value.get(name) for name in ("mediaType", "digest", "size"))
    if not isinstance(digest, str) or not is_digest(digest):
        raise RegistryError(f"{place}: {digest!r:.200} is no digest: expected sha256:…")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _LARGEST:
        raise RegistryError(f"{place}: the size of {digest} is {size!r:.100}: expected bytes")
    if not isinstance(media_type, str):
        raise RegistryError(f"{place}: {digest} has no media type")
    platform = value.get("platform")
    return Descriptor(
        media_type,
        digest,
        size,
        platform if isinstance(platform, dict) else None,
        _texts(value.get("annotations")),
        _urls(value.get("urls")),
    )


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {name: text for name, text in pairs if isinstance(text, str)}


def _urls(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
