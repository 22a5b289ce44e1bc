"""What is laid out while somebody types: the lines that continue an instruction."""

from __future__ import annotations

from bisect import bisect_right

from dflint.cst.instructions import keywords
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint_lsp.documents import DocumentVersion

NEWLINE = "\n"
_BLANKS = " \t"


def on_type_edits(version: DocumentVersion, offset: int, typed: str, indent: str) -> list[Edit]:
    """What follows from a character typed in front of an offset.

    Behind a line end, the new line is indented if it continues an instruction: as the line above
    if that is a continuation itself, else by one level. Behind an escape character at the end of
    a line, the next line is indented if it is not an instruction of its own. Nothing happens in
    comments and heredocs.
    """
    line = version.lines.line_of(offset)
    if typed == NEWLINE:
        return _after_newline(version, line, indent)
    if typed != version.document.tree.escape:
        return []
    span = version.lines.line_span(line)
    if version.text[offset : span.end].strip(_BLANKS) or _owner(version, span.start) is None:
        return []
    return _indented(version, line + 1, indent)


def _after_newline(version: DocumentVersion, line: int, indent: str) -> list[Edit]:
    if line == 0:
        return []
    lines, text = version.lines, version.text
    above = lines.line_span(line - 1)
    escape = version.document.tree.escape
    is_continued = above.slice(text).rstrip(_BLANKS).endswith(escape)
    owner = _owner(version, above.start)
    if not is_continued or owner is None:
        return []
    start = version.document.core(owner).start
    if lines.line_of(start) < line - 1:
        written = above.slice(text)
        indent = written[: len(written) - len(written.lstrip(_BLANKS))] or indent
    here = lines.line_span(line)
    rest = here.slice(text)
    blanks = len(rest) - len(rest.lstrip(_BLANKS))
    if rest[:blanks] == indent:
        return []
    return [Edit(Span(here.start, here.start + blanks), indent)]


def _indented(version: DocumentVersion, line: int, indent: str) -> list[Edit]:
    """What indents a line that now continues an instruction and stands at the margin."""
    span = version.lines.line_span(line)
    written = span.slice(version.text)
    if not written.strip(_BLANKS) or written[0] in _BLANKS or written.startswith("#"):
        return []
    if written.split()[0].upper() in keywords():
        return []
    return [Edit.insertion(span.start, indent)]


def _owner(version: DocumentVersion, offset: int) -> Instruction | None:
    """The instruction that the line at an offset belongs to; no comment, no heredoc body."""
    document = version.document
    line = version.lines.line_span(version.lines.line_of(offset))
    if line.slice(version.text).lstrip(_BLANKS).startswith("#"):
        return None
    instructions = document.instructions
    at = bisect_right(instructions, line.end, key=lambda one: document.core(one).start) - 1
    if at < 0 or line.start > document.core(instructions[at]).end:
        return None
    return instructions[at]
