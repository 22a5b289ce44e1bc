"""A picture in the DOT language of Graphviz."""

from __future__ import annotations

from dflint.pictures.picture import CONTEXT, FROM, IMAGE, NEXT, cut
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.pictures.picture import Arrow, Box, Picture

_SHAPES = {IMAGE: "ellipse", CONTEXT: "folder"}


def dot(picture: Picture) -> str:
    """The picture as text."""
    lines = [f"digraph {_quoted(picture.title)} {{", "  node [shape=box];"]
    groups: dict[str, list[Box]] = {}
    for box in picture.boxes:
        groups.setdefault(box.group, []).append(box)
    for number, (group, boxes) in enumerate(groups.items()):
        drawn = [f"  {_box(box)}" for box in boxes]
        if group:
            head = [f"  subgraph cluster_{number} {{", f"    label={_quoted(cut(group))};"]
            drawn = [*head, *(f"  {line}" for line in drawn), "  }"]
        lines += drawn
    lines += [f"  {_arrow(arrow)}" for arrow in picture.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _box(box: Box) -> str:
    title = _escaped(cut(box.title))
    if box.note and not box.group:
        title += "\\n" + _escaped(box.note)
    said = [f'label="{title}"', f"tooltip={_quoted(box.detail or box.title)}"]
    if box.kind in _SHAPES:
        said.append(f"shape={_SHAPES[box.kind]}")
    if box.is_target:
        said.append("penwidth=2")
    if not box.is_needed:
        said.append('style=dashed, fontcolor="#595959"')
    return f"{box.id} [{', '.join(said)}];"


def _arrow(arrow: Arrow) -> str:
    said = [f"label={_quoted(arrow.label)}"] if arrow.label else []
    if arrow.kind not in (FROM, NEXT):
        said.append("style=dashed")
    return f"{arrow.start} -> {arrow.end}" + (f" [{', '.join(said)}];" if said else ";")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Double backslashes, which labels take for the start of something, and escape quotes."""
    return make_visible(text).replace("\\", "\\\\").replace('"', '\\"')
