"""Paths as commands are given them, with globs and braces, against directories of a cache."""

from __future__ import annotations

from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_GLOBS = "*?["
# Behind these a path may go on in any way.
_OPEN = "*?[./"
_MOST = 200


def covers(pattern: str, directory: str) -> bool:
    """Whether what is done to `pattern` is done to a directory, or to all that is in it.

    A directory that begins with `~` is in any home directory.
    """
    is_in_home = directory[:1] == "~"
    if not is_in_home:
        if pattern[:1] != "/":
            return False
        # By far the most begin with another letter.
        first = pattern[1:2]
        if first not in _OPEN and directory[:1] == "/" and directory[1:2] not in ("", "/", first):
            return False
    wanted = [part for part in directory.split("/") if part]
    given: list[str] | None = [part for part in pattern.split("/") if part and part != "."]
    if is_in_home:
        wanted = wanted[1:]
        given = _below_home(pattern, given or [], wanted[0])
    if given is None or not all(map(_matches, given, wanted)):
        return False
    rest = given[len(wanted) :]
    return not rest or contains_any(rest[0], _GLOBS)


def is_at_or_below(path: str, directory: str) -> bool:
    """Whether a path is a directory itself, or something in it."""
    return covers(path, directory) and len(path.strip("/").split("/")) >= len(
        directory.strip("/").split("/")
    )


def expand_braces(text: str) -> Iterator[str]:
    """The paths that `a{b,c}` stands for; at most a few hundred."""
    todo = [text]
    for _ in range(_MOST):
        if not todo:
            return
        one = todo.pop(0)
        opening = one.rfind("{", 0, one.find("}") + 1)
        closing = one.find("}", opening)
        if opening < 0 or "," not in one[opening:closing] or one[opening - 1 : opening] == "$":
            yield one
            continue
        for choice in one[opening + 1 : closing].split(","):
            todo.append(one[:opening] + choice + one[closing + 1 :])


def _below_home(pattern: str, given: list[str], first: str) -> list[str] | None:
    """What comes after the home directory in a path; None for a path outside of any."""
    if not given:
        return [] if pattern.startswith("/") else None
    is_absolute = pattern.startswith("/")
    if pattern.startswith("~") or (is_absolute and given[0] == "root"):
        return given[1:]
    if is_absolute and given[0] == "home":
        return given[2:]
    # Some other directory that is somebody's home.
    return given[given.index(first) :] if first in given else None


def _matches(pattern: str, name: str) -> bool:
    if "*" not in pattern and "?" not in pattern and "[" not in pattern:
        return pattern == name
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern) and (name[:1] != "." or pattern[:1] == ".")
