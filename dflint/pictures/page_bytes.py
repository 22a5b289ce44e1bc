"""The part of a report on bytes: by instruction, by path, and what the image does not need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dflint.pictures.cells import HEIGHT, WIDTH, Cell, Frame, layer_cells, path_cells
from dflint.pictures.markup import markup
from dflint.pictures.page_parts import (
    cell,
    count_of,
    kind_class,
    kind_name,
    row,
    share,
    size,
    table,
)
from dflint.pictures.picture import cut
from dflint.pictures.report import Report
from dflint.pictures.treemap import Rectangle
from dflint.verify.audit.size import SizedFile

_LONGEST_LABEL = 60
_MOST_FILES = 40
#: Cells lower than this have one line for the title, and lower than that no room for a number.
_LOW, _NUMBERED = 68.0, 36.0


def bytes_part(report: Report) -> Iterator[str]:
    """The section as markup."""
    yield '<section aria-labelledby="bytes"><h2 id="bytes">Where the bytes went</h2>\n'
    if report.image is None:
        yield "<p>Nothing was built: there are no bytes.</p></section>\n"
        return
    total = sum(one.size for one in report.layers)
    if not total:
        yield "<p>The image has no file with content.</p>\n"
    else:
        yield from _maps(report, total)
    yield _layer_table(report, total)
    yield "</section>\n"
    yield from _needless_part(report, total)


def _maps(report: Report, total: int) -> Iterator[str]:
    yield (
        "<p>Areas are bytes of file contents, before compression. Each rectangle is a link to its "
        "row in the table.</p>\n"
    )
    yield _legend(report.files)
    yield "<h3>By instruction</h3>\n"
    yield _map("Bytes by instruction", layer_cells(report.layers, report.files), [], total, "layer")
    yield "<h3>By path</h3>\n"
    cells, frames = path_cells(report.files)
    yield _map("Bytes by path", cells, frames, total, "path")
    yield _path_table(cells, total)


def _legend(files: Sequence[SizedFile]) -> str:
    sums: dict[str, int] = {}
    for one in files:
        sums[one.kind] = sums.get(one.kind, 0) + one.size
    rows = sorted((one for one in sums.items() if one[1]), key=lambda one: (-one[1], one[0]))
    items = "".join(
        f'<li><i class="{kind_class(kind)}"></i>{markup(kind_name(kind))}: {size(count)}</li>'
        for kind, count in rows
    )
    return f'<ul class="legend">{items}</ul>\n'


def _map(
    title: str, cells: Sequence[Cell], frames: Sequence[Frame], total: int, target: str
) -> str:
    parts = [f'<div class="wide"><div class="map" role="group" aria-label="{markup(title)}">\n']
    for frame in frames:
        name = markup(cut(frame.title, _LONGEST_LABEL))
        parts.append(f'<div class="frame" style="{_style(frame.place)}">{name}</div>\n')
    for one in cells:
        low = " low" if one.place.height < _LOW else ""
        said = f"{one.title}: {size(one.size)}, {share(one.size, total)}, {kind_name(one.kind)}"
        parts.append(
            f'<a class="cell {kind_class(one.kind)}{low}" href="#{target}-{one.number}" '
            f'style="{_style(one.place)}" title="{markup(said)}" aria-label="{markup(said)}">'
            f"{_label(one)}</a>\n"
        )
    return "".join([*parts, "</div></div>\n"])


def _style(place: Rectangle) -> str:
    """A place on a map: in pixels from top to bottom, and in per cent of what width there is."""
    left, width = 100 * place.x / WIDTH, 100 * place.width / WIDTH
    assert place.y <= HEIGHT
    return f"left:{left:.2f}%;top:{place.y:.0f}px;width:{width:.2f}%;height:{place.height:.0f}px"


def _label(one: Cell) -> str:
    """What is written in a cell, as far as there is room."""
    if one.place.width < 44 or one.place.height < 20:
        return ""
    title = one.title
    if "(" not in title and title.startswith("/"):
        title = title.rsplit("/", 1)[-1]
    number = f"<span>{size(one.size)}</span>" if one.place.height >= _NUMBERED else ""
    return f"<b>{markup(cut(title, _LONGEST_LABEL))}</b>{number}"


def _path_table(cells: Sequence[Cell], total: int) -> str:
    rows = (
        row(
            (
                cell(one.title), cell(size(one.size), "n"), cell(share(one.size, total), "n"),
                cell(size(one.needless), "n"), cell(f"{one.files:,}", "n"),
                cell(kind_name(one.kind)),
            ),
            f"path-{one.number}",
        )
        for one in sorted(cells, key=lambda one: (-one.size, one.number))
    )  # fmt: skip
    heads = ("path", "bytes", "of all", "not needed", "files", "mostly")
    return table("All paths of the picture", heads, rows, (1, 2, 3, 4), "short")


def _layer_table(report: Report, total: int) -> str:
    rows = (
        row(
            (
                cell(one.number + 1, "n"),
                f"<td><code>{markup(one.title)}</code>{_line(one.line)}</td>",
                cell(size(one.size), "n"), cell(share(one.size, total), "n"),
                cell(size(one.needless), "n"), cell(f"{one.files:,}", "n"),
                cell(size(one.stored), "n"),
            ),
            f"layer-{one.number}",
        )
        for one in report.layers
    )  # fmt: skip
    heads = ("layer", "instruction", "bytes", "of all", "not needed", "files", "compressed")
    return "<h3>Layers</h3>\n" + table("Layers, the lowest first", heads, rows, (0, 2, 3, 4, 5, 6))


def _line(line: int) -> str:
    return f' <span class="soft">line {line}</span>' if line else ""


def _needless_part(report: Report, total: int) -> Iterator[str]:
    yield '<section aria-labelledby="needless">\n'
    yield '<h2 id="needless">What the image does not need</h2>\n'
    needless = sum(one.needless for one in report.layers)
    found = sorted(
        (one for one in report.files if one.size and _is_needless(one)),
        key=lambda one: (-one.size, one.layer, one.path),
    )
    if not found:
        yield "<p>Nothing was found that it could do without.</p></section>\n"
        return
    yield (
        f"<p><b>{size(needless)}</b>, {share(needless, total)} of all: files that a later layer "
        "removes or replaces, which stay in the layer below, and caches, lists and temporary "
        f"files. {_first_of(len(found))}</p>\n"
    )
    rows = (
        row((
            cell(one.path), cell(size(one.size), "n"), cell(kind_name(one.kind)),
            f'<td><a href="#layer-{one.layer}">layer {one.layer + 1}</a> '
            f"{markup(cut(report.layers[one.layer].title, _LONGEST_LABEL))}</td>",
            _hider(report, one),
        ))
        for one in found[:_MOST_FILES]
    )  # fmt: skip
    heads = ("path", "bytes", "why", "comes from", "gone by")
    yield table("The largest files that are not needed", heads, rows, (1,))
    yield "</section>\n"


def _first_of(count: int) -> str:
    if count <= _MOST_FILES:
        return f"It is {count_of(count, 'file')}."
    return f"These are the largest {_MOST_FILES} of {count_of(count, 'file')}."


def _is_needless(one: SizedFile) -> bool:
    return kind_class(one.kind) in ("hidden", "needless")


def _hider(report: Report, one: SizedFile) -> str:
    if one.hidden_by is None:
        return "<td></td>"
    title = cut(report.layers[one.hidden_by].title, _LONGEST_LABEL)
    return (
        f'<td><a href="#layer-{one.hidden_by}">layer {one.hidden_by + 1}</a> {markup(title)}</td>'
    )
