"""Where an ENV uses a variable that it sets itself, and gets the value from before."""

from __future__ import annotations

from dflint.cst.instructions import Env
from dflint.semantic.expand import evaluate_word
from dflint.semantic.first_base import first_base
from dflint.semantic.occurrences import occurrences
from dflint.semantic.variable_setters import names_set_by_triggers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.expand_values import Reference
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.text.span import Span

_IN_EVERY_IMAGE = ("PATH",)


class SelfReference:
    """A use of `name`, which another pair of the same ENV sets.

    `base` is the image that may have set it before, empty when none can have.
    """

    __slots__ = ("base", "name", "span")

    name: str
    span: Span
    base: str

    def __init__(self, name: str, span: Span, base: str) -> None:
        self.name = name
        self.span = span
        self.base = base


def self_references(model: SemanticModel) -> Iterator[SelfReference]:
    """Find the uses whose name the file sets nowhere before, each name once in an ENV.

    With a value from before, its use may be meant. So may one that says what to take instead
    (`${x:-y}`), and one in the value of the variable itself.
    """
    triggered: list[frozenset[str]] | None = None
    set_by_triggers: set[str] = set()
    for found in occurrences(model.tree, Env):
        names = found.reading.arguments[::3]
        if len(names) > 1 and "$" in found.instruction.line.text:
            triggered = triggered or names_set_by_triggers(model)
            stage = model.stage_of(found.instruction)
            known = set(_IN_EVERY_IMAGE) if stage is None else set(triggered[stage.index])
            yield from _within(model, found, known | set_by_triggers if found.is_trigger else known)
        if found.is_trigger:
            set_by_triggers.update(names)


def _within(model: SemanticModel, found: Occurrence, seen: set[str]) -> Iterator[SelfReference]:
    instruction = found.instruction
    stage = model.stage_of(instruction)
    base = first_base(stage)
    scope = model.global_scope if stage is None else stage.scope
    # A trigger sees all that its image sets, also further down.
    before = None if found.is_trigger else model.order(instruction)
    arguments = found.reading.arguments
    for at in range(0, len(arguments), 3):
        # The pairs before this one count even when they have its name.
        others = {*arguments[:at:3], *arguments[at + 3 :: 3]}
        if not any(name in arguments[at + 1] for name in others):
            continue
        for reference in _unset_in(model, found, at + 1):
            name = reference.name
            if name in seen or name not in others or scope.find(name, before) is not None:
                continue
            seen.add(name)
            span = found.span(_place(found, at + 1, reference))
            yield SelfReference(name, span, "" if base == "scratch" else base)


def _unset_in(model: SemanticModel, found: Occurrence, at: int) -> list[Reference]:
    word = found.reading.arguments[at]
    if "$" not in word:
        return []
    instruction = found.instruction
    expansion = evaluate_word(word, model.environment(instruction).get, instruction.line.escape)
    return [
        reference
        for reference in expansion.references
        if not reference.found and reference.modifier.lstrip(":") not in ("-", "+", "?")
    ]


def _place(found: Occurrence, at: int, reference: Reference) -> tuple[int, int]:
    begin, end = found.reading.places[at]
    word = found.reading.arguments[at]
    shift = begin + max(found.instruction.line.text[begin:end].find(word), 0)
    return shift + reference.span.start, shift + reference.span.end
