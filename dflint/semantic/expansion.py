"""Expands the words of instructions, keeping account of every variable on the way."""

from __future__ import annotations

from dflint.cst.instructions import (
    Add,
    Arg,
    Copy,
    Env,
    Expose,
    From,
    Instruction,
    Label,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from dflint.cst.reading import place_span
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.scope import Environment
    from dflint.text.span import Span

#: The instructions whose arguments the builder expands; the shell does it elsewhere.
EXPANDED = frozenset((Add, Arg, Copy, Env, Expose, From, Label, StopSignal, User, Volume, Workdir))


def is_plain(text: str, escape: str) -> bool:
    """Whether every word of a text is what it expands to."""
    return "$" not in text and "'" not in text and '"' not in text and escape not in text


def needs_expansion(instruction: Instruction) -> bool:
    """Whether expanding the words could find a variable or fail."""
    text = instruction.line.text
    return "$" in text or "'" in text or text.count('"') % 2 == 1 or instruction.line.escape in text


class VariableUse:
    """One `$name` in a word that the builder expands.

    `found` tells whether it had a value there. `modifier` is the operator of `${name:-word}`
    and the like, or empty. `where` is a place in the instruction's joined text, or a span.
    """

    __slots__ = ("_where", "found", "instruction", "modifier", "name")

    instruction: Instruction
    name: str
    found: bool
    modifier: str

    def __init__(
        self,
        instruction: Instruction,
        name: str,
        where: tuple[int, int] | Span,
        found: bool,
        modifier: str,
    ) -> None:
        self.instruction = instruction
        self.name = name
        self._where = where
        self.found = found
        self.modifier = modifier

    def of(self, instruction: Instruction) -> VariableUse:
        """The same use in another version of the instruction, with the same words."""
        where = self._where
        if isinstance(where, tuple) and instruction.line.text != self.instruction.line.text:
            where = _place_in(instruction, where, self.instruction)
        return VariableUse(instruction, self.name, where, self.found, self.modifier)

    @property
    def span(self) -> Span:
        """Where the whole `$name` or `${name…}` stands in the source."""
        where = self._where
        return place_span(self.instruction, where) if isinstance(where, tuple) else where


def _place_in(
    instruction: Instruction, place: tuple[int, int], other: Instruction
) -> tuple[int, int]:
    """A place in a word of another instruction in the same word of this one."""
    ones, others = other.reading, instruction.reading
    words = zip(
        (*ones.places, *ones.head.flags), (*others.places, *others.head.flags), strict=False
    )
    for (start, end), (new_start, _) in words:
        if start <= place[0] and place[1] <= end:
            return place[0] - start + new_start, place[1] - start + new_start
    return place


def expand_argument(
    model: SemanticModel,
    instruction: Instruction,
    at: int | str,
    env: Environment,
    record: bool = True,
) -> str:
    """The argument `at` of an instruction, or the value of the flag `at`, expanded.

    With `record`, the variables used and a failure are noted in the model. A word that cannot
    be expanded stays as it is.
    """
    reading = instruction.reading
    if isinstance(at, str):
        word = reading.flag(at) or ""
        place = _flag_value_place(instruction, at)
    else:
        word = reading.arguments[at]
        place = reading.places[at]
    if type(instruction) not in EXPANDED or is_plain(word, instruction.line.escape):
        return word
    return _expand(model, instruction, word, place, env, record)


def expand_default(
    model: SemanticModel, instruction: Arg, at: int, env: Environment, record: bool = True
) -> str:
    """The default of the word `at` of an ARG, expanded: a quote before its `=` is not closed."""
    reading = instruction.reading
    key, equals, word = reading.arguments[at].partition("=")
    if is_plain(word, instruction.line.escape):
        return word
    begin, end = reading.places[at]
    begin += len(key + equals)
    return _expand(model, instruction, word, (begin, end), env, record)


def _expand(
    model: SemanticModel,
    instruction: Instruction,
    word: str,
    place: tuple[int, int],
    env: Environment,
    record: bool,
) -> str:
    expansion = evaluate_word(word, env.get, instruction.line.escape)
    if record and expansion.error is not None:
        from dflint.semantic.model import FailedExpansion

        span = place_span(instruction, place)
        reason = expansion.error.message
        model.failures.append(FailedExpansion(instruction, span, word, reason))
    # What stands before the fault has been looked up all the same.
    if record and expansion.references:
        written = instruction.line.text[place[0] : place[1]]
        shift = max(written.find(word), 0)
        for reference in expansion.references:
            begin = min(place[0] + shift + reference.span.start, place[1])
            end = min(place[0] + shift + reference.span.end, place[1])
            model.uses.append(
                VariableUse(
                    instruction,
                    reference.name,
                    (begin, end),
                    reference.found,
                    reference.modifier,
                )
            )
    return word if expansion.error is not None else expansion.text


def _flag_value_place(instruction: Instruction, name: str) -> tuple[int, int]:
    text = instruction.line.text
    reading = instruction.reading
    for flag, (begin, end) in zip(reading.flags, reading.head.flags, strict=False):
        if flag[2:].partition("=")[0] == name:
            return text.find("=", begin, end) + 1 or begin, end
    return 0, 0
