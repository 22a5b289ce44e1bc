"""Go's `filepath.Match`, with which COPY and ADD choose their sources."""

from __future__ import annotations

import functools
import re

from dflint.errors import BuildError

_SIGNS = "*?["


def has_wildcards(name: str) -> bool:
    """Whether a name has `*`, `?` or `[` that no backslash stands before."""
    at = 0
    while at < len(name):
        if name[at] == "\\":
            at += 1
        elif name[at] in _SIGNS:
            return True
        at += 1
    return False


def split_wildcards(path: str) -> tuple[str, list[str]]:
    """The directories before the first name with a wildcard, and the names from there on."""
    names = [name for name in path.split("/") if name]
    for at, name in enumerate(names):
        if has_wildcards(name):
            return "/".join(names[:at]), names[at:]
    return "/".join(names), []


@functools.lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The expression for one name of a pattern; BuildError when Go refuses it."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            parts.append("[^/]*")
        elif sign == "?":
            parts.append("[^/]")
        elif sign == "[":
            part, at = _read_class(pattern, at)
            parts.append(part)
        elif sign == "\\":
            if at >= len(pattern):
                raise _bad(pattern)
            parts.append(re.escape(pattern[at]))
            at += 1
        else:
            parts.append(re.escape(sign))
    return re.compile("".join(parts), re.DOTALL)


def matches(pattern: str, name: str) -> bool:
    """Whether a name is one that the pattern, itself without `/`, stands for."""
    return compile_pattern(pattern).fullmatch(name) is not None


def _bad(pattern: str) -> BuildError:
    return BuildError(f"invalid includepatterns: [{pattern}]: syntax error in pattern")


def _read_class(pattern: str, at: int) -> tuple[str, int]:
    """The class whose content begins at a place, as a regular expression, and the place behind."""
    is_negated = pattern.startswith("^", at)
    at += is_negated
    ranges: list[str] = []
    while not (pattern.startswith("]", at) and ranges):
        low, at = _read_member(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _read_member(pattern, at + 1)
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            ranges.append("")
    inside = "".join(ranges)
    if not inside:
        return ("." if is_negated else "(?!)"), at + 1
    return f"[{'^' if is_negated else ''}{inside}]", at + 1


def _read_member(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at : at + 1] in ("", "-", "]"):
        raise _bad(pattern)
    if pattern[at] == "\\":
        at += 1
    if at + 1 >= len(pattern):
        raise _bad(pattern)
    return pattern[at], at + 1
