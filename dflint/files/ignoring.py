"""Patterns matched on the way down a tree, as github.com/moby/patternmatcher does it.

Whether a pattern held for a directory is passed on to what is in it. A pattern that could change
nothing is not tried, and then does not hold for what is below either: with `a`, `!a/b`, `a` the
file `a/b` is taken in.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.context.patterns import Pattern

_WILDCARDS = "*?[\\"


class PathPatterns:
    """Patterns over the paths of one tree, relative to its root: `a/b`."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self.has_exceptions = any(pattern.is_exception for pattern in self._patterns)
        self._literal_exceptions: tuple[str, ...] | None = None
        exceptions = [pattern.text for pattern in self._patterns if pattern.is_exception]
        if not any(sign in text for text in exceptions for sign in _WILDCARDS):
            self._literal_exceptions = tuple(exceptions)
        self._beginnings = [_beginning(pattern.text) for pattern in self._patterns]
        self._held: dict[str, tuple[bool, tuple[bool, ...]]] = {}

    def match(self, path: str, is_directory: bool) -> bool:
        """Whether the patterns match a path; those of its directories are asked first."""
        known = self._held.get(path)
        if known is not None:
            return known[0]
        found = self._match(path, self._of_parent(path))
        if is_directory:
            self._held[path] = found
        return found[0]

    def may_take_in_below(self, directory: str) -> bool:
        """Whether an exception may hold below a directory that is matched."""
        if self._literal_exceptions is None:
            return True
        prefix = directory + "/"
        return any(text.startswith(prefix) for text in self._literal_exceptions)

    def may_match_below(self, directory: str) -> bool:
        """Whether a pattern may hold below a directory, told by the names before its wildcards."""
        prefix = directory + "/"
        return any(
            beginning.startswith(prefix) or prefix.startswith(beginning)
            for beginning in self._beginnings
        )

    def _of_parent(self, path: str) -> tuple[bool, ...]:
        parent = path.rpartition("/")[0]
        if not parent:
            return ()
        if parent not in self._held:
            self._held[parent] = self._match(parent, self._of_parent(parent))
        return self._held[parent][1]

    def _match(self, path: str, above: tuple[bool, ...]) -> tuple[bool, tuple[bool, ...]]:
        is_matched = False
        held = list(above) or [False] * len(self._patterns)
        for at, pattern in enumerate(self._patterns):
            if not held[at] and pattern.is_exception == is_matched:
                held[at] = pattern.matches(path)
            if held[at]:
                is_matched = not pattern.is_exception
        return is_matched, tuple(held)


def may_hold_below(
    directory: str, includes: PathPatterns | None, excludes: PathPatterns | None
) -> bool:
    """Whether something below a directory may be taken that is not taken itself.

    With patterns of what is taken in (`includes`) only what they match is, less what `excludes`
    match, which in turn may have exceptions.
    """
    if includes is not None:
        return includes.may_match_below(directory)
    if excludes is None or not excludes.has_exceptions:
        return False
    return excludes.may_take_in_below(directory)


def _beginning(text: str) -> str:
    """The names of a pattern before its first wildcard, each with a slash behind it."""
    names: list[str] = []
    for name in text.split("/"):
        if any(sign in name for sign in _WILDCARDS):
            break
        names.append(name + "/")
    return "".join(names)
