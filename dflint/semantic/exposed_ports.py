"""The ports that an EXPOSE names, after expansion."""

from __future__ import annotations

from dflint.semantic.expand import evaluate_words
from dflint.semantic.ports import Ports, parse_expose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Expose, Instruction
    from dflint.semantic.model import SemanticModel


def exposed_ports(
    model: SemanticModel, instruction: Expose
) -> Iterator[tuple[tuple[int, int], str, Ports]]:
    """Each port or range: its place in the joined text, its word, and what it means.

    A variable may give several words, or none. What BuildKit refuses is left out.
    """
    for place, word in exposed_words(model, instruction):
        ports = parse_expose(word)
        if isinstance(ports, Ports):
            yield place, word, ports


def exposed_words(
    model: SemanticModel, instruction: Instruction
) -> Iterator[tuple[tuple[int, int], str]]:
    """Each word after expansion, with the place of the argument that it comes from.

    EXPOSE is the one instruction whose values are parted at their blanks.
    """
    environment = model.environment(instruction)
    reading = instruction.reading
    for written, place in zip(reading.arguments, reading.places, strict=True):
        if written.isascii() and written.isdigit():
            yield place, written
            continue
        expansion = evaluate_words(written, environment.get, instruction.line.escape)
        if expansion.error is None:
            for word in expansion.words:
                yield place, word
