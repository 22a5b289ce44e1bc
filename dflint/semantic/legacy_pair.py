"""The legacy form of ENV and LABEL: a key, a blank, and the rest of the line as the value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Arg, Instruction


def legacy_pair(instruction: Instruction) -> tuple[str, str] | None:
    """Give key and value of an ENV or LABEL in the legacy form; None for `key=value` pairs."""
    words = instruction.line.text.split(None, 2)
    if len(words) < 3 or "=" in words[1]:
        return None
    arguments = instruction.reading.arguments
    if len(arguments) != 3 or arguments[2]:
        return None
    return arguments[0], arguments[1]


def begins_with_sign(value: str) -> bool:
    """Tell whether a legacy value begins with the `=` that was meant as the separator."""
    return value.startswith("=") and not value.startswith("==")


def split_defaults(instruction: Arg) -> list[int]:
    """Find the words `name=` of an ARG that a blank parts from their default.

    The word behind must be no possible name: `ARG a= b` may well declare two arguments.
    """
    if "= " not in instruction.line.text and "=\t" not in instruction.line.text:
        return []
    words = instruction.reading.arguments
    return [
        at
        for at, word in enumerate(words[:-1])
        if word.find("=") == len(word) - 1
        and "=" not in words[at + 1]
        and not words[at + 1].isidentifier()
    ]
