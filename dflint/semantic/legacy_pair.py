"""The legacy form of ENV and LABEL: a key, a blank, and the rest of the line as the value."""

from __future__ import annotations

from dflint.cst.parser.head import split_words
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Arg, Instruction

#: The beginning of a pair.
_PAIR = LazyPattern(r"[\w.\"'/-]*\w[\"']?=")


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


def swallows_pairs(instruction: Instruction) -> bool:
    """Tell whether the value of a legacy pair seems to have other pairs in it.

    They are all words behind the first one, or one stands at the beginning of a line.
    """
    line = instruction.line
    start = instruction.reading.places[1][0]
    if line.text.find("=", start) < 0:
        return False
    pair = _PAIR.get()
    if any(pair.match(line.text[begin:].lstrip()) for begin, _ in line.pieces if begin > start):
        return True
    others = split_words(line.text, start, len(line.text), line.escape)[1:]
    return bool(others) and all(pair.match(line.text, begin, end) for begin, end in others)
