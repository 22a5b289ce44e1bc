"""Edits that make an exec form of what is nearly one."""

from __future__ import annotations

from dflint.lint.edits import comments_in
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.array_repair import Piece


def piece_edits(
    doc: Document, instruction: Instruction, start: int, pieces: list[Piece] | None
) -> list[Edit] | None:
    """Edits of the pieces of a text that is at `start` of the instruction's joined text.

    None where a comment stands within one of them.
    """
    edits: list[Edit] = []
    line = instruction.line
    for begin, end, text in pieces or ():
        span = doc.place(instruction, start + begin, start + end)
        if begin == end:
            at = line.offset(start) if begin == 0 else line.offset_after(start + begin)
            span = Span(at, at)
        if comments_in(instruction, span):
            return None
        edits.append(Edit(span, text))
    return edits or None
