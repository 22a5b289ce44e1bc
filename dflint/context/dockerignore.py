"""Reading .dockerignore files."""

from __future__ import annotations

from dflint.context.patterns import PatternMatcher, clean_path

_MARK = "\ufeff"


def read_patterns(text: str) -> list[str]:
    """The patterns that a .dockerignore file has, one a line, as patternmatcher's reader does.

    Lines that begin with `#` are comments, blank ones are skipped. A pattern is relative to the
    context's root, whether or not it begins with `/`.
    """
    patterns: list[str] = []
    for line in text.removeprefix(_MARK).split("\n"):
        if line.startswith("#"):
            continue
        pattern = line.strip()
        if not pattern:
            continue
        mark = "!" if pattern.startswith("!") else ""
        if mark:
            pattern = pattern[1:].strip()
        if pattern:
            pattern = clean_path(pattern)
            pattern = pattern[1:] if len(pattern) > 1 and pattern.startswith("/") else pattern
        patterns.append(mark + pattern)
    return patterns


def matcher_of(text: str) -> PatternMatcher:
    """The patterns of a .dockerignore file; PatternError when the builder refuses one."""
    return PatternMatcher(read_patterns(text))
