"""A source line cut, made visible and measured, so that carets stand under the right characters.

Widths are terminal columns. There is no table of widths: East Asian wide characters, emoji
among them, take two columns and marks that combine take none, as `unicodedata` classes them;
it is imported only for lines that are not ASCII.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from dflint.text.visible import holds_pipeline_command, visible_characters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.engine.report import Place

_TAB = 4
_ELLIPSIS = "…"
_EMOJI_SELECTOR = "\ufe0f"


class Excerpt:
    """A source line as it is printed; `length` columns after `indent` others are underlined."""

    __slots__ = ("indent", "length", "text")

    text: str
    indent: int
    length: int

    def __init__(self, text: str, indent: int, length: int) -> None:
        self.text = text
        self.indent = indent
        self.length = length


def last_line(place: Place) -> int:
    """Find the last line that has a character of the place."""
    if place.end_line > place.line and place.end_column == 1:
        return place.end_line - 1
    return place.end_line


def make_excerpt(line: str, place: Place, room: int) -> Excerpt:
    """Cut the line to `room` columns and find what to underline: at least one column.

    A place that goes on in later lines is underlined to the end of this one.
    """
    start = min(max(place.column - 1, 0), len(line))
    end = len(line) if place.end_line > place.line else min(place.end_column - 1, len(line))
    end = max(end, start)
    if len(line) <= room and line.isprintable() and _is_plain(line):
        return Excerpt(line, start, (end - start) or 1)

    # Far from the caret nothing can be shown, so that a line of a megabyte costs no more.
    low = max(start - room, 0)
    near = line[low : start + room]
    cut_left, cut_right = low > 0, start + room < len(line)
    start -= low
    end = min(end - low, len(near))
    if _is_plain(near) and near.replace("\t", "").isprintable():
        return _cut_plain(near, start, end, room, (cut_left, cut_right))
    return _cut_cells(near, start, end, room, (cut_left, cut_right))


def _is_plain(line: str) -> bool:
    return line.isascii() and not holds_pipeline_command(line)


def _cut_plain(line: str, start: int, end: int, room: int, cut: tuple[bool, bool]) -> Excerpt:
    shown = line.expandtabs(_TAB)
    start = len(line[:start].expandtabs(_TAB))
    end = len(line[:end].expandtabs(_TAB))
    first, last = _window(len(shown), start, room, cut)
    left = _ELLIPSIS if first > 0 or cut[0] else ""
    right = _ELLIPSIS if last < len(shown) or cut[1] else ""
    length = max(min(end, last) - start, 1)
    return Excerpt(left + shown[first:last] + right, len(left) + start - first, length)


def _cut_cells(line: str, start: int, end: int, room: int, cut: tuple[bool, bool]) -> Excerpt:
    cells = _cells(line)
    columns = [0]
    for _, width in cells:
        columns.append(columns[-1] + width)
    first_column, last_column = _window(columns[-1], columns[start], room, cut)
    first = bisect_left(columns, first_column)
    last = max(bisect_right(columns, last_column) - 1, start)
    while 0 < first < start and not cells[first][1]:
        first += 1  # a mark would combine with the ellipsis
    left = _ELLIPSIS if first > 0 or cut[0] else ""
    right = _ELLIPSIS if last < len(cells) or cut[1] else ""
    text = left + "".join(shown for shown, _ in cells[first:last]) + right
    indent = len(left) + columns[start] - columns[first]
    length = columns[max(min(end, last), start)] - columns[start]
    if start < end and not length and columns[start] > columns[first]:
        indent -= 1  # a mark alone is shown on the character before it
    return Excerpt(text, indent, max(length, 1))


def _window(total: int, start: int, room: int, cut: tuple[bool, bool]) -> tuple[int, int]:
    """Choose which of `total` columns to show, `start` among them, ellipses allowed for.

    `cut` says whether there is more before and after them.
    """
    cut_left, cut_right = cut
    if total <= room and not cut_left and not cut_right:
        return 0, total
    # One third of the room for what comes before, more where little follows.
    before = max(room // 3, room - (total - start) - 2)
    first = max(start - before, 0)
    room -= first > 0 or cut_left
    if first + room >= total and not cut_right:
        return first, total
    return first, min(first + room - 1, total)


def _cells(text: str) -> list[tuple[str, int]]:
    """Tell what is shown for each code point, and in how many columns."""
    cells: list[tuple[str, int]] = []
    column = 0
    before = ""
    for character, shown in zip(text, visible_characters(text), strict=True):
        if character == "\t":
            shown = " " * (_TAB - column % _TAB)
        width = len(shown)
        if shown > "\x7f":
            width = _width(shown)
            # After a narrow symbol it asks for the wide form of it.
            if shown == _EMOJI_SELECTOR and before > "\x7f":
                width = int(_is_narrow_symbol(before))
        cells.append((shown, width))
        column += width
        before = shown
    return cells


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    from unicodedata import category, east_asian_width

    if category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0  # the range: vowels and finals that join a Hangul syllable
    return 2 if east_asian_width(character) in "WF" else 1


def _is_narrow_symbol(character: str) -> bool:
    from unicodedata import category

    return category(character) == "So" and _width(character) == 1
