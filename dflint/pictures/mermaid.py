"""A picture as a Mermaid flowchart."""

from __future__ import annotations

from dflint.pictures.picture import FROM, IMAGE, NEXT, cut
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.pictures.picture import Box, Picture

_SHAPES = {IMAGE: ('(["', '"])'), "context": ('[/"', '"/]')}


def mermaid(picture: Picture) -> str:
    """The picture as text; a solid arrow leads to what is built on a box, dashed ones elsewhere."""
    lines = ["flowchart TD", *_boxes(picture)]
    for arrow in picture.arrows:
        line = "-->" if arrow.kind in (FROM, NEXT) else "-.->"
        label = f'|"{_text(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {arrow.start} {line}{label} {arrow.end}")
    unneeded = [box.id for box in picture.boxes if not box.is_needed]
    if unneeded:
        lines.append("  classDef unneeded stroke-dasharray:4 3,opacity:0.6")
        lines.append(f"  class {','.join(unneeded)} unneeded")
    return "\n".join(lines) + "\n"


def _boxes(picture: Picture) -> Iterator[str]:
    groups: dict[str, list[Box]] = {}
    for box in picture.boxes:
        groups.setdefault(box.group, []).append(box)
    for number, (group, boxes) in enumerate(groups.items()):
        indent = "  "
        if group:
            yield f'  subgraph g{number}["{_text(cut(group))}"]'
            indent = "    "
        for box in boxes:
            start, end = _SHAPES.get(box.kind, ('["', '"]'))
            note = "" if box.group or not box.note else f"<br/>{_text(box.note)}"
            yield f"{indent}{box.id}{start}{_text(cut(box.title))}{note}{end}"
        if group:
            yield "  end"


def _text(text: str) -> str:
    """A text as it may stand in quotes: Mermaid takes entities, `#` begins one of its own."""
    text = make_visible(text)
    for sign, entity in (
        ("&", "&amp;"), ("#", "&num;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;"),
        ("`", "&grave;"),
    ):  # fmt: skip
        text = text.replace(sign, entity)
    return text
