"""Instructions put above others, and above the comments that speak of those."""

from __future__ import annotations

from dflint.lint.edits import extent, newline_of
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction


def insertion_above_comments(instruction: Instruction, text: str) -> Edit:
    """A new instruction above another one and the comments right above it; without a line end."""
    source, at = instruction.line.source, extent(instruction).start
    while at > instruction.line.above:
        start = source.rfind("\n", 0, at - 1) + 1
        if start < instruction.line.above or not source[start:at].lstrip(" \t").startswith("#"):
            break
        at = start
    return Edit.insertion(at, text + newline_of(instruction))
