"""The name that was probably meant by one that is nearly the same."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: With more names than this none is suggested: the search would cost more than it is worth.
MOST_CANDIDATES = 100
_LONGEST = 60


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Find the candidate that is a slip of the pen away from `name`, or None.

    That is one letter added, dropped, changed or swapped with its neighbour; two in names of
    six letters or more, none in names of one or two; the first letter is right. Other case or
    other separators (`-`, `_`) are no difference. The nearest counts, among equals the first.
    """
    known: set[str] = set()
    for candidate in candidates:
        known.add(candidate)
        if len(known) > MOST_CANDIDATES or len(name) > _LONGEST:
            return None
    known.discard(name)
    folded = _folded(name)
    best = None
    limit = 0 if len(folded) < 3 else 1 if len(folded) < 6 else 2
    for candidate in sorted(known):
        other = _folded(candidate)
        if other[:1] != folded[:1]:
            continue
        found = distance(folded, other, limit)
        if found <= limit:
            best, limit = candidate, found - 1
        if limit < 0:
            break
    return best


def distance(one: str, other: str, limit: int) -> int:
    """Count the edits from one text to the other; `limit + 1` stands for all that are more.

    An edit adds, drops or changes a character or swaps two neighbours.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, 1):
        current = [row]
        for column, opposite in enumerate(other, 1):
            cost = above[column - 1] + (character != opposite)
            cost = min(cost, above[column] + 1, current[column - 1] + 1)
            if (
                row > 1
                and column > 1
                and character == other[column - 2]
                and one[row - 2] == opposite
            ):
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, above = above, current
    return min(above[-1], limit + 1)


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
