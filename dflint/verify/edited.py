"""Which instructions a fix edited."""

from __future__ import annotations

from bisect import bisect_right

from dflint.graph.reading_key import reading_key
from dflint.shell.dialect import dialect_of
from dflint.verify.align import align

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.text.span import Span


class Edited:
    """The instructions of both files that have no equal in the other.

    With spans, those that a span touches: what else differs was not to be edited. `free` are spans
    in either text of what may become anything.
    """

    __slots__ = (
        "after",
        "before",
        "free_after",
        "free_before",
        "free_keywords",
        "is_free",
        "keywords",
        "others",
    )

    def __init__(
        self,
        before: Document,
        after: Document,
        before_spans: Iterable[Span] | None = None,
        after_spans: Iterable[Span] | None = None,
        free: tuple[Collection[Span], Collection[Span]] = ((), ()),
    ) -> None:
        ones, others = before.instructions, after.instructions
        pairs = align(keys(before), keys(after))
        changed = set(ones) - {ones[at] for at, _ in pairs}
        new = set(others) - {others[at] for _, at in pairs}
        #: Edited, or gone; edited, or new.
        self.before = _touched(changed, before_spans)
        self.after = _touched(new, after_spans)
        #: What differs although it was not to be edited.
        self.others = (changed - self.before) | (new - self.after)
        #: Of these, what may become anything.
        self.free_before = _touched(changed, free[0])
        self.free_after = _touched(new, free[1])
        #: The keywords of new and changed instructions by stage, -1 for those before the first.
        self.keywords = _keywords(after, self.after)
        self.is_free = bool(free[0])
        self.free_keywords = _keywords(after, self.free_after)
        for index, words in _keywords(before, self.free_before).items():
            self.free_keywords.setdefault(index, set()).update(words)

    def touches(self, before: Instruction | None, after: Instruction | None) -> bool:
        """Whether a change from one instruction to the other is one of the edits."""
        if before is None and after is None:
            return False
        return (before is None or before in self.before) and (after is None or after in self.after)

    def frees(self, before: Instruction | None, after: Instruction | None) -> bool:
        """Whether the one may become the other, whatever that is."""
        if before is None and after is None:
            return False
        return (before is None or before in self.free_before) and (
            after is None or after in self.free_after
        )


def _keywords(document: Document, instructions: Iterable[Instruction]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for instruction in instructions:
        stage = document.model.stage_of(instruction)
        index = -1 if stage is None else stage.index
        found.setdefault(index, set()).add(instruction.reading.keyword)
    return found


def keys(document: Document) -> list[tuple[object, ...]]:
    """What a builder reads of each instruction, to compare."""
    found: list[tuple[object, ...]] = []
    for instruction in document.instructions:
        stage = document.model.stage_of(instruction)
        state = document.model.state_before(instruction)
        image = stage.image if stage is not None else ""
        dialect = dialect_of(state.shell, state.os_family, image).value
        found.append(reading_key(instruction, instruction.reading, dialect))
    return found


def _touched(instructions: set[Instruction], spans: Iterable[Span] | None) -> set[Instruction]:
    if spans is None:
        return instructions
    starts: list[int] = []
    ends: list[int] = []
    for span in sorted(spans):
        if ends and span.start <= ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        else:
            starts.append(span.start)
            ends.append(span.end)
    found: set[Instruction] = set()
    for one in instructions:
        at = bisect_right(starts, one.line.stop) - 1
        if at >= 0 and ends[at] >= one.line.above:
            found.add(one)
    return found
