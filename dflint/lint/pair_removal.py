"""The removal of one pair of a LABEL or ENV, with its instruction where there is no other."""

from __future__ import annotations

from dflint.cst.reading import place_span
from dflint.lint.edits import has_suppression, removal
from dflint.lint.overridden_fixes import may_drop
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document


def pair_removal(doc: Document, instruction: Instruction, at: int) -> Edit | None:
    """A pair taken out whose key stands at `at` among the arguments.

    None beside a comment, in a file that a builder refuses, and in what may be a template.
    """
    if not may_drop(doc, instruction):
        return None
    places = [place_span(instruction, place) for place in instruction.reading.places]
    if len(places) <= 3:
        return removal(doc, instruction)
    if at + 3 < len(places):
        gone = Span(places[at].start, places[at + 3].start)
    else:
        gone = Span(places[at - 2].end, places[at + 1].end)
    if "#" in gone.slice(doc.text) or has_suppression(doc, instruction):
        return None
    return Edit(gone, "")
