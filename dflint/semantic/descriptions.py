"""Comments above stages and build arguments, which builders list as descriptions."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From
from dflint.cst.parser.logical_lines import SPACE
from dflint.cst.reading import place_span
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.instructions import Instruction

#: What comments begin with that are meant for linters.
_PRAGMAS = ("hadolint ", "shellcheck ", "dflint:", "checkov:", "trivy:", "kics-scan ")


class Definition:
    """A stage or some build arguments with a comment above.

    `names` are the names that the comment may begin with, `span` is the place of the first, and
    `comment` that of the comment.
    """

    __slots__ = ("comment", "is_described", "names", "span")

    def __init__(self, names: tuple[str, ...], span: Span, comment: Span, text: str) -> None:
        self.names = names
        self.span = span
        self.comment = comment
        self.is_described = text.split(" ", 1)[0] in names


def definitions(instructions: Iterable[Instruction]) -> Iterator[Definition]:
    """List the definitions that have a comment, in order."""
    for instruction in instructions:
        if not isinstance(instruction, (Arg, From)):
            continue
        found = _last_comment(instruction)
        if found is None:
            continue
        comment, text = found
        reading = instruction.reading
        words = reading.arguments
        if isinstance(instruction, Arg) and words:
            names = tuple(word.partition("=")[0] for word in words)
            span = place_span(instruction, reading.places[0])
            yield Definition(names, span, comment, text)
        elif isinstance(instruction, From) and len(words) == 3:
            # BuildKit keeps the names of stages in lower case.
            names = (words[2].lower(),)
            yield Definition(names, place_span(instruction, reading.places[2]), comment, text)


def _last_comment(instruction: Instruction) -> tuple[Span, str] | None:
    """Give the last comment line above an instruction, and what it says."""
    line = instruction.line
    start = line.source.rfind("#", line.above, line.start)
    if start < 0:
        return None
    start = line.source.rfind("\n", line.above, start) + 1 or line.above
    written = line.source[start : line.start].split("\n", 1)[0]
    begin = start + written.index("#")
    text = written.strip(SPACE)[1:].strip(SPACE)
    if not text or text.startswith(_PRAGMAS):
        return None
    return Span(begin, begin + len(written[begin - start :].rstrip(SPACE))), text
