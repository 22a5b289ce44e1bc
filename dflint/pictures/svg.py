"""A picture as SVG: a file of its own, or a part of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dflint.pictures.layout import Layout, Place, lay_out
from dflint.pictures.markup import markup
from dflint.pictures.picture import CONTEXT, FROM, IMAGE, NEXT, Arrow, Box, Picture, cut

#: The look of all pictures; a page has it once. Text has a contrast of at least 4.5 to 1.
STYLE = """\
.dg text { font: 13px system-ui, sans-serif; fill: #1a1a1a; }
.dg .note { font-size: 11px; fill: #4a4a4a; }
.dg .label { font-size: 11px; fill: #3d3d3d; stroke: #fff; stroke-width: 4px; paint-order: stroke; }
.dg .back { fill: #fff; }
.dg .box { fill: #e8f0fe; stroke: #3b62a8; stroke-width: 1.2; }
.dg .target .box { stroke-width: 3; }
.dg .outside .box { fill: #f2f2f2; stroke: #666; }
.dg .unneeded .box { fill: #fff; stroke: #777; stroke-dasharray: 5 3; }
.dg .unneeded text { fill: #595959; }
.dg path { fill: none; stroke: #4a5568; stroke-width: 1.4; }
.dg .takes { stroke-dasharray: 5 3; }
.dg .head { fill: #4a5568; stroke: none; }
.dg a:focus { outline: none; }
.dg a:focus .box { stroke: #b3261e; stroke-width: 3.5; }
@media (prefers-color-scheme: dark) {
.dg text { fill: #f0f0f0; } .dg .note { fill: #c4c4c4; }
.dg .label { fill: #d6d6d6; stroke: #16191d; } .dg .back { fill: #16191d; }
.dg .box { fill: #22334f; stroke: #8fb4f5; } .dg .outside .box { fill: #2c2f33; stroke: #a0a0a0; }
.dg .unneeded .box { fill: #16191d; stroke: #999; } .dg .unneeded text { fill: #b0b0b0; }
.dg path { stroke: #aab4c3; } .dg .head { fill: #aab4c3; stroke: none; }
.dg a:focus .box { stroke: #ffb4a9; }
}
"""
_HEIGHT, _NOTED = 30.0, 44.0
#: The width of a character of titles and of notes, at most.
_TITLE, _NOTE = 7.4, 6.2
_PORT_STEP = 28.0
#: How far down labels stand, by turns, so that those of arrows that end side by side are apart.
_LABEL_PARTS = (0.42, 0.7)


def svg(picture: Picture) -> str:
    """The picture as a file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg_element(picture, STYLE)}'


def svg_element(picture: Picture, style: str = "") -> str:
    """The picture as an element, with a style of its own or with that of the page around it."""
    numbers = {box.id: number for number, box in enumerate(picture.boxes)}
    ends = [(numbers[one.start], numbers[one.end]) for one in picture.arrows]
    layout = lay_out([_size(box) for box in picture.boxes], ends)
    width, height = f"{layout.width:g}", f"{layout.height:g}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" aria-label="{markup(picture.title)}">\n'
        f"<title>{markup(picture.title)}</title>\n"
    ]
    if style:
        parts.append(f"<style>\n{style}</style>\n")
    parts.append(f'<rect class="back" width="{width}" height="{height}"/>\n')
    parts += _arrows(picture.arrows, layout)
    for box, place in zip(picture.boxes, layout.places, strict=True):
        parts.append(_box(box, place))
    return "".join([*parts, "</svg>\n"])


def _size(box: Box) -> tuple[float, float]:
    width = max(len(cut(box.title)) * _TITLE, len(box.note) * _NOTE) + 24
    return round(max(width, 60.0)), _NOTED if box.note else _HEIGHT


def _box(box: Box, place: Place) -> str:
    classes = ["outside"] if box.kind in (IMAGE, CONTEXT) else []
    classes += ["target"] if box.is_target else []
    classes += [] if box.is_needed else ["unneeded"]
    x, y = place.x - place.width / 2, place.y - place.height / 2
    round_by = place.height / 2 if box.kind == IMAGE else 5
    drawn = [f"<title>{markup(box.detail or box.title)}</title>"]
    drawn.append(
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{place.width:g}" '
        f'height="{place.height:g}" rx="{round_by:g}"/>'
    )
    middle = place.y + 4.5 if not box.note else place.y - 3
    drawn.append(_text(place.x, middle, cut(box.title)))
    if box.note:
        drawn.append(_text(place.x, place.y + 14, box.note, "note"))
    content = "".join(drawn)
    if box.place:
        content = f'<a href="#{box.place}">{content}</a>'
    kind = f' class="{" ".join(classes)}"' if classes else ""
    return f"<g{kind}>{content}</g>\n"


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:g}" y="{y:g}" text-anchor="middle">{markup(text)}</text>'


def _arrows(arrows: Sequence[Arrow], layout: Layout) -> Iterator[str]:
    """The lines first, then what is written at them, so that no line crosses a word."""
    starts, _ = _ports(layout, 0)
    ends, end_ranks = _ports(layout, -1)
    labels = []
    for number, (arrow, way) in enumerate(zip(arrows, layout.ways, strict=True)):
        is_up = way[0].layer > way[-1].layer
        first, last = way[0], way[-1]
        sign = -1 if is_up else 1
        points = [(first.x + starts[number], first.y + sign * first.height / 2)]
        points += [(one.x, one.y) for one in way[1:-1]]
        points.append((last.x + ends[number], last.y - sign * last.height / 2))
        dashed = "" if arrow.kind in (FROM, NEXT) else ' class="takes"'
        yield f'<path{dashed} d="{_curve(points, sign)}"/>\n'
        x, y = points[-1]
        tip = f"{x:g},{y:g} {x - 4:g},{y - 8 * sign:g} {x + 4:g},{y - 8 * sign:g}"
        yield f'<polygon class="head" points="{tip}"/>\n'
        if arrow.label:
            labels.append(_label(arrow, points, _LABEL_PARTS[end_ranks[number] % 2]))
    yield from labels


def _label(arrow: Arrow, points: list[tuple[float, float]], part: float) -> str:
    """What is written at the last piece of an arrow, that part of its height down."""
    (x, y), (end_x, end_y) = points[-2:]
    eased = part * part * (3 - 2 * part)
    at_x, at_y = x + (end_x - x) * eased, y + (end_y - y) * part + 4
    return _text(round(at_x, 1), round(at_y, 1), arrow.label, "label") + "\n"


def _ports(layout: Layout, end: int) -> tuple[dict[int, float], dict[int, int]]:
    """How far from the middle of its box each arrow begins (`end` 0) or ends (-1), and as which."""
    by_box: dict[int, list[int]] = {}
    for number, way in enumerate(layout.ways):
        by_box.setdefault(id(way[end]), []).append(number)
    found, ranks = {}, {}
    for numbers in by_box.values():
        numbers.sort(key=lambda number: layout.ways[number][1 if end == 0 else -2].x)
        box = layout.ways[numbers[0]][end]
        step = min(_PORT_STEP, (box.width - 20) / len(numbers))
        for at, number in enumerate(numbers):
            found[number] = round((at - (len(numbers) - 1) / 2) * step, 1)
            ranks[number] = at
    return found, ranks


def _curve(points: list[tuple[float, float]], sign: int) -> str:
    x, y = points[0]
    drawn = [f"M{x:g} {y:g}"]
    for end_x, end_y in points[1:]:
        bend = sign * abs(end_y - y) / 2
        drawn.append(f"C{x:g} {y + bend:g} {end_x:g} {end_y - bend:g} {end_x:g} {end_y:g}")
        x, y = end_x, end_y
    return "".join(drawn)
