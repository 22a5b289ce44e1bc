"""Which members of two sequences belong together."""

from __future__ import annotations

from operator import eq

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
    equal: Callable[[Member, Member], bool] = eq,
    key: Callable[[Member], object] = hash,
) -> list[tuple[int, int]]:
    """The indices of members that are equal, ascending in both: a longest common subsequence.

    `key` is the same for all that are equal, and mostly another one for others.
    """
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
        pairs += [(start + one, start + other) for one, other in _middle(first, second, equal, key)]
    pairs += [(len(before) - at, len(after) - at) for at in range(end, 0, -1)]
    return pairs


def _middle(
    before: Sequence[Member],
    after: Sequence[Member],
    equal: Callable[[Member, Member], bool],
    key: Callable[[Member], object],
) -> list[tuple[int, int]]:
    if len(before) == len(after) == 1:
        return []  # they differ, or would not be in the middle
    known: dict[object, list[tuple[Member, int]]] = {}
    ones = [_number(each, known, equal, key) for each in before]
    others = [_number(each, known, equal, key) for each in after]
    common = set(ones) & set(others)  # nothing else can be paired
    first = [at for at, number in enumerate(ones) if number in common]
    second = [at for at, number in enumerate(others) if number in common]
    pairs = _longest([ones[at] for at in first], [others[at] for at in second])
    return [(first[one], second[other]) for one, other in pairs]


def _number(
    member: Member,
    known: dict[object, list[tuple[Member, int]]],
    equal: Callable[[Member, Member], bool],
    key: Callable[[Member], object],
) -> int:
    """A number that equal members share."""
    alike = known.setdefault(key(member), [])
    for other, number in alike:
        if equal(member, other):
            return number
    number = id(member)
    alike.append((member, number))
    return number


def _longest(before: list[int], after: list[int]) -> list[tuple[int, int]]:
    start = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        start += 1
    pairs = [(at, at) for at in range(start)]
    if start < min(len(before), len(after)):
        rest = _longest_of_others(before[start:], after[start:])
        pairs += [(start + one, start + other) for one, other in rest]
    return pairs


def _longest_of_others(before: list[int], after: list[int]) -> list[tuple[int, int]]:
    if len(before) * len(after) > _MOST:
        shortest = min(len(before), len(after))
        return [(at, at) for at in range(shortest) if before[at] == after[at]]
    lengths = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for one in range(len(before) - 1, -1, -1):
        row, below = lengths[one], lengths[one + 1]
        for other in range(len(after) - 1, -1, -1):
            if before[one] == after[other]:
                row[other] = below[other + 1] + 1
            else:
                row[other] = max(below[other], row[other + 1])
    pairs: list[tuple[int, int]] = []
    one = other = 0
    while one < len(before) and other < len(after):
        if before[one] == after[other]:
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
