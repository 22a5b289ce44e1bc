"""Treemaps: rectangles whose areas are sizes, as square as can be.

The layout is the squarified one of Bruls, Huizing and van Wijk (2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place in a treemap, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """How much room there is."""
        return self.width * self.height

    def within(self, border: float, top: float = 0.0) -> Rectangle:
        """What is left inside a border, and below a strip at the top."""
        border = min(border, self.width / 4, self.height / 4)
        return Rectangle(
            self.x + border,
            self.y + border + top,
            self.width - 2 * border,
            max(self.height - 2 * border - top, 0.0),
        )


def squarify(sizes: Sequence[float], place: Rectangle) -> list[Rectangle]:
    """A rectangle for each size, in their order, which is best from large to small.

    Together they fill the place; sizes have to be above 0.
    """
    total = sum(sizes)
    areas = [size * place.area / total for size in sizes] if total else []
    found: list[Rectangle] = []
    row: list[float] = []
    for area in areas:
        side = min(place.width, place.height)
        if row and _worst([*row, area], side) > _worst(row, side):
            place = _lay_row(row, place, found)
            row = []
        row.append(area)
    if row:
        _lay_row(row, place, found)
    return found


def _worst(row: Sequence[float], side: float) -> float:
    """The worst ratio of sides in a row along a side."""
    total = sum(row)
    if not total or not side:
        return float("inf")
    return max(side * side * max(row) / total**2, total**2 / (side * side * min(row)))


def _lay_row(row: Sequence[float], place: Rectangle, found: list[Rectangle]) -> Rectangle:
    """Lay a row along the shorter side of a place; what is left of the place."""
    total = sum(row)
    if place.width >= place.height:
        width = total / place.height if place.height else 0.0
        y = place.y
        for area in row:
            height = area / width if width else 0.0
            found.append(Rectangle(place.x, y, width, height))
            y += height
        return Rectangle(place.x + width, place.y, max(place.width - width, 0.0), place.height)
    height = total / place.width if place.width else 0.0
    x = place.x
    for area in row:
        width = area / height if height else 0.0
        found.append(Rectangle(x, place.y, width, height))
        x += width
    return Rectangle(place.x, place.y + height, place.width, max(place.height - height, 0.0))
