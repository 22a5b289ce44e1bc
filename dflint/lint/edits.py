"""Edits of whole instructions, which rules make their fixes of."""

from __future__ import annotations

import re

from dflint.lint.suppress import suppressions_in
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document

#: A comment line within an instruction, its indentation and its line end included.
_COMMENT = LazyPattern(r"^[^\S\n]*+#[^\n]*+(?:\n|\Z)", re.MULTILINE)

#: Instructions of which the last one of a stage counts.
_SINGLE = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "MAINTAINER", "STOPSIGNAL")


def extent(instruction: Instruction) -> Span:
    """The lines of an instruction from its keyword to its last heredoc, the line end included.

    What stands above it (blank lines, comments) is left out, its indentation is not.
    """
    line = instruction.line
    start = line.source.rfind("\n", 0, line.start) + 1
    return Span(max(start, line.above), line.stop)


def comments_start(instruction: Instruction) -> int:
    """Where the comment lines right above an instruction begin, or its own without any."""
    line, at = instruction.line, extent(instruction).start
    while at > line.above:
        row = line.source.rfind("\n", 0, at - 1) + 1
        if row < line.above or not line.source[row:at].lstrip(" \t").startswith("#"):
            break
        at = row
    return at


def newline_of(instruction: Instruction) -> str:
    """What ends the lines of an instruction: a line feed, perhaps with a carriage return."""
    line = instruction.line
    end = line.source.find("\n", line.start)
    end = line.source.find("\n") if end < 0 else end
    return "\r\n" if end > 0 and line.source[end - 1] == "\r" else "\n"


def comments_within(instruction: Instruction) -> list[str]:
    """The comment lines between the physical lines of an instruction, each with its line end."""
    pieces = instruction.line.pieces
    return comments_in(instruction, Span(pieces[0][1], pieces[-1][1]))


def comments_in(instruction: Instruction, span: Span) -> list[str]:
    """The same, of the lines that lie between the ends of a span only."""
    line = instruction.line
    found: list[str] = []
    for (_, first), (_, second) in zip(line.pieces, line.pieces[1:], strict=False):
        begin = line.source.find("\n", first) + 1
        if span.start <= begin and second <= span.end:
            found += _COMMENT.get().findall(line.source[begin:second])
    return found


def has_suppression(doc: Document, instruction: Instruction) -> bool:
    """Whether a comment above an instruction or in it silences rules for it."""
    whole = Span(instruction.line.above, instruction.line.stop)
    return any(
        whole.contains(one.span) and one.reach == whole
        for one in suppressions_in(doc.tree, doc.text)
    )


def removal(doc: Document, instruction: Instruction, parts: bool = True) -> Edit | None:
    """The removal of an instruction, that leaves the comments above it and within it behind.

    A blank line `parts` those from what follows, but for what stands in its place; of two blank
    lines that meet one goes. None where a comment silences rules in the instruction: that would
    then speak of another one.
    """
    if has_suppression(doc, instruction):
        return None
    span, source = extent(instruction), instruction.line.source
    kept = "".join(comment.lstrip() for comment in comments_within(instruction))
    above = source[instruction.line.above : span.start].rpartition("\n")[0].rpartition("\n")[2]
    below = source[span.end : source.find("\n", span.end) + 1]
    words = below.upper().split(None, 1)
    if parts and words and (kept or above.lstrip(" \t").startswith("#")):
        is_succeeded = words[0] == instruction.KEYWORD in _SINGLE
        kept += "" if is_succeeded else newline_of(instruction)
    return Edit(span if kept else _with_gap(instruction, span.start), kept)


def removal_to(instruction: Instruction, target: Instruction) -> list[Edit]:
    """The removal of an instruction whose comments, above it and within it, go above another."""
    start = comments_start(instruction)
    rows = [
        instruction.line.source[start : extent(instruction).start],
        *comments_within(instruction),
    ]
    kept = "".join(comment.lstrip(" \t") for comment in rows)
    above = [Edit.insertion(extent(target).start, kept)] if kept else []
    return [*above, Edit(_with_gap(instruction, start), "")]


def _with_gap(instruction: Instruction, start: int) -> Span:
    """The lines from `start` to an instruction's end, with the empty one above if one is below."""
    line = instruction.line
    source, stop = line.source, line.stop
    row = max(source.rfind("\n", 0, max(start - 1, 0)) + 1, line.above)
    if row < start and not source[row:start].strip():
        below = source.find("\n", stop)
        if not source[stop : below if below >= 0 else len(source)].strip():
            return Span(row, stop)
    return Span(start, stop)


def replacement(doc: Document, instruction: Instruction, text: str) -> Edit:
    """An instruction, from its keyword to the end of its arguments, written anew.

    The comments within it are put above it.
    """
    line = instruction.line
    above = "".join(comment.lstrip() for comment in comments_within(instruction))
    span = doc.core(instruction)
    if above:
        start = extent(instruction).start
        return Edit(Span(start, span.end), above + line.source[start : line.start] + text)
    return Edit(Span(line.start, span.end), text)


