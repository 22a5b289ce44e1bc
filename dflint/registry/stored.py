"""Images between registries and the store: pulled under their names, pushed by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from dflint.content.references import references
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.image_document import ImageDocument, read_image_document
from dflint.oci.manifest import Index, read_document, read_manifest
from dflint.oci.match import best_match, suitable_platforms
from dflint.oci.platform import Platform
from dflint.oci.reference import ImageReference, parse_reference
from dflint.registry.host import RegistryHost
from dflint.registry.platforms import in_order
from dflint.registry.pull import pull_layers
from dflint.registry.push import Pushed, PushListener, push_to
from dflint.registry.resolve import Resolved, full_name, resolve_at

#: How many other repositories are offered for a blob to be mounted from.
_SOURCES = 3


class PullListener(Protocol):
    """Who hears of a pull."""

    def begun(self, digests: Iterable[str], present: frozenset[str]) -> None:
        """The digests of the layers, and of those that the store has."""

    def progress(self, digest: str, done: int, total: int) -> None:
        """So many bytes of a layer are there."""


@dataclass(frozen=True, slots=True)
class PulledImage:
    """A pulled image: its name in full, the digest that the registry knows it by, and its manifest.

    `is_new` tells whether the name stood for something else before, or for nothing.
    """

    name: str
    digest: str
    descriptor: Descriptor
    is_new: bool


def pull_image(
    store: ContentStore,
    host: RegistryHost,
    reference: ImageReference,
    platform: Platform,
    listener: PullListener,
    *,
    is_strict: bool = False,
) -> PulledImage:
    """Fetch an image for a platform, and have its name stand for it in the store.

    An image that comes alone, and not in an index, is taken for any platform unless `is_strict`.

    The name stands for the manifest, not for the index that it was in: the other images of that
    are not there. Raises RegistryError or BuildError; then the name stands for what it did.
    """
    choose = in_order(suitable_platforms(platform))
    resolved = resolve_at(host, reference, choose)
    config = _require_image(resolved)
    if is_strict and best_match(platform, [config.platform.platform]) is None:
        raise BuildError(
            f"image with reference {resolved.name} was found but its platform "
            f"({config.platform.platform}) does not match the specified platform ({platform})"
        )
    layers = list(dict.fromkeys(one.digest for one in resolved.manifest.layers()))
    present = frozenset(digest for digest in layers if store.has_blob(digest))
    listener.begun(layers, present)
    pull_layers(host, resolved, store, listener.progress)
    described = resolved.manifest.descriptor
    descriptor = Descriptor(described.media_type, described.digest, described.size)
    before = store.resolve(resolved.name)
    store.tag(resolved.name, descriptor)
    is_new = before is None or before.digest != descriptor.digest
    return PulledImage(resolved.name, resolved.root.digest, descriptor, is_new)


def _require_image(resolved: Resolved) -> ImageDocument:
    """The configuration of an image; BuildError for what is none: a chart, a signature, a cache."""
    manifest = resolved.manifest
    what = f"{resolved.name}: manifest {manifest.descriptor.digest}"
    read = read_manifest(manifest.data, manifest.descriptor.media_type, what)
    if not media_types.is_config(read.config.media_type):
        raise BuildError(
            f"{what} is no image: expected a configuration of the type "
            f"`{media_types.OCI_CONFIG}`, found `{read.config.media_type:.200}`"
        )
    for layer in read.layers:
        if not media_types.is_layer(layer.media_type):
            raise BuildError(
                f"{what} is no image: {layer.digest} is no layer but `{layer.media_type:.200}`"
            )
    config = read_image_document(resolved.config, f"{what}: configuration")
    if len(config.diff_ids) != len(read.layers):
        raise BuildError(
            f"{what}: it has {len(read.layers)} layers, and its configuration digests of "
            f"{len(config.diff_ids)}"
        )
    return config


def push_image(
    store: ContentStore,
    host: RegistryHost,
    reference: ImageReference,
    platform: Platform | None,
    listener: PushListener,
) -> Pushed:
    """Send what a name stands for in the store; of several platforms all unless one is named.

    Raises RegistryError or BuildError.
    """
    name = full_name(reference)
    found = store.resolve(name)
    if found is None:
        raise BuildError(f"an image does not exist locally with the tag: {name}")
    if platform is not None:
        found = _for_platform(store, name, found, platform)
    sources = mount_sources(store, reference)
    return push_to(host, reference, found.digest, store, listener, sources)


def _for_platform(
    store: ContentStore, name: str, found: Descriptor, platform: Platform
) -> Descriptor:
    document = read_document(store.read_blob(found.digest), found.media_type, f"`{name}`")
    if isinstance(document, Index):
        offered = [one.platform.platform if one.platform else None for one in document.manifests]
        place = best_match(platform, offered)
        if place is not None:
            return document.manifests[place]
    else:
        what = f"`{name}`: configuration"
        config = read_image_document(store.read_blob(document.config.digest), what)
        if best_match(platform, [config.platform.platform]) == 0:
            return found
    raise BuildError(f"image with reference {name} was found but does not provide {platform}")


def mount_sources(store: ContentStore, reference: ImageReference) -> dict[str, tuple[str, ...]]:
    """Of the blobs of an image, which other repositories of the registry may have them.

    These are the repositories whose images the store has.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, descriptor in store.tags():
        read = parse_reference(name)
        if not isinstance(read, ImageReference) or read.domain != reference.domain:
            continue
        if read.repository == reference.repository:
            continue
        for digest in references((descriptor,), store.read_blob).blobs:
            known = found.get(digest, ())
            if read.repository not in known and len(known) < _SOURCES:
                found[digest] = (*known, read.repository)
    return found


def stored_tags(store: ContentStore, reference: ImageReference) -> tuple[str, ...]:
    """The tags of a repository that the store has, sorted."""
    read = (parse_reference(name) for name, _ in store.tags())
    return tuple(
        one.tag
        for one in read
        if isinstance(one, ImageReference) and one.name == reference.name and one.tag
    )
