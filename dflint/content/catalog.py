"""The images of a store: their ids, names and configurations, and how they are found.

The id of an image is the digest of its configuration, of one for several platforms that of its
index. A name, an id, the digest of a manifest, and the beginning of an id stand for an image.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from dflint.content.choose_image import is_attestation
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.image_document import ImageDocument, read_image_document
from dflint.oci.manifest import Index, Manifest, read_document
from dflint.oci.match import best_match
from dflint.oci.platform import normal_platform
from dflint.oci.reference import ImageReference, ReferenceProblem, parse_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.content.store import ContentStore
    from dflint.oci.descriptor import Descriptor
    from dflint.oci.platform import Platform

_ID = re.compile(r"(?:sha256:)?([0-9a-f]{1,64})")
_DEPTH = 8


class NoImageError(BuildError):
    """No image of a store is meant by a text."""


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """An image for one platform. `config` is the digest of its configuration."""

    descriptor: Descriptor
    manifest: Manifest
    document: ImageDocument

    @property
    def config(self) -> str:
        """The digest of its configuration."""
        return self.manifest.config.digest


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image with all that it is called.

    `names` are whole references with what each stands for: manifests of one configuration can
    differ. `untagged` are those without a name. `platforms` has an image for each platform that is
    there, those of the first descriptor; `problem` says why there is none.
    """

    id: str
    names: tuple[tuple[str, Descriptor], ...]
    untagged: tuple[Descriptor, ...]
    platforms: tuple[PlatformImage, ...]
    problem: str = ""

    @property
    def descriptors(self) -> tuple[Descriptor, ...]:
        """What stands for it in the index, each digest once."""
        found = (*(descriptor for _, descriptor in self.names), *self.untagged)
        return tuple({each.digest: each for each in found}.values())

    @property
    def descriptor(self) -> Descriptor:
        """What stands for it first."""
        return self.descriptors[0]

    @property
    def is_dangling(self) -> bool:
        """Whether it has no name."""
        return not self.names

    @property
    def tags(self) -> tuple[str, ...]:
        """Its whole references with a tag."""
        return tuple(name for name, _ in self.names if "@" not in name)

    @property
    def created(self) -> str:
        """When it was made, as RFC 3339 has it; empty for an unknown time."""
        return max((one.document.created for one in self.platforms), default="")


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image, and the whole reference by which it was found, empty for an id."""

    image: StoredImage
    name: str = ""

    @property
    def descriptor(self) -> Descriptor:
        """What the name stands for, or the image."""
        return dict(self.image.names).get(self.name, self.image.descriptor)


def read_catalog(store: ContentStore) -> tuple[StoredImage, ...]:
    """All images, the ones that were made last first."""
    named: dict[str, list[tuple[str, Descriptor]]] = {}
    for name, descriptor in store.tags():
        named.setdefault(descriptor.digest, []).append((name, descriptor))
    roots = {one.digest: one for pairs in named.values() for _, one in pairs}
    untagged = {one.digest: one for one in store.untagged() if one.digest not in roots}
    found: dict[str, StoredImage] = {}
    for digest, descriptor in (roots | untagged).items():
        image = _read(store, descriptor, tuple(named.get(digest, ())))
        known = found.get(image.id)
        found[image.id] = image if known is None else _joined(known, image)
    # Stable: images of the same second are in the order of their names.
    by_name = sorted(found.values(), key=lambda one: [name for name, _ in one.names])
    return tuple(sorted(by_name, key=lambda one: one.created, reverse=True))


def _joined(one: StoredImage, other: StoredImage) -> StoredImage:
    names = tuple(sorted((*one.names, *other.names), key=lambda pair: pair[0]))
    return StoredImage(
        one.id, names, (*one.untagged, *other.untagged), one.platforms or other.platforms
    )


def _read(
    store: ContentStore, descriptor: Descriptor, names: tuple[tuple[str, Descriptor], ...]
) -> StoredImage:
    untagged = () if names else (descriptor,)
    try:
        platforms = tuple(_platforms(store, descriptor, 0))
    except BuildError as error:
        return StoredImage(descriptor.digest, names, untagged, (), str(error))
    is_index = media_types.is_index(descriptor.media_type)
    id = descriptor.digest if is_index or not platforms else platforms[0].config
    return StoredImage(id, names, untagged, platforms)


def _platforms(store: ContentStore, descriptor: Descriptor, depth: int) -> Iterator[PlatformImage]:
    """The images of a manifest or an index, those that are not there left out of an index."""
    what = f"`{descriptor.digest}`"
    document = read_document(store.read_blob(descriptor.digest), descriptor.media_type, what)
    if isinstance(document, Index):
        if depth == _DEPTH:
            raise BuildError(f"{what}: indexes are nested more than {_DEPTH} deep")
        for each in document.manifests:
            if not is_attestation(each) and store.has_blob(each.digest):
                yield from _platforms(store, each, depth + 1)
    elif media_types.is_config(document.config.media_type):
        data = store.read_blob(document.config.digest)
        image = read_image_document(data, f"`{document.config.digest}`")
        yield PlatformImage(descriptor, document, image)


def find_image(images: Iterable[StoredImage], text: str) -> FoundImage:
    """The image that a text stands for; NoImageError for none, BuildError for several."""
    images = tuple(images)
    found = _by_id(images, text, is_whole=True) or _by_name(images, text)
    found = found or _by_id(images, text, is_whole=False)
    if found is None:
        raise NoImageError(f"no such image: {_completed(text)}")
    return found


def _completed(text: str) -> str:
    found = parse_reference(text)
    if isinstance(found, ReferenceProblem) or found.tag or found.digest:
        return text
    return f"{text}:latest"


def _by_name(images: Iterable[StoredImage], text: str) -> FoundImage | None:
    wanted = parse_reference(text)
    if not isinstance(wanted, ImageReference):
        return None
    whole = f"{wanted.name}:{wanted.tag or 'latest'}"
    for image in images:
        for name, descriptor in image.names:
            if wanted.digest:
                if name in (f"{wanted.name}@{wanted.digest}", f"{whole}@{wanted.digest}"):
                    return FoundImage(image, name)
                if repository_of(name) == wanted.name and descriptor.digest == wanted.digest:
                    return FoundImage(image)
            elif name == whole:
                return FoundImage(image, name)
    return None


def repository_of(name: str) -> str:
    """The registry and repository of a whole reference."""
    found = parse_reference(name)
    return found.name if isinstance(found, ImageReference) else name


def _by_id(images: Iterable[StoredImage], text: str, is_whole: bool) -> FoundImage | None:
    wanted = _ID.fullmatch(text)
    if wanted is None or is_whole != (len(wanted[1]) == 64):
        return None
    start = "sha256:" + wanted[1]
    found = [
        image
        for image in images
        if any(id.startswith(start) for id in (image.id, *(d.digest for d in image.descriptors)))
    ]
    if len(found) > 1:
        raise BuildError(f"multiple images have an id that begins with `{text}`")
    return FoundImage(found[0]) if found else None


def image_for(image: StoredImage, platform: Platform | None) -> PlatformImage:
    """The image for a platform, None for that of this machine or the only one there is."""
    if not image.platforms:
        raise BuildError(f"image `{image.id}`: {image.problem or 'none of its platforms is there'}")
    if platform is None and len(image.platforms) == 1:
        return image.platforms[0]
    offered = [one.document.platform.platform for one in image.platforms]
    wanted = platform or normal_platform("linux", os.uname().machine, "")
    place = best_match(wanted, offered)
    if place is None:
        there = ", ".join(f"`{one}`" for one in offered)
        raise BuildError(f"image `{image.id}`: none for `{wanted}` is there, only {there}")
    return image.platforms[place]
