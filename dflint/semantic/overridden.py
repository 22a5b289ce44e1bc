"""Instructions of which only the last one in a stage counts: CMD, ENTRYPOINT, HEALTHCHECK."""

from __future__ import annotations

from dflint.cst.instructions import From, OnBuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction


def overridden(
    tree: Dockerfile, kind: type[Instruction]
) -> Iterator[tuple[Instruction, Instruction]]:
    """Find each instruction of a class that has no effect, and the one that counts instead.

    Triggers (`ONBUILD CMD`) replace one another in the image that is built on this one, and
    nothing here. A stage may replace what its base stage has set, triggers included. What stands
    before the first FROM is in no stage; a text without FROM is read as a part of one.
    """
    own: list[Instruction] = []
    triggers: list[Instruction] = []
    in_stage = not any(isinstance(instruction, From) for instruction in tree.instructions)
    for instruction in tree.instructions:
        if isinstance(instruction, From):
            yield from _replaced(own)
            yield from _replaced(triggers)
            own, triggers, in_stage = [], [], True
        elif not in_stage:
            continue
        elif isinstance(instruction, kind):
            own.append(instruction)
        elif isinstance(instruction, OnBuild) and is_trigger_of(instruction, kind):
            triggers.append(instruction)
    yield from _replaced(own)
    yield from _replaced(triggers)


def is_trigger_of(instruction: OnBuild, kind: type[Instruction]) -> bool:
    """Tell whether the trigger of an ONBUILD is an instruction of the class."""
    trigger = instruction.reading.trigger
    return trigger is not None and trigger.keyword == kind.KEYWORD.lower()


def keyword_place(instruction: Instruction) -> tuple[int, int]:
    """Give the keyword's place in the joined text; ONBUILD's goes on to the trigger's keyword."""
    trigger = instruction.reading.trigger
    head = instruction.reading.head if trigger is None else trigger.head
    return 0, head.keyword_end


def _replaced(same: list[Instruction]) -> Iterator[tuple[Instruction, Instruction]]:
    return ((instruction, same[-1]) for instruction in same[:-1])
