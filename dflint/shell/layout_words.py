"""Parts of words of a shell text that may have blanks and operators in them."""

from __future__ import annotations

import re

_PLAIN = re.compile(
    r"""(?:
        [^ \t;&|<>()'"\\$`]++ | \\. | '[^']*+'
      | " (?: [^"\\$`]++ | \\. | \$ (?![({]) | \$\{ [^{}"'\\`$]*+ \} )*+ "
      | \$ (?![({'"]) | \$\{ [^{}"'\\`$]*+ \} | \$' (?: [^'\\] | \\. )*+ '
    )*+""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r'(?: [^"\\$`]++ | \\. | \$ (?![({]) )*+', re.VERBOSE | re.DOTALL)
_REDIRECT = re.compile(r"&?(?:<<<|<[&>]|>[>&|]?|<(?![<(]))")
_BACKQUOTED = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)


class Unclear(Exception):
    """The text is not understood; it says nothing of whether a shell would."""


def plain_end(text: str, at: int, is_quoted: bool = False) -> int:
    """The end of what is a part of the word at first sight, within double quotes or outside."""
    match = (_QUOTED if is_quoted else _PLAIN).match(text, at)
    return match.end() if match else at


def part_end(text: str, start: int, at: int, is_quoted: bool) -> int:
    """The end of the part that begins at `at` of a word; `at` itself if the word ends there.

    A substitution in `$(`, `<(` or `>(` is none of these parts.
    """
    first = text[at : at + 1]
    if first == "$":
        return matching(text, at + 1) if text.startswith("{", at + 1) else at + 1
    if first == "`":
        return _end(_BACKQUOTED.match(text, at))
    if is_quoted or not first:
        return at
    if first in "<>" or text.startswith("&>", at):
        return _end(_REDIRECT.match(text, at))
    if first == "(" and at > start and text[at - 1] in "@!+?*=":
        return matching(text, at)
    if first in "'\\":
        raise Unclear
    return at


def _end(match: re.Match[str] | None) -> int:
    if match is None:
        raise Unclear
    return match.end()


def matching(text: str, at: int) -> int:
    """The end of what is in the parentheses or braces that open at `at`."""
    opening = text[at]
    closing = ")" if opening == "(" else "}"
    depth = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == "'" and closing == ")":
            at = text.find("'", at + 1)
            if at < 0:
                break
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise Unclear
