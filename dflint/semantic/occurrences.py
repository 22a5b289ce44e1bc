"""Instructions where they stand: by themselves, or as the trigger of an ONBUILD."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, class_of
from dflint.cst.reading import place_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.text.span import Span


class Occurrence:
    """An instruction, or what stands behind ONBUILD, with what a builder reads there.

    `instruction` is the one in the file, ONBUILD itself for a trigger; `reading` is that of the
    instruction proper. `is_trigger` tells whether it runs in the images that are built on this
    one (reference, "ONBUILD").
    """

    __slots__ = ("instruction", "is_trigger", "reading")

    instruction: Instruction
    reading: Reading
    is_trigger: bool

    def __init__(self, instruction: Instruction, reading: Reading) -> None:
        self.instruction = instruction
        self.reading = reading
        self.is_trigger = type(instruction) is OnBuild

    @property
    def keyword(self) -> Span:
        """The keyword's span, of a trigger its own, not ONBUILD's."""
        head = self.reading.head
        start = head.keyword_end - len(self.reading.keyword)
        return self.span((start, head.keyword_end))

    @property
    def arguments(self) -> Span:
        """The span of all arguments; the keyword's when there are none."""
        head = self.reading.head
        if head.arguments >= head.end:
            return self.keyword
        return self.span((head.arguments, head.end))

    def argument(self, at: int) -> Span:
        """The span of the argument `at` of `reading`."""
        return self.span(self.reading.places[at])

    def flag(self, name: str, value: bool = False) -> Span:
        """The span of the first flag of that name, or of its value alone."""
        reading = self.reading
        text = self.instruction.line.text
        for flag, (begin, end) in zip(reading.flags, reading.head.flags, strict=False):
            if flag[2:].partition("=")[0] == name:
                equals = text.find("=", begin, end)
                if value and equals >= 0:
                    begin = equals + 1
                return self.span((begin, end))
        return self.keyword

    def span(self, place: tuple[int, int]) -> Span:
        """The span of a place in the instruction's joined text."""
        return place_span(self.instruction, place)


def occurrences(tree: Dockerfile, *kinds: type[Instruction]) -> Iterator[Occurrence]:
    """Give the instructions of some classes in order, ONBUILD's triggers among them."""
    for instruction in tree.instructions:
        kind = type(instruction)
        if kind in kinds:
            yield Occurrence(instruction, instruction.reading)
        elif kind is OnBuild:
            trigger = instruction.reading.trigger
            if trigger is not None and class_of(trigger.keyword) in kinds:
                yield Occurrence(instruction, trigger)
