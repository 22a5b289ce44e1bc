"""An instruction as a builder reads it, as a value to compare."""

from __future__ import annotations

from dflint.graph.command import Command, reads_blanks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading

_COMMANDS = frozenset(("run", "cmd", "entrypoint", "healthcheck"))


def reading_key(instruction: Instruction, reading: Reading, dialect: str) -> tuple[object, ...]:
    """Keyword, flags, arguments and heredocs; equal for instructions that a builder reads alike.

    `dialect` is the language of the shell. How ENV and LABEL write their pairs does not matter,
    nor does the case of `AS`, of a stage's name, and of HEALTHCHECK's `CMD` and `NONE`.
    """
    arguments: tuple[object, ...] = reading.arguments
    if reading.keyword in ("env", "label"):
        arguments = tuple(reading.pairs)
    elif reading.keyword == "from" and len(arguments) == 3:
        arguments = (reading.arguments[0], *(word.lower() for word in reading.arguments[1:]))
    elif reading.keyword in _COMMANDS and arguments:
        if reading.keyword == "healthcheck":
            arguments = (reading.arguments[0].lower(), *reading.arguments[1:])
        if not reading.is_json and arguments != ("none",):
            text = reading.arguments[-1]
            arguments = (*arguments[:-1], Command((text,), True, reads_blanks(dialect)))
    elif reading.trigger is not None:
        arguments = reading_key(instruction, reading.trigger, dialect)
    elif not arguments and not reading.is_json:
        arguments = (instruction.line.text[reading.head.arguments :],)
    return reading.keyword, reading.flags, reading.is_json, arguments, _heredocs(instruction)


def _heredocs(instruction: Instruction) -> tuple[object, ...]:
    line = instruction.line
    return tuple(
        (marker.name, marker.expand, marker.chomp, line.source[start:end])
        for marker, (start, end, _) in zip(line.markers, line.bodies, strict=True)
    )
