"""Edits of the pairs of ENV, LABEL and ARG, which several rules make."""

from __future__ import annotations

from dflint.lint.edits import comments_in, comments_lifted, has_suppression
from dflint.lint.fix import Fix
from dflint.semantic.pair_writing import pair_pieces
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document


def equals_fix(
    doc: Document, instruction: Instruction, key: tuple[int, int], value: int
) -> Fix | None:
    """The fix that these edits make, for a pair without a sign."""
    edits = equals_edits(doc, instruction, key, value)
    scope = doc.core(instruction)
    return None if edits is None else Fix("write the pair with `=`", edits, scope=scope)


def equals_edits(
    doc: Document, instruction: Instruction, key: tuple[int, int], value: int
) -> tuple[Edit, ...] | None:
    """A `=` between a key and the value at `value` of the joined text, which is quoted if need be.

    None where the value would not stay what it is.
    """
    line = instruction.line
    pieces = pair_pieces(line.text, key, value, line.escape)
    if pieces is None:
        return None
    gap = Span(line.offset_after(key[1]), line.offset(value))
    if comments_in(instruction, gap) and has_suppression(doc, instruction):
        return None
    sign, *others = pieces
    text = sign[2]
    if others and others[0][:2] == (value, value):
        text += others.pop(0)[2]
    edits = [Edit(_span(instruction, begin, end), new) for begin, end, new in others]
    return (*comments_lifted(instruction, gap), Edit(gap, text), *edits)


def _span(instruction: Instruction, begin: int, end: int) -> Span:
    """The place of a piece in the source; nothing stands right behind what is before it."""
    line = instruction.line
    if begin == end:
        return Span(line.offset_after(begin), line.offset_after(begin))
    return Span(line.offset(begin), line.offset_after(end))
