"""Where ARG and ENV set variables that are secrets by their names."""

from __future__ import annotations

from dflint.cst.instructions import Arg
from dflint.semantic.expand import evaluate_word
from dflint.semantic.secret_names import has_secret_word, is_harmless, is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.text.span import Span


class SecretSetting:
    """One variable with a secret's name, set by ARG or ENV, perhaps behind ONBUILD.

    `is_harmless` tells that what it holds plainly is no secret; `span` is the place of the name.
    """

    __slots__ = ("is_env", "is_harmless", "name", "span")

    def __init__(self, name: str, is_env: bool, is_harmless: bool, span: Span) -> None:
        self.name = name
        self.is_env = is_env
        self.is_harmless = is_harmless
        self.span = span


def secret_settings(
    model: Callable[[], SemanticModel], found: Iterable[Occurrence]
) -> Iterator[SecretSetting]:
    """List the settings among ARGs and ENVs; the model is only made when it is needed.

    An ARG before the first FROM is passed over if a stage declares it again, and so is a harmless
    value where the name is no more than like a secret's.
    """
    for occurrence in found:
        arguments = occurrence.reading.arguments
        is_env = occurrence.reading.keyword == "env"
        for at in range(0, len(arguments), 3 if is_env else 1):
            written = arguments[at] if is_env else arguments[at].partition("=")[0]
            name = written
            if is_env and not written.isidentifier():
                name = _expanded(model, occurrence, written) or written
            if is_secret_name(name) and (is_env or not _is_for_stages(model, occurrence, name)):
                value = (_env_value if is_env else _arg_value)(model, occurrence, at, name)
                harmless = is_harmless(name, value) or (is_env and _is_half(name, arguments))
                if harmless and not has_secret_word(name):
                    continue
                begin, end = occurrence.reading.places[at]
                span = occurrence.span((begin, min(end, begin + len(written))))
                yield SecretSetting(name, is_env, harmless, span)


def _is_half(name: str, arguments: Sequence[str]) -> bool:
    """Tell whether a name in `Key` stands beside one in `Value`: it is the key of a pair."""
    if name[-3:].lower() != "key":
        return False
    other = name[:-3].lower() + "value"
    return any(written.lower() == other for written in arguments[::3])


def _env_value(
    model: Callable[[], SemanticModel], occurrence: Occurrence, at: int, name: str
) -> str | None:
    del name
    word = occurrence.reading.arguments[at + 1]
    value = _expanded(model, occurrence, word)
    return None if not value and "$" in word else value


def _arg_value(
    model: Callable[[], SemanticModel], occurrence: Occurrence, at: int, name: str
) -> str | None:
    """Give the default; an empty one is as good as none."""
    _, equals, word = occurrence.reading.arguments[at].partition("=")
    if equals or occurrence.is_trigger:
        return _expanded(model, occurrence, word) or None
    stage = model().stage_of(occurrence.instruction)
    variable = model().global_scope.find(name)
    return None if stage is None or variable is None else variable.value or None


def _expanded(model: Callable[[], SemanticModel], occurrence: Occurrence, word: str) -> str | None:
    """Expand a word; None when a variable in it has no known value."""
    instruction = occurrence.instruction
    escape = instruction.line.escape
    if "$" not in word:
        return evaluate_word(word, {}, escape).text
    if occurrence.is_trigger:
        return None
    found = evaluate_word(word, model().environment(instruction).get, escape)
    if found.error is not None or not all(one.found or one.modifier for one in found.references):
        return None
    return found.text


def _is_for_stages(model: Callable[[], SemanticModel], occurrence: Occurrence, name: str) -> bool:
    """Tell whether an ARG stands before the first FROM and is declared again in a stage."""
    instruction = occurrence.instruction
    if occurrence.is_trigger or model().stage_of(instruction) is not None:
        return False
    return any(
        word.partition("=")[0] == name
        for stage in model().stages
        for other in stage.instructions
        if isinstance(other, Arg)
        for word in other.reading.arguments
    )
