"""Edits of whole instructions, which rules make their fixes of."""

from __future__ import annotations

import re

from dflint.cst.parser.logical_lines import SPACE
from dflint.lint.suppress import suppressions_in
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document

#: A comment line within an instruction, its indentation and its line end included.
_COMMENT = LazyPattern(r"^[ \t]*+#[^\n]*+(?:\n|\Z)", re.MULTILINE)


def extent(instruction: Instruction) -> Span:
    """The lines of an instruction from its keyword to its last heredoc, the line end included.

    What stands above it (blank lines, comments) is left out, its indentation is not.
    """
    line = instruction.line
    start = line.source.rfind("\n", 0, line.start) + 1
    return Span(max(start, line.above), line.stop)


def newline_of(instruction: Instruction) -> str:
    """What ends the lines of an instruction: a line feed, perhaps with a carriage return."""
    line = instruction.line
    end = line.source.find("\n", line.start)
    end = line.source.find("\n") if end < 0 else end
    return "\r\n" if end > 0 and line.source[end - 1] == "\r" else "\n"


def comments_within(instruction: Instruction) -> list[str]:
    """The comment lines between the physical lines of an instruction, each with its line end."""
    line = instruction.line
    found: list[str] = []
    for (_, first), (_, second) in zip(line.pieces, line.pieces[1:], strict=False):
        gap = line.source[line.source.find("\n", first) + 1 : second]
        found += _COMMENT.get().findall(gap)
    return found


def removal(doc: Document, instruction: Instruction) -> Edit | None:
    """The removal of an instruction, that leaves the comments above it and within it behind.

    None where a comment silences rules in it: that would then speak of another instruction.
    """
    whole = Span(instruction.line.above, instruction.line.stop)
    for one in suppressions_in(doc.tree, doc.text):
        if whole.contains(one.span) and one.reach == whole:
            return None
    kept = "".join(comment.lstrip(" \t") for comment in comments_within(instruction))
    return Edit(extent(instruction), kept)


def replacement(doc: Document, instruction: Instruction, text: str) -> Edit:
    """An instruction, from its keyword to the end of its arguments, written anew.

    The comments within it are put above it.
    """
    line = instruction.line
    above = "".join(comment.lstrip(" \t") for comment in comments_within(instruction))
    span = doc.core(instruction)
    if above:
        return Edit(Span(extent(instruction).start, span.end), above + text)
    return Edit(Span(line.start, span.end), text)


def insertion_below(instruction: Instruction, text: str) -> Edit:
    """A new instruction below another one; `text` is without a line end."""
    line = instruction.line
    newline = newline_of(instruction)
    if line.stop and line.source[line.stop - 1] == "\n":
        return Edit.insertion(line.stop, text + newline)
    return Edit.insertion(line.stop, newline + text)


def is_spread(instruction: Instruction) -> bool:
    """Whether an instruction takes several physical lines."""
    return len(instruction.line.pieces) > 1


def trimmed(text: str) -> str:
    """The text without what a builder takes for white space at its ends."""
    return text.strip(SPACE)
