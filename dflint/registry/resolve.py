"""From a reference to an image's manifest and configuration, fetching no layer."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dflint.oci.reference import ImageReference, ReferenceProblem, parse_reference
from dflint.registry.documents import (
    ACCEPTED,
    Descriptor,
    Document,
    Json,
    is_digest,
    matches,
    read_document,
)
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.options import RegistryOptions
from dflint.registry.platforms import Choice
from dflint.web.errors import WebError

#: The largest manifest and configuration that are read, in bytes.
MANIFEST_LIMIT = 8 << 20
CONFIG_LIMIT = 8 << 20
#: How deep indexes may stand in one another.
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Resolved:
    """An image for one platform: its manifest, its configuration, and the index it was in.

    `name` is the reference in full: `docker.io/library/alpine:3`. `root` is the descriptor of
    what the reference names, which is the index where there is one.
    """

    name: str
    reference: ImageReference
    root: Descriptor
    manifest: Document
    config: bytes
    index: Document | None = None


def scope(repository: str, actions: str = "pull") -> str:
    """The scope that a token is asked for: `repository:library/alpine:pull`."""
    return f"repository:{repository}:{actions}"


def read_reference(text: str) -> ImageReference:
    """Read an image reference, with the tag `latest` where it has neither tag nor digest."""
    reference = parse_reference(text)
    if isinstance(reference, ReferenceProblem):
        raise RegistryError(f"{text!r:.300} is no image reference: {reference.message}")
    if not reference.tag and not reference.digest:
        return ImageReference(reference.domain, reference.repository, "latest", "")
    return reference


def full_name(reference: ImageReference) -> str:
    """A reference as it is written in full."""
    tag = f":{reference.tag}" if reference.tag else ""
    return reference.name + tag + (f"@{reference.digest}" if reference.digest else "")


def resolve(reference: str, choose: Choice, options: RegistryOptions | None = None) -> Resolved:
    """Find an image's manifest and configuration for a platform; no layer is fetched.

    `choose` orders the manifests of an index. Raises RegistryError for what is not there, not
    allowed, not for the platform, or not what its digest says.
    """
    read = read_reference(reference)
    options = options or RegistryOptions()
    return resolve_at(RegistryHost(read.domain, options), read, choose)


def resolve_at(host: RegistryHost, reference: ImageReference, choose: Choice) -> Resolved:
    """`resolve` at a registry that is spoken with already."""
    name = full_name(reference)
    root = fetch_manifest(host, reference, reference.digest or reference.tag)
    manifest, index = root, None
    if root.is_index:
        index = root
        manifest, chosen_config = _of_index(host, reference, root, choose)
        if chosen_config:
            return Resolved(name, reference, root.descriptor, manifest, chosen_config, index)
    config = fetch_config(host, reference, manifest)
    return Resolved(name, reference, root.descriptor, manifest, config, index)


def _of_index(
    host: RegistryHost, reference: ImageReference, index: Document, choose: Choice, depth: int = 1
) -> tuple[Document, bytes]:
    """The chosen manifest, and its configuration where that was read for the choice."""
    read: dict[str, tuple[Document, bytes]] = {}
    candidates: list[Descriptor] = []
    for one in index.manifests():
        known = one
        if one.platform is None and "image" in one.media_type + "/image":
            known = _look(host, reference, one, read)
        candidates.append(known)
    for chosen in choose(candidates):
        found = read.get(chosen.digest)
        if found is not None:
            return found
        document = fetch_manifest(host, reference, chosen.digest, chosen)
        if not document.is_index:
            return document, b""
        if depth < _DEPTH:
            return _of_index(host, reference, document, choose, depth + 1)
    raise RegistryError(
        f"{full_name(reference)}: no match for platform in manifest {index.descriptor.digest}:"
        f" not found (it has {_platforms(candidates)})"
    )


def _look(
    host: RegistryHost,
    reference: ImageReference,
    one: Descriptor,
    read: dict[str, tuple[Document, bytes]],
) -> Descriptor:
    """A descriptor with the platform that its image's own configuration tells."""
    document = fetch_manifest(host, reference, one.digest, one)
    if document.is_index:
        return one
    config = fetch_config(host, reference, document)
    read[one.digest] = document, config
    try:
        platform = json.loads(config)
    except (ValueError, RecursionError):
        return one
    return Descriptor(
        one.media_type,
        one.digest,
        one.size,
        platform if isinstance(platform, dict) else None,
        one.annotations,
        one.urls,
    )


