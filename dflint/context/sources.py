"""What a source of COPY or ADD names in a build context: Go's `filepath.Match`, by directories."""

from __future__ import annotations

from dflint.context.wildcards import has_wildcards, matches, split_wildcards
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.context.build_context import BuildContext


def matching(context: BuildContext, source: str) -> Iterator[str]:
    """The files and directories that a clean path names, with or without wildcards.

    Only those that are in the folder; what the ignore file says is another question.
    BuildError where Go refuses the pattern.
    """
    if not has_wildcards(source):
        plain = _without_backslashes(source)
        if context.kind(plain):
            yield plain
        return
    start, names = split_wildcards(source)
    yield from _below(context, _without_backslashes(start), names)


def _below(context: BuildContext, folder: str, names: list[str]) -> Iterator[str]:
    first, *rest = names
    found = context.names(folder)
    if not found:
        matches(first, "")  # refuses what Go refuses
    for name in found:
        if matches(first, name):
            path = f"{folder}/{name}" if folder else name
            if rest:
                yield from _below(context, path, rest)
            else:
                yield path


def _without_backslashes(path: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(path):
        if path[at] == "\\":
            at += 1
            if at == len(path):
                raise BuildError(f"{path}: a backslash at the end")
        parts.append(path[at])
        at += 1
    return "".join(parts)
