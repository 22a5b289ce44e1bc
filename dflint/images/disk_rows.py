"""The rows of `dflint system df`, with the names that docker gives their fields."""

from __future__ import annotations

import os

from dflint.content.container_use import CONTAINERS
from dflint.images import disk
from dflint.images.rows import NONE, name_fields, short_id
from dflint.images.times import since
from dflint.text.go_units import human_duration, human_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.images.disk import Disk

_NO_NUMBER = "-"
HEADINGS = {
    "Type": "TYPE",
    "TotalCount": "TOTAL",
    "Active": "ACTIVE",
    "Size": "SIZE",
    "Reclaimable": "RECLAIMABLE",
    "SizeBytes": "SIZE",
    "ReclaimableBytes": "RECLAIMABLE",
}
COLUMNS = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}"
IMAGE_HEADINGS = {
    "Repository": "REPOSITORY",
    "Tag": "TAG",
    "ID": "IMAGE ID",
    "CreatedSince": "CREATED",
    "Size": "SIZE",
    "SharedSize": "SHARED SIZE",
    "UniqueSize": "UNIQUE SIZE",
    "Containers": "CONTAINERS",
}
CACHE_HEADINGS = {
    "ID": "CACHE ID",
    "Size": "SIZE",
    "CreatedSince": "CREATED",
    "LastUsedSince": "LAST USED",
    "Shared": "SHARED",
    "Description": "DESCRIPTION",
}
MOUNT_HEADINGS = {"ID": "MOUNT ID", "Size": "SIZE", "LastUsedSince": "LAST USED"}


def template(headings: dict[str, str]) -> str:
    """The template of a table of all fields."""
    return "\t".join(f"{{{{.{name}}}}}" for name in headings)


def kind_rows(found: Disk, root: str) -> Iterator[dict[str, object]]:
    """A row for each kind; of containers where the store has a folder of theirs."""
    for kind in disk.KINDS:
        if kind == disk.CONTAINER and not os.path.isdir(os.path.join(root, CONTAINERS)):
            continue
        size, free = found.sizes[kind], found.reclaimable.get(kind)
        has_count = kind in found.counts
        yield {
            "Type": kind,
            "TotalCount": str(found.counts[kind]) if has_count else _NO_NUMBER,
            "Active": str(found.active.get(kind, _NO_NUMBER)),
            "Size": human_size(size),
            "Reclaimable": _NO_NUMBER if free is None else _reclaimable(free, size),
            "SizeBytes": size,
            "ReclaimableBytes": free,
        }


def _reclaimable(free: int, size: int) -> str:
    return f"{human_size(free)} ({free * 100 // size}%)" if size else human_size(free)


def image_rows(found: Disk, now: float) -> Iterator[dict[str, object]]:
    """A row for each image, by its first name."""
    for one in found.images:
        names = [name for name, _ in one.image.names]
        fields = name_fields(names[0]) if names else {"Repository": NONE, "Tag": NONE}
        yield {
            **fields,
            "ID": short_id(one.image.id),
            "CreatedSince": since(one.image.created, now),
            "Size": human_size(one.size),
            "SharedSize": human_size(one.size - one.unique),
            "UniqueSize": human_size(one.unique),
            "Containers": str(one.containers),
        }


def cache_rows(found: Disk, now: float) -> Iterator[dict[str, object]]:
    """A row for each cached step with the size of its layer, the last used at the end."""
    for record, size, is_shared in found.records:
        yield {
            "ID": record.key.rpartition(":")[2][:12],
            "Size": human_size(size),
            "CreatedSince": human_duration(now - record.created) + " ago",
            "LastUsedSince": human_duration(now - record.used) + " ago",
            "Shared": str(is_shared).lower(),
            "Description": record.description.replace("\t", " ").partition("\n")[0],
        }


def mount_rows(found: Disk, now: float) -> Iterator[dict[str, object]]:
    """A row for each cache mount."""
    for id, size, used in found.mounts:
        yield {
            "ID": id,
            "Size": human_size(size),
            "LastUsedSince": human_duration(now - used) + " ago",
        }
