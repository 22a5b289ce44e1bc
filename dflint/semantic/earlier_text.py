"""Whether something is said earlier in a stage, or in those that it is built on."""

from __future__ import annotations

from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.stages import Stage

#: What has apt remove packages once they are installed: nothing of where they come from.
_KEEPING = "/etc/apt/apt.conf.d/docker-clean"


def is_mentioned_before(stage: Stage, end: int, text: str, marks: Iterable[str]) -> bool:
    """Whether one of the marks stands in an instruction before the offset `end` of the text.

    The instruction at that place counts up to it.
    """
    known = tuple(marks)
    if not contains_any(text[:end], known):
        return False
    for instruction in earlier_instructions(stage, end):
        before = text[instruction.line.start : min(instruction.line.end, end)]
        if contains_any(before, known) and contains_any(before.replace(_KEEPING, ""), known):
            return True
    return False


def earlier_instructions(stage: Stage, end: int) -> Iterator[Instruction]:
    """The instructions that begin before an offset, of a stage and of those below it."""
    for one in (stage, *stage.ancestors()):
        for instruction in one.instructions:
            if instruction.line.start >= end:
                break
            yield instruction