def _platforms(candidates: list[Descriptor]) -> str:
    shown = {_platform(one.platform) for one in candidates if one.platform}
    return ", ".join(sorted(shown - {"unknown/unknown"})) or "none"


def _platform(platform: Json) -> str:
    parts = (platform.get(name) for name in ("os", "architecture", "variant"))
    return "/".join(part for part in parts if isinstance(part, str) and part)


def fetch_manifest(
    host: RegistryHost, reference: ImageReference, which: str, expected: Descriptor | None = None
) -> Document:
    """Fetch a manifest or index by tag or digest, and verify it."""
    name = full_name(reference)
    path = f"/v2/{reference.repository}/manifests/{which}"
    what = f"{name}: failed to fetch the manifest"

    def fetch() -> tuple[bytes, str, str]:
        answer = host.request("GET", path, (scope(reference.repository),), {"Accept": ACCEPTED})
        if answer.status != 200:
            raise _refused(host.error(answer, what), name)
        try:
            with answer:
                data = answer.read(MANIFEST_LIMIT)
        except WebError as error:
            raise RegistryError(
                f"{what}: {error}", url=error.url, is_passing=error.is_passing
            ) from None
        digest = answer.headers.get("Docker-Content-Digest", "")
        return data, answer.headers.get("Content-Type", ""), digest

    data, sent_as, told = host.patiently(fetch)
    wanted = which if is_digest(which) else told
    if wanted and not (is_digest(wanted) and matches(data, wanted)):
        raise RegistryError(f"{what}: its bytes do not have the digest {wanted:.150}")
    if expected is not None and expected.size != len(data):
        raise RegistryError(
            f"{what}: {expected.digest} has {len(data)} bytes: expected {expected.size}"
        )
    try:
        platform = expected.platform if expected else None
        return read_document(data, sent_as, platform)
    except RegistryError as error:
        raise RegistryError(f"{name}: {error}") from None


def _refused(error: RegistryError, name: str) -> RegistryError:
    """An error in the words that Docker has for it."""
    reason = str(error).removeprefix(f"{name}: ")
    if error.status == 404:
        error.args = (f"{name}: not found ({reason})",)
    elif error.status in (401, 403):
        error.args = (
            f"{name}: pull access denied, repository does not exist or may require authorization"
            f" ({reason})",
        )
    error.message = str(error.args[0])
    return error


def fetch_config(host: RegistryHost, reference: ImageReference, manifest: Document) -> bytes:
    """Fetch an image's configuration, and verify it."""
    return fetch_blob_data(host, reference, manifest.config())


def fetch_blob_data(host: RegistryHost, reference: ImageReference, blob: Descriptor) -> bytes:
    """Fetch a document that is a blob, such as a configuration, and verify it."""
    name = full_name(reference)
    if blob.size > CONFIG_LIMIT:
        raise RegistryError(
            f"{name}: the configuration has {blob.size} bytes: expected at most {CONFIG_LIMIT}"
        )
    what = f"{name}: failed to fetch the configuration"
    path = f"/v2/{reference.repository}/blobs/{blob.digest}"

    def fetch() -> bytes:
        answer = host.request("GET", path, (scope(reference.repository),))
        if answer.status != 200:
            raise host.error(answer, what)
        try:
            with answer:
                return answer.read(blob.size)
        except WebError as error:
            raise RegistryError(
                f"{what}: {error}", url=error.url, is_passing=error.is_passing
            ) from None

    data = host.patiently(fetch)
    if not matches(data, blob.digest):
        raise RegistryError(f"{what}: its bytes do not have the digest {blob.digest}")
    return data
