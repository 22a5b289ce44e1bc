"""What COPY and ADD take from the build context."""

from __future__ import annotations

from dflint.cst.reading import place_span
from dflint.semantic.copy_flags import is_git
from dflint.semantic.expand import evaluate_word
from dflint.semantic.scope import PLATFORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span


def context_sources(model: SemanticModel, instruction: Instruction) -> Iterator[tuple[str, Span]]:
    """List the sources in the build context whose paths are known, and where they stand.

    Others are those of stages and images, heredocs, URLs, repositories, and paths with a variable
    that has no value here or another for each platform.
    """
    reading = instruction.reading
    if reading.flag("from") is not None:
        return
    for word, place in zip(reading.arguments[:-1], reading.places, strict=False):
        if "<<" in word:
            continue
        found = evaluate_word(word, model.environment(instruction).get, instruction.line.escape)
        if found.error is not None or "\\" in found.text or is_remote(found.text):
            continue
        if all(one.found and one.name not in PLATFORM for one in found.references):
            yield found.text, place_span(instruction, place)


def is_remote(source: str) -> bool:
    """Tell whether a source of ADD is a URL or a Git repository."""
    return "://" in source or is_git(source)
