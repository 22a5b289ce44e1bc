"""Parses a later version of a text: what is written as before is not read again."""

from __future__ import annotations

from dflint.cst.dockerfile import Dockerfile
from dflint.cst.instructions import take_readings
from dflint.cst.parser.build import begin, end, instruction_on
from dflint.cst.parser.logical_lines import logical_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction

#: So many instructions that were there are passed over when one of the new text is none of them.
_FARTHEST = 2


def parse_again(text: str, before: Dockerfile) -> Dockerfile:
    """The tree that `parse` makes of a text, by the help of the tree of an earlier version.

    The trees share no node. Readings that were asked for are in both.
    """
    bom, directives, escape, at = begin(text)
    known = before.instructions
    instructions: list[Instruction] = []
    fresh: list[Instruction] = []
    passed: list[Instruction] = []
    next_known, count = 0, len(known)
    while True:
        found = next_known
        # By far the most are the next one.
        if found < count and not known[found].line.is_in(text, at, escape):
            found = _find(text, at, known, found + 1, escape)
        if found < count:
            passed += known[next_known:found]
            instruction = known[found].moved(text, at)
            next_known = found + 1
        else:
            line = next(logical_lines(text, at, escape), None)
            if line is None:
                break
            instruction = instruction_on(line)
            fresh.append(instruction)
        instructions.append(instruction)
        at = instruction.line.stop
    if fresh:
        take_readings((*passed, *known[next_known:]), fresh)
    return end(text, at, bom, directives, instructions)


def _find(text: str, at: int, known: tuple[Instruction, ...], start: int, escape: str) -> int:
    """The first of the next known instructions that stands at an offset as it stood.

    Without one it is the number of all.
    """
    for number, instruction in enumerate(known[start : start + _FARTHEST], start):
        if instruction.line.is_in(text, at, escape):
            return number
    return len(known)
