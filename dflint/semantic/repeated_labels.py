"""Labels that a stage sets more than once."""

from __future__ import annotations

from dflint.cst.instructions import Label
from dflint.cst.reading import place_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


class RepeatedLabel:
    """A pair of a LABEL that a later one of its stage replaces.

    `at` is where its key stands among the arguments of `instruction`, `key` its name; `span` is
    that of the key, `later` that of the other one's.
    """

    __slots__ = ("at", "instruction", "key", "later", "span")

    def __init__(
        self, instruction: Instruction, at: int, key: str, later: Instruction, later_at: int
    ) -> None:
        self.instruction = instruction
        self.at = at
        self.key = key
        self.span = place_span(instruction, instruction.reading.places[at])
        self.later = place_span(later, later.reading.places[later_at])


def repeated_labels(model: SemanticModel) -> Iterator[RepeatedLabel]:
    """Each pair that another one replaces; keys with variables are left out."""
    for stage in model.stages:
        seen: dict[str, tuple[Instruction, int]] = {}
        for instruction in stage.instructions:
            if not isinstance(instruction, Label):
                continue
            reading = instruction.reading
            for at in range(0, len(reading.arguments), 3):
                key = reading.arguments[at].strip("\"'")
                if "$" in key or not key:
                    continue
                if key in seen:
                    first, place = seen[key]
                    yield RepeatedLabel(first, place, key, instruction, at)
                seen[key] = instruction, at
