"""The labels that a file sets, with their values as far as they are known."""

from __future__ import annotations

from dflint.cst.instructions import Label
from dflint.semantic.known_value import known_value
from dflint.semantic.occurrences import occurrences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.scope import Environment
    from dflint.semantic.stages import Stage
    from dflint.text.span import Span


class LabelPair:
    """One label of a LABEL, or of a trigger.

    `key` and `value` are None where a variable of unknown value has a part in them.
    """

    __slots__ = ("_at", "_env", "_occurrence", "key")

    key: str | None

    def __init__(self, occurrence: Occurrence, at: int, env: Environment) -> None:
        self._occurrence = occurrence
        self._at = at
        self._env = env
        self.key = self._known(at)

    def _known(self, at: int) -> str | None:
        occurrence = self._occurrence
        word = occurrence.reading.arguments[at]
        return known_value(word, self._env, occurrence.instruction.line.escape)

    @property
    def value(self) -> str | None:
        """The value, worked out each time: few ask for it."""
        return self._known(self._at + 1)

    @property
    def is_literal(self) -> bool:
        """Whether the value is written out."""
        return "$" not in self._occurrence.reading.arguments[self._at + 1]

    @property
    def place(self) -> tuple[Occurrence, int]:
        """The LABEL, and where the key stands among its arguments."""
        return self._occurrence, self._at

    @property
    def instruction(self) -> Instruction:
        """The LABEL, or the ONBUILD of a trigger."""
        return self._occurrence.instruction

    @property
    def key_span(self) -> Span:
        """Where the key stands."""
        return self._occurrence.argument(self._at)

    @property
    def value_span(self) -> Span:
        """Where the value stands; the key's place when the value has no text."""
        begin, end = self._occurrence.reading.places[self._at + 1]
        return self._occurrence.argument(self._at + 1) if begin < end else self.key_span


def label_pairs(model: SemanticModel) -> Iterator[LabelPair]:
    """Every label of the file in order."""
    for occurrence in occurrences(model.tree, Label):
        env = model.environment(occurrence.instruction)
        for at in range(0, len(occurrence.reading.arguments), 3):
            yield LabelPair(occurrence, at, env)


def labels_of_type(
    model: SemanticModel, schema: Mapping[str, str], kind: str, standard: str = ""
) -> Iterator[tuple[LabelPair, str]]:
    """The labels whose values are to be of a type, by the schema, with the values known.

    So is, unless the schema has other plans, a label with the key `standard` whose value is
    written out and not empty: what stands there by default before a build argument is given is no
    value yet.
    """
    for pair in label_pairs(model):
        if not pair.key or (pair.key != standard and pair.key not in schema):
            continue
        value = pair.value
        if value is None:
            continue
        wanted = schema.get(pair.key)
        if wanted is None and pair.key == standard and value and pair.is_literal:
            wanted = kind
        if wanted == kind:
            yield pair, value


def missing_labels(
    model: SemanticModel, schema: Mapping[str, str]
) -> Iterator[tuple[Stage, list[str]]]:
    """The stages that give an image, and the labels of the schema that they do not set.

    Labels of a stage below and of its triggers count. A stage with a key of unknown value is
    passed over.
    """
    from dflint.semantic.needed_stages import image_stages

    for stage in image_stages(model):
        keys: set[str | None] = set()
        for one in (stage, *stage.ancestors()):
            for instruction in one.instructions:
                if isinstance(instruction, Label):
                    keys |= _keys(model, one, instruction.reading)
            for _, trigger in one.inherited_triggers():
                if trigger.keyword == "label":
                    keys |= _keys(model, one, trigger)
        missing = [key for key in schema if key not in keys]
        if missing and None not in keys:
            yield stage, missing


def _keys(model: SemanticModel, stage: Stage, reading: Reading) -> set[str | None]:
    last = model.environment(stage.instructions[-1])
    escape = stage.from_instruction.line.escape
    return {known_value(key, last, escape) for key in reading.arguments[::3]}
