"""Which members of two sequences belong together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    Member = TypeVar("Member")

#: So many comparisons are made at most; of longer sequences the middle is paired by its order.
_MOST = 200_000


def align(
    before: Sequence[Member],
    after: Sequence[Member],
    equal: Callable[[Member, Member], bool],
) -> list[tuple[int, int]]:
    """The indices of members that are equal, ascending in both: a longest common subsequence."""
    start = 0
    shortest = min(len(before), len(after))
    while start < shortest and equal(before[start], after[start]):
        start += 1
    end = 0
    while end < shortest - start and equal(before[-1 - end], after[-1 - end]):
        end += 1
    pairs = [(at, at) for at in range(start)]
    first, second = before[start : len(before) - end], after[start : len(after) - end]
    if first and second:
        pairs += [(start + one, start + other) for one, other in _middle(first, second, equal)]
    pairs += [(len(before) - at, len(after) - at) for at in range(end, 0, -1)]
    return pairs


def _middle(
    before: Sequence[Member],
    after: Sequence[Member],
    equal: Callable[[Member, Member], bool],
) -> list[tuple[int, int]]:
    if len(before) * len(after) > _MOST:
        shortest = min(len(before), len(after))
        return [(at, at) for at in range(shortest) if equal(before[at], after[at])]
    same = [[equal(one, other) for other in after] for one in before]
    lengths = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for one in range(len(before) - 1, -1, -1):
        for other in range(len(after) - 1, -1, -1):
            if same[one][other]:
                lengths[one][other] = lengths[one + 1][other + 1] + 1
            else:
                lengths[one][other] = max(lengths[one + 1][other], lengths[one][other + 1])
    pairs: list[tuple[int, int]] = []
    one = other = 0
    while one < len(before) and other < len(after):
        if same[one][other]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif lengths[one + 1][other] >= lengths[one][other + 1]:
            one += 1
        else:
            other += 1
    return pairs


def gaps(pairs: list[tuple[int, int]], before: int, after: int) -> list[tuple[range, range]]:
    """The stretches between aligned members, at least one of the two not empty."""
    found: list[tuple[range, range]] = []
    one = other = 0
    for first, second in [*pairs, (before, after)]:
        if one < first or other < second:
            found.append((range(one, first), range(other, second)))
        one, other = first + 1, second + 1
    return found
