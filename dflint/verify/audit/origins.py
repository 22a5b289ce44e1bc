"""Which instruction each layer of a built image comes from."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.build.session import BuiltImage
from dflint.text.lines import LineIndex


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a layer comes from: the line of its instruction from 1, 0 for the base image's.

    `text` is the first line of the instruction.
    """

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line} (`{self.text}`)" if self.line else self.text


BASE = Origin(0, "base image")


def origins(image: BuiltImage, text: str) -> list[Origin]:
    """The origin of each layer, from the bottom, of an image built of a Dockerfile's text."""
    lines = LineIndex(text)
    own: list[Origin] = []
    for entry in image.built.graph.target.history:
        if entry.vertex is not None:
            line = entry.vertex.instruction.line
            first = line.text.strip().partition("\n")[0]
            own.append(Origin(lines.line(line.start), first[:80]))
    below = len(image.layers) - len(own)
    return [BASE] * below + own if below >= 0 else own[-len(image.layers) :]
