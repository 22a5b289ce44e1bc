"""Sources of COPY and ADD that are not in the build context."""

from __future__ import annotations

from dflint.context.patterns import clean_path
from dflint.context.sources import matching
from dflint.context.wildcards import has_wildcards
from dflint.errors import BuildError
from dflint.semantic.context_sources import context_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.context.build_context import BuildContext
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span


class MissingSource:
    """A source as it is expanded, and where it stands.

    `meant` is the path of something that is there and nearly called so, empty for none.
    """

    __slots__ = ("has_wildcards", "meant", "source", "span")

    def __init__(self, source: str, span: Span, has_wildcards: bool, meant: str) -> None:
        self.source = source
        self.span = span
        self.has_wildcards = has_wildcards
        self.meant = meant


def missing_sources(
    model: SemanticModel, instruction: Instruction, context: BuildContext
) -> Iterator[MissingSource]:
    """List the sources that are not in the folder of the context.

    Left out are those that its ignore file speaks of, those that git ignores, and wildcards
    beside other sources, with which people say that a file need not be there.
    """
    is_alone = len(instruction.reading.arguments) == 2
    has_parents = instruction.reading.flag("parents") is not None
    for source, span in context_sources(model, instruction):
        path = clean_path("/" + source)[1:]
        is_pattern = has_wildcards(path)
        if not path or (is_pattern and (not is_alone or has_parents)):
            continue
        if context.exclusion(source) is not None or _is_made(context, path):
            continue
        try:
            is_there = any(True for _ in matching(context, path))
        except BuildError:
            continue  # what Go refuses
        if not is_there:
            meant = "" if is_pattern else _meant(context, path)
            yield MissingSource(source, span, is_pattern, meant)


def _is_made(context: BuildContext, path: str) -> bool:
    """Whether something else makes what is at a path: git ignores it, or keeps its own there."""
    return context.is_ignored(path) or path.startswith(".git/")


def _meant(context: BuildContext, path: str) -> str:
    """What is there and is called nearly so, in the same directory."""
    from dflint.text.nearest import nearest

    folder, _, name = path.rpartition("/")
    names = context.names(folder)
    found = next((one for one in names if one.lower() == name.lower()), None)
    found = found or nearest(name, names)
    return f"{folder}/{found}" if folder and found else found or ""
