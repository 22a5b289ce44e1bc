"""Which frontend a file asks for: the `syntax` directive, as BuildKit looks for it.

Any frontend's file can name its syntax, so BuildKit also takes `//` comments and a JSON object,
and passes over a first line that is a shebang. Other directives stand in `#` comments only.
"""

from __future__ import annotations

import re

_SPACE = "\t\n\f\r "


class FoundDirective:
    """A directive: the first word of its value, the whole value, and its line from 1."""

    __slots__ = ("line", "value", "word")

    def __init__(self, word: str, value: str, line: int) -> None:
        self.word = word
        self.value = value
        self.line = line


def detect_directive(name: str, text: str) -> FoundDirective | None:
    """The directive `name` (lower case) in the text of any frontend's file."""
    text = text.removeprefix("\ufeff")
    line = 0
    if text.startswith("#!"):
        text = text.partition("\n")[2]
        line = 1
    found = _in_comments(name, text, line, "#")
    if found is not None or name != "syntax":
        return found
    return _in_comments(name, text, line, "//") or _in_json(name, text, line)


def _in_comments(name: str, text: str, line: int, mark: str) -> FoundDirective | None:
    pattern = re.compile(
        rf"{mark}[{_SPACE}]*([a-zA-Z][a-zA-Z0-9]*)[{_SPACE}]*=[{_SPACE}]*([^{_SPACE}].*)\Z"
    )
    for content in text.split("\n"):
        line += 1
        found = pattern.match(content.rstrip(_SPACE))
        if found is None or found.group(1).lower() not in ("syntax", "escape", "check"):
            return None
        if found.group(1).lower() == name:
            value = found.group(2)
            return FoundDirective(value.partition(" ")[0], value, line)
    return None


def _in_json(name: str, text: str, line: int) -> FoundDirective | None:
    if not text.lstrip(_SPACE).startswith("{"):
        return None
    import json

    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in members.values()):
        return None
    value = members.get(name)
    return None if value is None else FoundDirective(value, value, line + 1)
