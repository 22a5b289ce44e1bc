"""Where the boxes of a picture stand: in layers from top to bottom, along the arrows.

The steps are those of layered drawing (Sugiyama, Tagawa, Toda 1981): arrows that close a circle are
turned round, every box gets a layer below all that it needs, long arrows get a place in each layer
between, layers are put in order by the mean of their neighbours, and boxes moved towards those. The
same picture gives the same layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

#: The space between two boxes, between two layers, and at the edges.
GAP, LAYER_GAP, MARGIN = 26.0, 64.0, 14.0
_SWEEPS = 8
#: Arrows over more layers than this get no places between: they are drawn across.
_LONGEST = 60
_THREAD = 8.0


@dataclass(slots=True)
class Place:
    """A place in a layer: of a box, or of a long arrow on its way. `x` is its middle."""

    width: float
    height: float
    layer: int = 0
    x: float = 0.0
    y: float = 0.0
    above: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)
    at: float = 0.0

    @property
    def is_thread(self) -> bool:
        """Whether it is of an arrow."""
        return not self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all boxes, and of each arrow all places that it leads over, ends included."""

    places: tuple[Place, ...]
    ways: tuple[tuple[Place, ...], ...]
    width: float
    height: float


def lay_out(sizes: list[tuple[float, float]], arrows: list[tuple[int, int]]) -> Layout:
    """Place boxes of these widths and heights; arrows name them by their numbers."""
    places = [Place(*size) for size in sizes]
    forward = _without_circles(len(sizes), arrows)
    _set_layers(places, forward)
    layers: list[list[Place]] = [
        [] for _ in range(max((one.layer for one in places), default=0) + 1)
    ]
    for place in places:
        layers[place.layer].append(place)
    ways = [_way(places, layers, one) for one in forward]
    for _ in range(_SWEEPS // 2):
        _order(layers, is_down=True)
        _order(reversed(layers), is_down=False)
    for layer in layers:
        _move(layer, [place.x for place in layer])
    for number in range(_SWEEPS):
        for layer in layers if number % 2 == 0 else reversed(layers):
            _move(layer, [_wanted(place, number) for place in layer])
    width, height = _settle(layers)
    turned = [
        way if one == arrow else way[::-1]
        for way, one, arrow in zip(ways, forward, arrows, strict=True)
    ]
    return Layout(tuple(places), tuple(turned), width, height)


def _without_circles(count: int, arrows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The arrows, with those turned round that lead back to where a search came from."""
    following: list[list[int]] = [[] for _ in range(count)]
    for start, end in arrows:
        following[start].append(end)
    state = [0] * count
    back: set[tuple[int, int]] = set()
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        path = [(root, iter(following[root]))]
        while path:
            one = next(path[-1][1], None)
            if one is None:
                state[path.pop()[0]] = 2
            elif state[one] == 1:
                back.add((path[-1][0], one))
            elif not state[one]:
                state[one] = 1
                path.append((one, iter(following[one])))
    return [(end, start) if (start, end) in back else (start, end) for start, end in arrows]


def _set_layers(places: list[Place], arrows: list[tuple[int, int]]) -> None:
    """Each box below all that it needs; what needs nothing right above what it is for."""
    following: list[list[int]] = [[] for _ in places]
    missing = [0] * len(places)
    for start, end in arrows:
        following[start].append(end)
        missing[end] += 1
    roots = [number for number, count in enumerate(missing) if not count]
    todo = list(roots)
    while todo:
        one = todo.pop()
        for end in following[one]:
            places[end].layer = max(places[end].layer, places[one].layer + 1)
            missing[end] -= 1
            if not missing[end]:
                todo.append(end)
    for root in roots:
        if following[root]:
            places[root].layer = min(places[end].layer for end in following[root]) - 1


def _way(
    places: list[Place], layers: list[list[Place]], arrow: tuple[int, int]
) -> tuple[Place, ...]:
    start, end = places[arrow[0]], places[arrow[1]]
    way = [start]
    if end.layer - start.layer <= _LONGEST:
        for number in range(start.layer + 1, end.layer):
            thread = Place(_THREAD, 0.0, number)
            layers[number].append(thread)
            way.append(thread)
    way.append(end)
    for one, other in pairwise(way):
        if other.layer == one.layer + 1:
            one.below.append(other)
            other.above.append(one)
    return tuple(way)


def _order(layers: Iterable[list[Place]], *, is_down: bool) -> None:
    """Sort each layer by the mean place of the neighbours in the layer before it."""
    for layer in layers:
        for at, place in enumerate(layer):
            neighbours = place.above if is_down else place.below
            place.at = sum(one.x for one in neighbours) / len(neighbours) if neighbours else at
        layer.sort(key=lambda one: one.at)
        for at, place in enumerate(layer):
            place.x = float(at)


def _wanted(place: Place, number: int) -> float:
    """Where a place would like to be: between its neighbours of one side, at last of both."""
    sides = place.above if number % 2 == 0 else place.below
    if number >= _SWEEPS - 2:
        sides = place.above + place.below
    return sum(one.x for one in sides) / len(sides) if sides else place.x


def _move(layer: list[Place], wanted: list[float]) -> None:
    """Move the places of a layer as near as can be to where they want, in order and apart.

    Places that come too near to each other are moved as one block (least squares).
    """
    blocks: list[tuple[float, int]] = []
    offsets = []
    offset = 0.0
    for number, place in enumerate(layer):
        if number:
            offset += (layer[number - 1].width + place.width) / 2 + GAP
        offsets.append(offset)
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, many = blocks.pop()
            total, count = total + before, count + many
        blocks.append((total, count))
    at = 0
    for total, count in blocks:
        for _ in range(count):
            layer[at].x = total / count + offsets[at]
            at += 1


def _settle(layers: list[list[Place]]) -> tuple[float, float]:
    """Give every layer its height, and move all to the corner; the size of the whole."""
    everything = [one for layer in layers for one in layer]
    left = min((one.x - one.width / 2 for one in everything), default=0.0)
    y = MARGIN
    for layer in layers:
        height = max((one.height for one in layer), default=0.0)
        for one in layer:
            one.x = round(one.x - left + MARGIN, 1)
            one.y = round(y + height / 2, 1)
        y += height + LAYER_GAP
    right = max((one.x + one.width / 2 for one in everything), default=0.0)
    return round(right + MARGIN), round(y - LAYER_GAP + MARGIN)
