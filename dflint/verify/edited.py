"""Which instructions a fix edited."""

from __future__ import annotations

from bisect import bisect_right

from dflint.cst.instructions import (
    Arg,
    Cmd,
    Entrypoint,
    From,
    HealthCheck,
    OnBuild,
    Run,
    Shell,
)
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
        "is_nothing",
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
        readings = _Readings(before, after)
        pairs = align(ones, others, readings.are_equal, readings.hash)
        changed = set(ones) - {ones[at] for at, _ in pairs}
        new = set(others) - {others[at] for _, at in pairs}
        #: Whether a builder reads the same instructions in both.
        self.is_nothing = not changed and not new
        #: Edited, or gone; edited, or new.
        self.before = touched(changed, before_spans)
        self.after = touched(new, after_spans)
        #: What differs although it was not to be edited.
        self.others = (changed - self.before) | (new - self.after)
        #: Of these, what may become anything.
        self.free_before = touched(changed, free[0])
        self.free_after = touched(new, free[1])
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


#: The instructions that decide which shell reads a RUN.
_OF_SHELLS = frozenset((Arg, From, Shell))
#: Those that hold, or may hold, what a shell reads.
_OF_COMMANDS = frozenset((Run, Cmd, Entrypoint, HealthCheck, OnBuild))


class _Readings:
    """What a builder reads of each instruction of two documents, to compare.

    What is written alike under the same shell is read alike; the rest is read when it is asked for.
    """

    def __init__(self, before: Document, after: Document) -> None:
        self._documents = before, after
        self._of_before: frozenset[Instruction] | None = None
        self._keys: dict[Instruction, tuple[object, ...]] = {}
        self._hashes: dict[str, int] = {}
        self._has_same_shells = _shells(before) == _shells(after)

    def are_equal(self, one: Instruction, other: Instruction) -> bool:
        """Whether a builder reads the same of both."""
        if self._has_same_shells and is_written_alike(one, other):
            return True
        return self._key(one) == self._key(other)

    def hash(self, instruction: Instruction) -> int:
        """The same number for all that are equal."""
        if instruction.line.markers:
            return hash(self._key(instruction))
        text = instruction.line.text
        found = self._hashes.get(text)
        if found is None:
            found = self._hashes[text] = hash(self._key(instruction))
        return found

    def _key(self, instruction: Instruction) -> tuple[object, ...]:
        found = self._keys.get(instruction)
        if found is None:
            dialect = self._dialect(instruction) if type(instruction) in _OF_COMMANDS else ""
            found = reading_key(instruction, instruction.reading, dialect)
            self._keys[instruction] = found
        return found

    def _dialect(self, instruction: Instruction) -> str:
        before, after = self._documents
        if self._of_before is None:
            self._of_before = frozenset(before.instructions)
        model = (before if instruction in self._of_before else after).model
        stage = model.stage_of(instruction)
        state = model.state_before(instruction)
        image = stage.image if stage is not None else ""
        return dialect_of(state.shell, state.os_family, image).value


def _shells(document: Document) -> list[str]:
    """What decides which shell reads each RUN, as it is written."""
    return [one.line.text for one in document.instructions if type(one) in _OF_SHELLS]


def is_written_alike(one: Instruction, other: Instruction) -> bool:
    """Whether two instructions have the same text, and no heredocs."""
    mine, theirs = one.line, other.line
    return (
        mine.text == theirs.text
        and type(one) is type(other)
        and mine.escape == theirs.escape
        and not mine.markers
        and not theirs.markers
    )


def touched(instructions: set[Instruction], spans: Iterable[Span] | None) -> set[Instruction]:
    """Those of the instructions that one of the spans touches; all of them without spans."""
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
