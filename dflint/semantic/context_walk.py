"""What COPY and ADD bring of a build context that is known: the files below their sources."""

from __future__ import annotations

from dflint.context.patterns import clean_path
from dflint.context.sources import matching
from dflint.context.wildcards import has_wildcards
from dflint.errors import BuildError
from dflint.semantic.context_sources import context_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span

#: So many directories are looked into for one source.
_MOST = 300
#: What nobody's own files are in.
_FOREIGN = frozenset((".git", "node_modules", "vendor", ".venv", "venv", "__pycache__", ".tox"))


def copied_files(
    model: SemanticModel,
    instruction: Instruction,
    context: BuildContext,
    is_wanted: Callable[[str], bool],
) -> Iterator[tuple[str, Span]]:
    """The files that an instruction takes from the context, each with the place of its source.

    Those alone whose names are wanted, without those that the ignore file keeps out, and without
    what is in directories of other people's files. Of a large context not all are looked at.
    """
    for source, span in context_sources(model, instruction):
        path = clean_path("/" + source)[1:]
        try:
            found = [""] if not path else list(matching(context, path))
        except BuildError:
            continue
        for file in _files_below(context, found[::-1], is_wanted):
            if context.sends(file):
                yield file, span


def _files_below(
    context: BuildContext, pending: list[str], is_wanted: Callable[[str], bool]
) -> Iterator[str]:
    """The wanted files among some paths, and in the directories among them."""
    for _ in range(_MOST):
        if not pending:
            return
        at = pending.pop()
        if at and context.kind(at) == "file":
            if is_wanted(at.rpartition("/")[2]):
                yield at
            continue
        above = f"{at}/" if at else ""
        for name in context.listing(at):
            if not name.endswith("/"):
                if is_wanted(name):
                    yield above + name
            elif name[:-1] not in _FOREIGN:
                pending.append(above + name[:-1])


def takes(sources: list[str], path: str) -> bool:
    """Whether one of some sources, as they are expanded, names a path or a directory above it."""
    from dflint.context.wildcards import matches

    for source in sources:
        clean = clean_path("/" + source)[1:]
        if not clean or path == clean or path.startswith(clean + "/"):
            return True
        parts, wanted = path.split("/"), clean.split("/")
        if not has_wildcards(clean) or len(wanted) > len(parts):
            continue
        try:
            is_taken = all(matches(*pair) for pair in zip(wanted, parts, strict=False))
        except BuildError:
            continue
        if is_taken:
            return True
    return False
