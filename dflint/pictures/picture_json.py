"""A picture as JSON, for programs."""

from __future__ import annotations

import json

from dflint.text.visible import replace_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.pictures.picture import Picture


def picture_json(picture: Picture) -> str:
    """An object with `nodes` and `edges`; texts are whole, U+FFFD stands for what is no UTF-8."""
    said = {
        "title": picture.title,
        "nodes": [
            {
                "id": box.id, "kind": box.kind, "title": box.title, "note": box.note,
                "group": box.group, "needed": box.is_needed, "target": box.is_target,
            }
            for box in picture.boxes
        ],
        "edges": [
            {"from": arrow.start, "to": arrow.end, "kind": arrow.kind or "next",
             "count": arrow.count}
            for arrow in picture.arrows
        ],
    }  # fmt: skip
    return replace_surrogates(json.dumps(said, indent=2, ensure_ascii=False)) + "\n"
