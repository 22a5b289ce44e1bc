"""Names of images: given, taken away, and images removed with the last one."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.content.catalog import find_image, read_catalog
from dflint.content.container_use import container_images, users
from dflint.errors import BuildError
from dflint.images.rows import short_id
from dflint.oci.reference import familiar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.content.catalog import StoredImage
    from dflint.content.store import ContentStore
    from dflint.images.filters import Filters


@dataclass(frozen=True, slots=True)
class Removed:
    """Names that were taken away, ids of images that went, and the bytes that this has freed."""

    untagged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    freed: int = 0


def tag_image(store: ContentStore, source: str, reference: str) -> None:
    """Give an image a whole reference; one that had it loses it, and is kept without a name.

    BuildError when no image is meant, or anything of it is not there.
    """
    with store.lease():
        found = find_image(read_catalog(store), source)
        hold(store, found.image)
        store.tag(reference, found.descriptor)


def hold(store: ContentStore, image: StoredImage) -> None:
    """Have the lease hold all of an image; BuildError when something is not there."""
    if image.problem:
        raise BuildError(f"image `{image.id}`: {image.problem}")
    for one in image.platforms:
        for blob in (one.descriptor, one.manifest.config, *one.manifest.layers):
            if not store.has_blob(blob.digest):
                raise BuildError(f"image `{image.id}`: blob `{blob.digest}` is missing")
    for descriptor in image.descriptors:
        if not store.has_blob(descriptor.digest):
            raise BuildError(f"image `{image.id}`: blob `{descriptor.digest}` is missing")


def remove_image(store: ContentStore, text: str, is_forced: bool = False) -> Removed:
    """Take a name away, and remove the image with its last one; by an id all of it.

    BuildError when no image is meant, or it has several names or a container and is not forced.
    What a container is made of stays in any case, without a name.
    """
    found = find_image(read_catalog(store), text)
    image, name = found.image, found.name
    if name and len(image.names) > 1:
        store.untag(name, found.descriptor.digest)
        return Removed((familiar(name),))
    short = short_id(image.id)
    if len(image.tags) > 1 and not is_forced:
        raise BuildError(
            f"conflict: unable to delete {short} (must be forced) - image is referenced in "
            "multiple repositories"
        )
    containers = users(image, container_images(store.root))
    if containers and not is_forced:
        raise BuildError(
            f"conflict: unable to delete {short} (must be forced) - image is being used by "
            f"container {containers[0][:12]}"
        )
    return _remove(store, image, bool(containers))


def _remove(store: ContentStore, image: StoredImage, is_used: bool) -> Removed:
    """Take all names of an image away, and remove it unless it is used."""
    names = tuple(familiar(name) for name, one in image.names if store.untag(name, one.digest))
    if is_used:
        for descriptor in image.descriptors:
            store.keep_untagged(descriptor)
        return Removed(names)
    for descriptor in image.untagged:
        store.forget(descriptor.digest)
    freed = store.release(image.descriptors).freed
    return Removed(names, (image.id,), freed)


def prune_images(store: ContentStore, filters: Filters, takes_all: bool = False) -> Removed:
    """Remove the images without a name, or all that no container is made of."""
    images = read_catalog(store)
    found = [_remove(store, image, False) for image in prunable(store, images, filters, takes_all)]
    return Removed(
        tuple(name for one in found for name in one.untagged),
        tuple(id for one in found for id in one.deleted),
        sum(one.freed for one in found),
    )


def prunable(
    store: ContentStore, images: Iterable[StoredImage], filters: Filters, takes_all: bool
) -> list[StoredImage]:
    """The images that a prune removes."""
    containers = container_images(store.root)
    return [
        image
        for image in images
        if (takes_all or image.is_dangling) and filters.has(image) and not users(image, containers)
    ]
