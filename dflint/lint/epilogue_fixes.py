"""What says how an image behaves, put at the end of its stage."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import is_unfinished, newline_of
from dflint.lint.fix import Fix
from dflint.lint.markup import MARKUP
from dflint.lint.suppress import suppressions_in
from dflint.semantic.epilogue import Epilogue, needs_order, order_of
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage


class _Part:
    """An instruction with the comments right above it, and how much is blank above those.

    `is_alone` tells that nothing else stands between it and the instruction before.
    """

    __slots__ = ("blank", "is_alone", "span", "start")

    def __init__(self, instruction: Instruction) -> None:
        line = instruction.line
        above = line.source[line.above : line.start]
        rows = above[: above.rfind("\n") + 1].splitlines(keepends=True)
        start = line.above + sum(map(len, rows))
        while rows and rows[-1].strip():
            start -= len(rows.pop())
        blank = start
        while rows and not rows[-1].strip():
            blank -= len(rows.pop())
        self.is_alone = not rows
        self.start = start
        self.blank = line.source[blank:start]
        below = line.source.find("\n", line.stop)
        is_last = not line.source[line.stop : below if below >= 0 else None].strip()
        # One blank line stays where there was one on either side.
        self.span = Span(start - len(self.blank) if self.is_alone and is_last else start, line.stop)


def move_to_end(doc: Document, stage: Stage, instruction: Instruction) -> Fix | None:
    """The fix that puts all that can be moved to the end of a stage, the instruction among it.

    None where that would change what it is, in a file that a builder refuses, in a template,
    and where a comment that speaks of one instruction would speak of another.
    """
    text = doc.text
    if final_refusal(doc.problems, text) or ("dflint:" in text and "format=o" in text):
        return None
    epilogue = Epilogue(stage)
    movable = epilogue.movable()
    if instruction not in movable:
        return None
    parts = {one: _Part(one) for one in (*movable, *epilogue.kept)}
    if any(map(is_unfinished, (*parts, epilogue.end))) or _has_stray(doc, parts):
        return None
    first = min(parts[one].start for one in movable)
    if MARKUP.get().search(text, first, epilogue.end.line.stop) is not None:
        return None
    edits = [Edit(parts[one].span, "") for one in movable]
    edits += _insertions(epilogue, movable, parts)
    scope = None
    if any(map(needs_order, movable)):
        scope = Span(min(one.span.start for one in edits), max(one.span.end for one in edits))
    title = "put what the image starts with at the end of the stage"
    return Fix(title, edits, scope=scope, contract=SAME_IMAGE)


def _insertions(
    epilogue: Epilogue, movable: list[Instruction], parts: dict[Instruction, _Part]
) -> list[Edit]:
    """What is moved, before each of the kept instructions, and behind the last of them."""
    kept = epilogue.kept
    groups: list[list[Instruction]] = [[] for _ in range(len(kept) + 1)]
    for one in movable:
        groups[epilogue.place_of(one)].append(one)
    edits = []
    for group in groups:
        group.sort(key=order_of)
    for one, group in zip(kept, groups, strict=False):
        rows = [(parts[other].blank, _text(other, parts[other])) for other in group]
        if parts[one].blank:  # it stands above them already
            rows = [row[::-1] for row in rows]
        if rows:
            edits.append(Edit.insertion(parts[one].start, "".join(map("".join, rows))))
    text = "".join(parts[other].blank + _text(other, parts[other]) for other in groups[-1])
    if text:
        edits.append(_behind(kept[-1] if kept else epilogue.end, text))
    return edits


def _text(instruction: Instruction, part: _Part) -> str:
    """The lines of a part without the blank ones above it, the last with a line end."""
    text = instruction.line.source[part.start : part.span.end]
    return text if text.endswith("\n") else text + newline_of(instruction)


def _behind(instruction: Instruction, text: str) -> Edit:
    """The insertion of lines below an instruction, with which the file may end."""
    end = instruction.line.stop
    if instruction.line.source[end - 1] == "\n":
        return Edit.insertion(end, text)
    newline = newline_of(instruction)
    return Edit.insertion(end, newline + text.removesuffix(newline))


def _has_stray(doc: Document, parts: dict[Instruction, _Part]) -> bool:
    """Whether a comment silences rules for a part, and is not right above its instruction."""
    strays = [Span(one.line.above, part.start) for one, part in parts.items()]
    comments = suppressions_in(doc.tree, doc.text)
    return any(span.contains(one.span) for one in comments for span in strays)
