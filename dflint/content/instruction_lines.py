"""Which lines of a Dockerfile the entries of an image's history are of, as its build kept them.

The configuration of an image says how each entry came about, not where that is written. It is kept
in the store alone: the image has the same bytes whoever builds it.
"""

from __future__ import annotations

import json
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.content.store import ContentStore

_PREFIX = "instruction lines "


class InstructionLines(NamedTuple):
    """The lines of one instruction, from `first` to `last`, and the file as it was named."""

    file: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.file}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")


def keep_lines(store: ContentStore, config: str, lines: Mapping[int, InstructionLines]) -> None:
    """Keep the lines by the numbers of the entries, from 0, for the digest of a configuration."""
    said = json.dumps({str(number): list(one) for number, one in lines.items()})
    store.add_facts({_PREFIX + config: said.encode()})


def find_lines(store: ContentStore, config: str) -> dict[int, InstructionLines]:
    """The lines that were kept; none for an image that was built elsewhere."""
    fact = store.find_fact(_PREFIX + config)
    if fact is None:
        return {}
    said: dict[str, tuple[str, int, int]] = json.loads(fact)
    return {int(number): InstructionLines(*one) for number, one in said.items()}
