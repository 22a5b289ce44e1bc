"""The rows of `dflint history`: how an image came about, the newest entry first."""

from __future__ import annotations

from dflint.content.instruction_lines import find_lines
from dflint.images.rows import short_id
from dflint.images.times import local_rfc3339, since
from dflint.text.go_units import human_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.content.catalog import PlatformImage
    from dflint.content.store import ContentStore
    from dflint.images.sizes import Sizes
    from dflint.oci.image_document import HistoryEntry

MISSING = "<missing>"
HEADINGS = {
    "ID": "IMAGE",
    "CreatedSince": "CREATED",
    "CreatedAt": "CREATED AT",
    "CreatedBy": "CREATED BY",
    "Size": "SIZE",
    "Comment": "COMMENT",
    "Dockerfile": "DOCKERFILE",
}
#: So many characters of CREATED BY are shown.
_WIDTH = 45


def columns(is_human: bool, has_lines: bool) -> str:
    """The template of the table."""
    created = "CreatedSince" if is_human else "CreatedAt"
    names = ["ID", created, "CreatedBy", "Size", "Comment"] + ["Dockerfile"] * has_lines
    return "\t".join(f"{{{{.{name}}}}}" for name in names)


def history_rows(
    store: ContentStore,
    image: PlatformImage,
    id: str,
    sizes: Sizes,
    now: float,
    is_whole: bool = False,
    is_human: bool = True,
) -> list[dict[str, object]]:
    """A row for each entry. Only the newest has an id, as no image ends with an earlier one.

    `Dockerfile` is the line of the instruction, empty where no build of this store has kept it.
    """
    lines = find_lines(store, image.config)
    rows: list[dict[str, object]] = []
    for number, (entry, size) in enumerate(_sized(image, sizes)):
        text = entry.created_by.replace("\t", " ")
        if not is_whole and len(text) > _WIDTH:
            text = text[: _WIDTH - 1] + "…"
        rows.append(
            {
                "ID": MISSING,
                "CreatedSince": since(entry.created, now),
                "CreatedAt": local_rfc3339(entry.created),
                "CreatedBy": text,
                "Size": human_size(size, 3) if is_human else str(size),
                "Comment": entry.comment,
                "Dockerfile": str(lines.get(number, "")),
            }
        )
    rows.reverse()
    if rows:
        rows[0]["ID"] = id if is_whole else short_id(id)
    return rows


def _sized(image: PlatformImage, sizes: Sizes) -> Iterator[tuple[HistoryEntry, int]]:
    """The entries, the oldest first, with the sizes of their layers."""
    rest = iter(sizes.layers(image))
    for entry in image.document.history:
        yield entry, 0 if entry.is_empty_layer else next(rest, 0)