def comments_lifted(instruction: Instruction, span: Span) -> tuple[Edit, ...]:
    """The insertion, above an instruction, of the comments that are lost with a span of it."""
    lost = "".join(comment.lstrip() for comment in comments_in(instruction, span))
    return (Edit.insertion(extent(instruction).start, lost),) if lost else ()


def insertion_above(instruction: Instruction, text: str) -> Edit:
    """A new instruction right above another one; `text` is without a line end."""
    return Edit.insertion(extent(instruction).start, text + newline_of(instruction))


def moved_below(doc: Document, instruction: Instruction, target: Instruction) -> list[Edit] | None:
    """An instruction put behind another one, with the comments right above it.

    An empty line stands above those where one did. None where a comment silences rules for one of
    the two, or the file ends without a line end.
    """
    line, source = instruction.line, doc.text
    if has_suppression(doc, instruction) or has_suppression(doc, target):
        return None
    above = source[line.above : line.start]
    start = line.above
    for row in above.splitlines(keepends=True):
        if row.strip():
            break
        start += len(row) if row.endswith("\n") else 0
    text = source[start : line.stop]
    if not text.endswith("\n") or source[target.line.stop - 1] != "\n":
        return None
    if start > line.above and text.lstrip(" \t").startswith("#"):
        text = newline_of(instruction) + text
    return [Edit(_with_gap(instruction, start), ""), Edit.insertion(target.line.stop, text)]


def is_unfinished(instruction: Instruction) -> bool:
    """Whether an instruction ends in a continuation, at the end of the file or an empty line."""
    line = instruction.line
    return len(line.pieces) > 1 and not line.source[line.pieces[-1][1] : line.end].strip()


def insertion_below(instruction: Instruction, text: str) -> Edit:
    """A new instruction below another one; `text` is without a line end.

    A continuation at the end of the file, which nothing follows, goes: it would go on here.
    """
    line = instruction.line
    newline = newline_of(instruction)
    pieces = line.pieces
    if is_unfinished(instruction):
        close = line.source.find("\n", pieces[-2][1])
        last = line.source[pieces[-2][1] : close if close >= 0 else len(line.source)].rstrip()
        start = pieces[-2][1] + len(last[:-1].rstrip(" \t"))
        return Edit(Span(start, pieces[-2][1] + len(last)), newline + text)
    if line.stop and line.source[line.stop - 1] == "\n":
        return Edit.insertion(line.stop, text + newline)
    return Edit.insertion(line.stop, newline + text)


def flag_removal(doc: Document, instruction: Instruction, name: str) -> Edit:
    """The removal of the first flag of that name, with the blanks behind it."""
    span = doc.flag(instruction, name)
    end = span.end
    while doc.text[end : end + 1] in (" ", "\t"):
        end += 1
    return Edit(Span(span.start, end), "")


def comment_above(instruction: Instruction, start: int) -> list[Edit]:
    """What stands from `start` to the end of an instruction of one line, as a line above it."""
    line = instruction.line
    comment = line.source[start : line.end].rstrip("\r")
    kept = line.source[line.start : start].rstrip(" \t")
    return [
        Edit.insertion(line.start, comment + newline_of(instruction)),
        Edit(Span(line.start + len(kept), start + len(comment)), ""),
    ]


def parted_at(instruction: Instruction, end: int, start: int) -> Edit | None:
    """An instruction made two of the same kind: one up to `end`, another from `start` on.

    The comments between the two stand above the second.
    """
    source = instruction.line.source
    rows = source[end:start].split("\n")
    comments = [row.strip() for row in rows if row.lstrip(" \t").startswith("#")]
    if "".join(comments).count("#") != source[end:start].count("#"):
        return None
    newline = newline_of(instruction)
    keyword = instruction.line.text[: instruction.reading.head.keyword_end]
    return Edit(Span(end, start), newline.join(("", *comments, f"{keyword} ")))


def word_removal(instruction: Instruction, word: Span) -> Edit | None:
    """The removal of a word of an instruction, behind its keyword, that others follow.

    The blanks before it go too; a line that held nothing else goes all.
    """
    line = instruction.line
    source, escape = line.source, line.escape
    start, end = word.start, word.end
    begin = source.rfind("\n", 0, start) + 1
    close = source.find("\n", end)
    if close < 0 or close > line.end:
        close = line.end
    rest = source[end:close]
    if source[max(begin, line.start) : start].strip(" \t"):
        while source[start - 1] in " \t":
            start -= 1
        return Edit(Span(start, end), "")
    if rest.strip(" \t\r") == escape:
        return Edit(Span(begin, close + 1), "")
    if not rest.strip(" \t\r"):
        return None
    return Edit(Span(start, end + len(rest) - len(rest.lstrip(" \t"))), "")


def is_spread(instruction: Instruction) -> bool:
    """Whether an instruction takes several physical lines."""
    return len(instruction.line.pieces) > 1
