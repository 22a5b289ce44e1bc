"""A picture: boxes in groups with arrows between them, before anybody has laid it out."""

from __future__ import annotations

from dataclasses import dataclass

#: What a box stands for.
STAGE, STEP, IMAGE, CONTEXT = "stage", "step", "image", "context"
#: What an arrow means: a stage is built on another, copies from it, mounts it, or a step follows.
FROM, COPY, MOUNT, NEXT = "FROM", "COPY --from", "mount", ""
#: The most characters of a title that a box shows.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, a step, or what comes from outside: an image, the build context.

    `title` is the whole text, `note` a second, shorter line, `detail` what is told of it beside.
    `is_needed` tells whether the target needs it; `group` is the title of the group that it is in,
    `place` where a page tells more of it, both empty for none.
    """

    id: str
    kind: str
    title: str
    note: str = ""
    detail: str = ""
    is_needed: bool = True
    is_target: bool = False
    group: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what is used to what uses it, `count` times over; `kind` is one of the constants."""

    start: str
    end: str
    kind: str
    count: int = 1

    @property
    def label(self) -> str:
        """What is written at it."""
        return f"{self.kind} ×{self.count}" if self.count > 1 else self.kind


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows, each in a fixed order; every end of an arrow is the id of a box."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def cut(text: str, shown: int = SHOWN) -> str:
    """A text short enough for a box: its first line, with a dot character for what is left out."""
    line, _, rest = text.strip().partition("\n")
    if len(line) > shown:
        return line[: shown - 1].rstrip() + "…"
    return line.rstrip() + " …" if rest.strip() else line


class Arrows:
    """Arrows in the order in which they were first drawn, each once with its count."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}

    def add(self, start: str, end: str, kind: str) -> None:
        """Draw one; those that lead back to where they start are left out."""
        if start != end:
            key = start, end, kind
            self._counts[key] = self._counts.get(key, 0) + 1

    def drawn(self) -> tuple[Arrow, ...]:
        """All of them."""
        return tuple(Arrow(*key, count) for key, count in self._counts.items())
