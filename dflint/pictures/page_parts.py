"""Pieces that the parts of a report are made of: sizes, times, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dflint.pictures.markup import markup
from dflint.text.go_units import byte_count
from dflint.verify.audit.size import COPIES, DELETED, FILES, HIDDEN, NEEDLESS, REPLACED

#: What each kind of bytes is called.
KINDS = {
    FILES: "files of the image",
    DELETED: "removed by a later layer",
    REPLACED: "replaced by a later layer",
    COPIES: "there once more with another mode, owner or time",
}


def kind_class(kind: str) -> str:
    """The class of a kind in the style: what the image shows, hides, does not need, could spare."""
    if kind == FILES:
        return kind
    if kind in HIDDEN:
        return "hidden"
    return "needless" if kind in NEEDLESS else "spare"


def kind_name(kind: str) -> str:
    """What a kind is called."""
    return KINDS.get(kind, kind)


def seconds(time: float) -> str:
    """A duration for people: `0.25 s`, `12.3 s`, `3 min 05 s`."""
    if time < 10:
        return f"{time:.2f} s"
    if time < 60:
        return f"{time:.1f} s"
    minutes, rest = divmod(round(time), 60)
    return f"{minutes} min {rest:02d} s"


def size(count: int) -> str:
    """Some bytes for people."""
    return byte_count(count)


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent."""
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def count_of(count: int, noun: str) -> str:
    """A number of things: `1 layer`, `2,300 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def cell(text: object, kind: str = "") -> str:
    """A cell of a table; the text is anybody's."""
    mark = f' class="{kind}"' if kind else ""
    return f"<td{mark}>{markup(text)}</td>"


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[str],
    numbers: Sequence[int] = (),
    kind: str = "",
) -> str:
    """A table of rows that are markup; `numbers` are the columns that stand to the right."""
    names = ""
    for at, name in enumerate(heads):
        mark = ' class="n"' if at in numbers else ""
        names += f'<th scope="col"{mark}>{markup(name)}</th>'
    kinds = f"scroll {kind}" if kind else "scroll"
    return (
        f'<div class="{kinds}" tabindex="0" role="region" aria-label="{markup(caption)}">\n<table>'
        f"<caption>{markup(caption)}</caption>\n<thead><tr>{names}</tr></thead>\n<tbody>\n"
        f"{''.join(rows)}</tbody></table></div>\n"
    )


def row(cells: Iterable[str], id: str = "") -> str:
    """A row of cells that are markup."""
    mark = f' id="{id}"' if id else ""
    return f"<tr{mark}>{''.join(cells)}</tr>\n"


def folded(title: str, content: str) -> str:
    """Something that is folded away until somebody opens it."""
    return f'<details class="table"><summary>{markup(title)}</summary>\n{content}</details>\n'
