"""Which part of a word keeps it from being expanded, and why, in words that say what to do."""

from __future__ import annotations

from dflint.semantic.expand import evaluate_word
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


class ExpansionFault:
    """The part `word[start:end]` that is at fault.

    `demanded` is the name that `${name:?text}` asks for, empty for other faults.
    """

    __slots__ = ("advice", "demanded", "end", "start")

    start: int
    end: int
    demanded: str
    advice: str

    def __init__(self, start: int, end: int, demanded: str, advice: str) -> None:
        self.start = start
        self.end = end
        self.demanded = demanded
        self.advice = advice


def expansion_fault(model: SemanticModel, instruction: Instruction, word: str) -> ExpansionFault:
    """Find what is at fault in a word of an instruction that does not expand."""
    environment = model.environment(instruction)
    error = evaluate_word(word, environment.get, instruction.line.escape).error
    if error is None:
        return ExpansionFault(0, len(word), "", "the builder cannot read it")
    start = error.offset
    if word[start] in "'\"":
        escaped = instruction.line.escape + word[start]
        advice = f"this quote is not closed; close it, or write {quoted(escaped)}"
        return ExpansionFault(start, start + 1, "", advice)
    end = word.find("}", start) + 1 or len(word)
    part = quoted(word[start:end])
    if word.find("}", start) < 0 or "missing '}'" in error.message:
        return ExpansionFault(start, end, "", f"a `}}` is missing in {part}")
    name = error.message.partition(":")[0]
    if word.startswith((f"${{{name}:?", f"${{{name}?"), start):
        return ExpansionFault(start, end, name, f"{part} asks for `{name}`, which is not set here")
    advice = f"{part} is not in a form that it knows"
    if "unsupported modifier" in error.message:
        advice = f"behind the name in {part} it knows `-`, `+`, `?`, `#`, `%` and `/` only"
    return ExpansionFault(start, end, "", advice)
