"""Chooses one image among those of a layout or archive: by its name, then by its platform."""

from __future__ import annotations

from dflint.content.tags import IMAGE_NAME, REFERENCE_NAME
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import Manifest, read_document, read_index
from dflint.oci.match import best_match
from dflint.oci.reference import ImageReference, parse_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dflint.oci.descriptor import Descriptor
    from dflint.oci.manifest import Index
    from dflint.oci.platform import Platform

    Read = Callable[[str], bytes]

_DEPTH = 8
_SHOWN = 8


def choose_manifest(
    index: Index, name: str, platform: Platform | None, read: Read, what: str
) -> Descriptor:
    """The descriptor of the manifest that is meant.

    `name` is a tag, a reference or a digest, or empty where there is just one image; `platform`
    may be None then too. `read` gives the content of a blob; `what` names the place in errors.
    """
    found = _by_name(index, name, what)
    first = found[0]
    if len(found) == 1 and not media_types.is_index(first.media_type):
        return first
    images = tuple(_images(found, read, 0))
    if len(images) == 1 and platform is None:
        return images[0]
    if platform is None:
        raise BuildError(
            f"{what}: expected a platform to choose by: {_listed(_names(images, read))}"
        )
    place = best_match(platform, [_platform(each, read) for each in images])
    if place is None:
        raise BuildError(
            f"{what}: no image for `{platform}` is there, only {_listed(_names(images, read))}"
        )
    return images[place]


def _by_name(index: Index, name: str, what: str) -> tuple[Descriptor, ...]:
    """The descriptors of a name, each digest once."""
    if name:
        found = [each for each in index.manifests if is_named(name, _names_of(each), each.digest)]
    else:
        found = list(index.manifests)
    unique = tuple({each.digest: each for each in found}.values())
    names = [text for each in index.manifests for text in _names_of(each)]
    if not unique:
        there = _listed(names) if names else "none with a name"
        raise BuildError(
            f"{what}: no image `{name}`: there are {there}" if name else f"{what}: holds no image"
        )
    if len(unique) > 1 and not name and len({_names_of(each) for each in unique}) > 1:
        latest = [each for each in unique if is_named("latest", _names_of(each), "")]
        if len(latest) != 1:
            raise BuildError(f"{what}: expected the name of one of its images: {_listed(names)}")
        return tuple(latest)
    return unique


def _names_of(descriptor: Descriptor) -> tuple[str, ...]:
    annotations = descriptor.annotations
    names = (annotations.get(IMAGE_NAME, ""), annotations.get(REFERENCE_NAME, ""))
    return tuple(dict.fromkeys(name for name in names if name))


def is_named(wanted: str, names: Sequence[str], digest: str) -> bool:
    """Tell whether an image is meant by a tag, a reference, or a digest."""
    if wanted in names or (digest and wanted == digest):
        return True
    reference = parse_reference(wanted)
    if not isinstance(reference, ImageReference):
        return False
    for name in names:
        other = parse_reference(name)
        if not isinstance(other, ImageReference):
            continue
        if other.tag == wanted and ":" not in wanted:
            return True
        if digest and reference.digest == digest and reference.name == other.name:
            return True
        if not reference.digest and _whole(other) == _whole(reference):
            return True
    return False


def _whole(reference: ImageReference) -> str:
    return f"{reference.name}:{reference.tag or 'latest'}"


def _images(found: Sequence[Descriptor], read: Read, depth: int) -> Iterator[Descriptor]:
    """The manifests of images, those of nested indexes included; attestations are none."""
    for each in found:
        if media_types.is_index(each.media_type):
            if depth == _DEPTH:
                raise BuildError(f"`{each.digest}`: indexes are nested more than {_DEPTH} deep")
            below = read_index(read(each.digest), each.media_type, f"`{each.digest}`")
            yield from _images(below.manifests, read, depth + 1)
        elif media_types.is_manifest(each.media_type) and not is_attestation(each):
            yield each


def is_attestation(descriptor: Descriptor) -> bool:
    """Whether a manifest in an index says something about an image, rather than being one."""
    return "vnd.docker.reference.type" in descriptor.annotations or (
        descriptor.platform is not None and descriptor.platform.os == "unknown"
    )


def _platform(descriptor: Descriptor, read: Read) -> Platform | None:
    """The platform of an image: what its descriptor says, else its configuration."""
    if descriptor.platform is not None:
        return descriptor.platform.platform
    document = read_document(
        read(descriptor.digest), descriptor.media_type, f"`{descriptor.digest}`"
    )
    if not isinstance(document, Manifest) or not media_types.is_config(document.config.media_type):
        return None
    digest = document.config.digest
    return read_image_document(read(digest), f"`{digest}`").platform.platform


def _names(images: Sequence[Descriptor], read: Read) -> list[str]:
    return [str(_platform(each, read)) for each in images]


def _listed(names: Sequence[str]) -> str:
    """Names for a message, not too many of them."""
    unique = sorted(set(names))
    shown = ", ".join(f"`{name}`" for name in unique[:_SHOWN]) or "none"
    return shown if len(unique) <= _SHOWN else f"{shown} and {len(unique) - _SHOWN} more"
