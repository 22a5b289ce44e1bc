"""The names of stages as FROM writes them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import From


def written_name(instruction: From) -> str:
    """Give the name behind `AS`, as it is written; empty when there is none."""
    arguments = instruction.reading.arguments
    if len(arguments) == 3 and arguments[1].lower() == "as":
        return arguments[2]
    return ""
