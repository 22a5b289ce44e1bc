"""Patterns of .dockerignore, matched as github.com/moby/patternmatcher does.

A pattern is matched against the whole path from the context's root. `*` and `?` stop at `/`, `**`
does not; the last pattern that matches a path, or a directory above it, decides, and one that
begins with `!` takes the path in again.
"""

from __future__ import annotations

from dflint.context.automaton import Automaton, PatternError

__all__ = ["Pattern", "PatternError", "PatternMatcher", "clean_path"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SYNTAX = "syntax error in pattern"
#: What means something in a regular expression and nothing in a pattern. patternmatcher forgets
#: `|`, which in a pattern with wildcards parts it in two, and `^`.
_ESCAPED = frozenset(".+(){}$")


class Pattern:
    """One pattern: `text` without its `!`, cleaned as a path is; `is_exception` tells the `!`."""

    __slots__ = ("_automaton", "is_exception", "text")

    def __init__(self, text: str) -> None:
        text = clean_path(text)
        self.is_exception = text.startswith("!")
        if text == "!":
            raise PatternError('illegal exclusion pattern: "!"')
        self.text = text.removeprefix("!")
        _check_syntax(self.text)
        source = _regex_of(self.text)
        self._automaton = Automaton(source) if source else None

    def __repr__(self) -> str:
        return f"Pattern({('!' if self.is_exception else '') + self.text!r})"

    def matches(self, path: str) -> bool:
        """Whether the pattern matches the path itself."""
        if self._automaton is not None:
            return self._automaton.matches(path)
        if self.text.startswith("**"):
            tail = self.text[2:]
            return path.endswith(tail) or (tail.startswith("/") and path == tail[1:])
        if self.text.endswith("**"):
            return path.startswith(self.text[:-2])
        return path == self.text

    def matches_within(self, path: str) -> bool:
        """Whether the pattern matches the path or a directory above it."""
        if self.matches(path):
            return True
        end = path.find("/", 1)
        while end >= 0:
            if self.matches(path[:end]):
                return True
            end = path.find("/", end + 1)
        return False


class PatternMatcher:
    """The patterns of one file, in order; PatternError if one of them is none."""

    __slots__ = ("patterns",)

    def __init__(self, patterns: Iterable[str]) -> None:
        trimmed = (pattern.strip() for pattern in patterns)
        self.patterns = tuple(Pattern(pattern) for pattern in trimmed if pattern)

    def excluding(self, path: str) -> int | None:
        """The index of the pattern that keeps a path out; None when it is in the context."""
        last: int | None = None
        for at, pattern in enumerate(self.patterns):
            if pattern.is_exception == (last is not None) and pattern.matches_within(path):
                last = None if pattern.is_exception else at
        return last

    def excludes(self, path: str) -> bool:
        """Whether a path, relative to the context's root, is kept out."""
        return self.excluding(path) is not None


def clean_path(path: str) -> str:
    """The shortest path that is the same: without `.`, inner `..` and doubled slashes."""
    root = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".." or not root:
            parts.append(part)
    return ("/" if root else "") + "/".join(parts) or "."


def _check_syntax(text: str) -> None:
    """Raise PatternError for what Go's `filepath.Match` refuses: bad classes, a last backslash."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
            if at == len(text):
                raise PatternError(_SYNTAX)
        elif text[at] == "[":
            at = _class_end(text, at + 1)
            continue
        at += 1


def _class_end(text: str, at: int) -> int:
    """The place behind the class whose content begins at `at`."""
    if text.startswith("^", at):
        at += 1
    begin = at
    while True:
        if text.startswith("]", at) and at > begin:
            return at + 1
        at = _member_end(text, at)
        if text.startswith("-", at):
            at = _member_end(text, at + 1)


def _member_end(text: str, at: int) -> int:
    """The place behind one character of a class; a class cannot end there."""
    if text[at : at + 1] in ("", "-", "]"):
        raise PatternError(_SYNTAX)
    at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise PatternError(_SYNTAX)
    return at


def _regex_of(text: str) -> str:
    """The regular expression for a pattern; empty when comparing texts does.

    That is so without wildcards, and with `**` at one end alone. It is the one that
    patternmatcher makes, oddities included.
    """
    parts: list[str] = []
    is_regex = False
    at = 0
    while at < len(text):
        sign = text[at]
        begin = at
        at += 1
        if text.startswith("**", begin):
            at += 2 if text.startswith("/", begin + 2) else 1
            is_last = at >= len(text)
            parts.append(".*" if is_last else "(.*/)?")
            is_regex = is_regex or (begin > 0 and (not is_last or text.startswith("**")))
        elif sign in "*?":
            parts.append("[^/]*" if sign == "*" else "[^/]")
            is_regex = True
        elif sign in _ESCAPED:
            parts.append("\\" + sign)
        elif sign == "\\":
            parts.append(text[begin : begin + 2])
            at += 1
            is_regex = True
        else:
            parts.append(sign)
            is_regex = is_regex or sign in "[]"
    return "".join(parts) if is_regex else ""
