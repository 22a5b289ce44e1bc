"""Where a key stands in a TOML file, for messages.

The parser tells values without their places, so the text is looked through again, and only when
something is wrong. Text in multi-line strings that looks like a key can mislead it.
"""

from __future__ import annotations

import re

_PART = re.compile(
    r"""[ \t]*+(?:"(?P<basic>(?:[^"\\]|\\.)*+)"|'(?P<literal>[^']*+)'|(?P<bare>[\w-]++))[ \t]*+"""
)


def find_line(text: str, key: tuple[str, ...]) -> int | None:
    """The line, from 1, where `key` is set, or else the nearest table or key above it."""
    table: tuple[str, ...] = ()
    best, found = 0, None
    for number, line in enumerate(text.split("\n"), 1):
        content = line.strip()
        if content.startswith("["):
            table, _ = _dotted(content.lstrip("["))
            here = table
        else:
            parts, rest = _dotted(content)
            if not parts or not rest.startswith("="):
                continue
            here = table + parts
        if len(here) > best and here == key[: len(here)]:
            best, found = len(here), number
    return found


def _dotted(text: str) -> tuple[tuple[str, ...], str]:
    """The parts of the dotted key that `text` starts with, and what follows it."""
    parts: list[str] = []
    at = 0
    while match := _PART.match(text, at):
        parts.append(match[match.lastgroup or 0])
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(parts), text[at:]
