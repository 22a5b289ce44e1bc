"""Where the builder expands variables that are not set: arguments, flags and heredocs."""

from __future__ import annotations

from dflint.cst.instructions import Add, Arg, Copy, From, Instruction, Run
from dflint.cst.reading import place_span
from dflint.semantic.expand import evaluate_word
from dflint.semantic.expansion import VariableUse
from dflint.semantic.variable_setters import names_set_by_triggers
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.expand import Reference
    from dflint.semantic.model import SemanticModel

#: The flags whose values BuildKit expands.
_EXPANDED_FLAGS = ("--chown=", "--chmod=", "--checksum=", "--mount=")


def unset_uses(model: SemanticModel) -> Iterator[VariableUse]:
    """List each use of a name that is neither declared nor set before it, but in FROM.

    Triggers are left out: they see the variables of another Dockerfile.
    """
    triggered: list[frozenset[str]] | None = None
    for use in _uses_without_value(model):
        if triggered is None:
            triggered = names_set_by_triggers(model)
        if not _is_known(model, use, triggered):
            yield use


def _uses_without_value(model: SemanticModel) -> Iterator[VariableUse]:
    for use in model.uses:
        if not use.found and not isinstance(use.instruction, From):
            yield use
    for instruction in model.tree.instructions:
        kind = type(instruction)
        if kind is Run or kind is Copy or kind is Add:
            line = instruction.line
            text = line.text
            if "$" in text and "--" in text:
                yield from _uses_in_flags(model, instruction)
            if line.markers and kind is not Run:
                yield from _uses_in_heredocs(model, instruction)


def _is_known(model: SemanticModel, use: VariableUse, triggered: list[frozenset[str]]) -> bool:
    stage = model.stage_of(use.instruction)
    scope = model.global_scope if stage is None else stage.scope
    if scope.find(use.name, model.order(use.instruction)) is not None:
        return True
    if isinstance(use.instruction, Arg) and use.name in use.instruction.reading.arguments:
        return True
    return stage is not None and use.name in triggered[stage.index]


def _uses_in_flags(model: SemanticModel, instruction: Instruction) -> Iterator[VariableUse]:
    line = instruction.line
    for begin, end in instruction.reading.head.flags:
        word = line.text[begin:end]
        if "$" in word and word.startswith(_EXPANDED_FLAGS):
            for one in _unset_in(model, instruction, word):
                place = (begin + one.span.start, begin + one.span.end)
                yield _use(instruction, one, place_span(instruction, place))


def _uses_in_heredocs(model: SemanticModel, instruction: Instruction) -> Iterator[VariableUse]:
    line = instruction.line
    for marker, (start, close, _) in zip(line.markers, line.bodies, strict=True):
        body = line.source[start:close]
        if marker.expand and "$" in body:
            for one in _unset_in(model, instruction, body, skip_quotes=True):
                span = Span(start + one.span.start, start + one.span.end)
                yield _use(instruction, one, span)


def _unset_in(
    model: SemanticModel, instruction: Instruction, text: str, skip_quotes: bool = False
) -> list[Reference]:
    get = model.environment(instruction).get
    expansion = evaluate_word(text, get, instruction.line.escape, skip_quotes=skip_quotes)
    return [one for one in expansion.references if not one.found]


def _use(instruction: Instruction, reference: Reference, span: Span) -> VariableUse:
    return VariableUse(instruction, reference.name, span, False, reference.modifier)
