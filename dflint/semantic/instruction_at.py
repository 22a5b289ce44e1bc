"""The instruction that a place in the source belongs to."""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction


def index_at(tree: Dockerfile, offset: int) -> int:
    """Find the index of the instruction at a source offset: the last that begins before it.

    The comments above an instruction are a part of it. What stands above the first instruction
    belongs to the first.
    """
    after = bisect_right(tree.instructions, offset, key=lambda one: one.line.above)
    return max(after - 1, 0)


def instruction_at(tree: Dockerfile, offset: int) -> Instruction:
    """Find the instruction at a source offset, of a file that has one."""
    return tree.instructions[index_at(tree, offset)]


def place_at(instruction: Instruction, offset: int) -> int:
    """Find the place in the joined text of a source offset within an instruction."""
    place = 0
    for begin, source in instruction.line.pieces:
        if source > offset:
            break
        place = begin + offset - source
    return min(place, len(instruction.line.text))
