"""The rows of `dflint images`, with the names that docker gives their fields."""

from __future__ import annotations

from dflint.images.times import local_time, since
from dflint.oci.reference import ImageReference, familiar, parse_reference
from dflint.text.go_units import human_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.content.catalog import StoredImage
    from dflint.images.filters import Filters
    from dflint.images.sizes import Sizes

NONE = "<none>"
HEADINGS = {
    "Repository": "REPOSITORY",
    "Tag": "TAG",
    "Digest": "DIGEST",
    "ID": "IMAGE ID",
    "CreatedSince": "CREATED",
    "CreatedAt": "CREATED AT",
    "Size": "SIZE",
    "VirtualSize": "SIZE",
    "SharedSize": "SHARED SIZE",
    "UniqueSize": "UNIQUE SIZE",
    "Containers": "CONTAINERS",
}
_TABLE = ("Repository", "Tag", "ID", "CreatedSince", "Size")


def columns(has_digests: bool) -> str:
    """The template of the table."""
    names = [*_TABLE]
    if has_digests:
        names.insert(2, "Digest")
    return "\t".join(f"{{{{.{name}}}}}" for name in names)


def short_id(id: str) -> str:
    """The first twelve digits of an id."""
    return id.partition(":")[2][:12]


def image_rows(
    images: Iterable[StoredImage], filters: Filters, sizes: Sizes, now: float, is_whole: bool
) -> Iterator[dict[str, object]]:
    """A row for each name of each image, one for an image without a name; ids are cut or whole."""
    for image in images:
        size = sizes.image(image)
        shared: dict[str, object] = {
            "ID": image.id if is_whole else short_id(image.id),
            "CreatedSince": since(image.created, now),
            "CreatedAt": local_time(image.created),
            "Size": human_size(size, 3),
            "VirtualSize": human_size(size),
            "SharedSize": "N/A",
            "UniqueSize": "N/A",
            "Containers": "N/A",
        }
        named = dict(image.names)
        for name in filters.tags_of(image):
            yield {**name_fields(name), "Digest": named[name].digest, **shared}
        if image.is_dangling:
            digest = image.descriptor.digest
            yield {"Repository": NONE, "Tag": NONE, "Digest": digest, **shared}


def name_fields(name: str) -> dict[str, object]:
    """The fields of a whole reference; one with a digest has no tag."""
    found = parse_reference(name)
    if not isinstance(found, ImageReference):
        return {"Repository": name, "Tag": NONE}
    tag = NONE if found.digest else found.tag
    return {"Repository": familiar(found.name), "Tag": tag}
