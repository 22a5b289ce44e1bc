"""The ports that an EXPOSE names, after expansion."""

from __future__ import annotations

from dflint.semantic.expansion import expand_argument
from dflint.semantic.ports import Ports, parse_expose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Expose
    from dflint.semantic.model import SemanticModel


def exposed_ports(
    model: SemanticModel, instruction: Expose
) -> Iterator[tuple[tuple[int, int], str, Ports]]:
    """Each port or range: its place in the joined text, its word, and what it means.

    A variable may give several words, or none. What BuildKit refuses is left out.
    """
    environment = model.environment(instruction)
    for at, place in enumerate(instruction.reading.places):
        value = expand_argument(model, instruction, at, environment, record=False)
        for word in value.split():
            ports = parse_expose(word)
            if isinstance(ports, Ports):
                yield place, word, ports
