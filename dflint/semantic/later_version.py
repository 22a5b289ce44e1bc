"""What a later version of a file changes, if that has no bearing on anything else in it."""

from __future__ import annotations

from dflint.cst.instructions import Add, Cmd, Copy, Entrypoint, Env, From, Label, Maintainer, Run
from dflint.semantic.expansion import EXPANDED, needs_expansion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction

#: The instructions that neither set what others see nor change the state.
_ALONE = frozenset((Add, Cmd, Copy, Entrypoint, Label, Maintainer, Run))


def changed(before: Dockerfile, after: Dockerfile) -> list[Instruction] | None:
    """The instructions of a later version that are written otherwise, each in another's place.

    None where one of them may bear on anything, or what has no place in its line may differ.
    """
    found = []
    ones, others = before.instructions, after.instructions
    if len(ones) != len(others) or not _has_directives_of(before, after):
        return None
    for one, other in zip(ones, others, strict=True):
        if type(one) is type(other) and one.line.is_read_as(other.line):
            continue
        has_bodies = one.line.markers or other.line.markers
        if has_bodies or not _means_the_same(one, other):
            return None
        found.append(other)
    return found


def _has_directives_of(before: Dockerfile, after: Dockerfile) -> bool:
    """Whether two versions begin with the same directives."""
    ones, others = before.directives, after.directives
    return not (ones or others) or [one.code for one in ones] == [one.code for one in others]


def _means_the_same(one: Instruction, other: Instruction) -> bool:
    """Whether it is certain that two instructions mean the same to others, in the same place.

    They use the same variables, too.
    """
    mine, theirs = type(one), type(other)
    ones, others = one.reading.arguments, other.reading.arguments
    if mine in _ALONE and theirs in _ALONE:
        is_json = one.reading.is_json or other.reading.is_json
        if ones == others and not is_json and (mine in EXPANDED) is (theirs in EXPANDED):
            return True
        return not (
            (mine in EXPANDED and needs_expansion(one))
            or (theirs in EXPANDED and needs_expansion(other))
        )
    if mine is Env and theirs is Env:
        return ones[::3] == others[::3] and ones[1::3] == others[1::3]
    # The case of `AS` and of the name behind it means nothing.
    return (
        mine is From
        and theirs is From
        and one.reading.flags == other.reading.flags
        and ones[:1] == others[:1]
        and [word.lower() for word in ones] == [word.lower() for word in others]
    )
