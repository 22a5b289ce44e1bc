"""Labels that a stage sets more than once."""

from __future__ import annotations

from dflint.cst.instructions import Label
from dflint.cst.reading import place_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span


def repeated_labels(model: SemanticModel) -> Iterator[tuple[Span, Span, str]]:
    """The key of each that a later one of its stage replaces, the key of the later one, its name.

    Keys with variables are left out.
    """
    for stage in model.stages:
        seen: dict[str, tuple[Instruction, tuple[int, int]]] = {}
        for instruction in stage.instructions:
            if not isinstance(instruction, Label):
                continue
            reading = instruction.reading
            for at in range(0, len(reading.arguments), 3):
                key = reading.arguments[at].strip("\"'")
                if "$" in key or not key:
                    continue
                place = instruction, reading.places[at]
                if key in seen:
                    yield place_span(*seen[key]), place_span(*place), key
                seen[key] = place
