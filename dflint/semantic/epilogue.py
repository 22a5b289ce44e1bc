"""The end of the last stage, where STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD belong."""

from __future__ import annotations

from dflint.cst.instructions import (
    Arg,
    Cmd,
    Entrypoint,
    Env,
    HealthCheck,
    OnBuild,
    Shell,
    StopSignal,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.stages import Stage

#: What says how the finished image behaves, in the order in which one writes it.
KINDS: tuple[type[Instruction], ...] = (StopSignal, HealthCheck, Entrypoint, Cmd)


class Epilogue:
    """What of a stage says how the image behaves, by where it stands.

    `end` is the last instruction that is anything else, triggers left out, `kept` what stands
    below it and in order, `misplaced` the others. All of them are in the order of the text.
    """

    __slots__ = ("_stage", "end", "kept", "misplaced")

    end: Instruction
    kept: list[Instruction]
    misplaced: list[Instruction]

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.end = stage.from_instruction
        self.kept = []
        self.misplaced = []
        last = 0
        for instruction in stage.instructions[1:]:
            if type(instruction) in KINDS:
                order = order_of(instruction)
                (self.misplaced if order < last else self.kept).append(instruction)
                last = max(last, order)
            elif not isinstance(instruction, OnBuild):
                self.end = instruction
                self.misplaced += self.kept
                self.kept = []
                last = 0
        self.misplaced.sort(key=lambda one: one.line.start)

    def movable(self) -> list[Instruction]:
        """What of the misplaced can go to the end without becoming anything else.

        SHELL decides who reads a shell form, ARG and ENV what a variable in STOPSIGNAL is. Of two
        of a kind the later one counts, and has to stay the later one.
        """
        instructions = self._stage.instructions
        end = instructions.index(self.end) + 1
        found: list[Instruction] = []
        staying: set[type[Instruction]] = set()
        for instruction in reversed(self.misplaced):
            below = instructions[instructions.index(instruction) + 1 : end]
            kind = type(instruction)
            if kind in staying or any(isinstance(one, _barriers(instruction)) for one in below):
                staying.add(kind)
            else:
                found.append(instruction)
        return found[::-1]

    def place_of(self, instruction: Instruction) -> int:
        """Before which of the kept ones an instruction goes; their number for behind them all."""
        order = order_of(instruction)
        for at, one in enumerate(self.kept):
            other = order_of(one)
            if other > order or (other == order and one.line.start > instruction.line.start):
                return at
        return len(self.kept)


def order_of(instruction: Instruction) -> int:
    """Where an instruction of the epilogue stands in the order."""
    return KINDS.index(type(instruction))


def needs_order(instruction: Instruction) -> bool:
    """Whether what stands above an instruction can make it another one."""
    if isinstance(instruction, StopSignal):
        return "$" in instruction.line.text
    return not instruction.reading.is_json


def _barriers(instruction: Instruction) -> tuple[type[Instruction], ...]:
    """The classes of what an instruction cannot be moved across."""
    if not needs_order(instruction):
        return ()
    return (Arg, Env) if isinstance(instruction, StopSignal) else (Shell,)
