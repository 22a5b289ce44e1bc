"""The lines between instructions, and the comments there that turn the formatter off.

# dflint: format=off     nothing from here on is touched
# dflint: format=on      until here
# dflint: format=skip    the instruction below, or that it stands in, is not touched
"""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is in every text with such a comment.
MARK = "format="
_MARK = LazyPattern(r"#[ \t]*dflint:[ \t]*format=(off|on|skip)(?![\w-])")

#: What would be a parser directive at the beginning of a line, and is none behind blanks.
_DIRECTIVE = LazyPattern(r"#[ \t]*(?:syntax|escape|check)[ \t]*=", re.IGNORECASE)


class Regions:
    """Gives the lines between instructions, front to back; `is_on` tells what holds there."""

    __slots__ = ("_has_marks", "_newline", "_text", "is_on")

    def __init__(self, text: str, newline: str) -> None:
        self._text = text
        self._newline = newline
        self._has_marks = MARK in text
        self.is_on = True

    def lines_above(self, start: int, end: int, wanted: bool, is_top: bool) -> tuple[str, bool]:
        """The lines from `start` on above an instruction, and whether that is to be laid out.

        `end` is where the instruction begins, on a line that is not among them. With `is_top`
        nothing stands above them.
        """
        text = self._text
        close = max(text.rfind("\n", start, end) + 1, start)
        if start == close:
            return "", self.is_on
        lines, is_skipped = self._lines(text[start:close], wanted, is_top, end)
        return lines, self.is_on and not is_skipped

    def lines_below(self, start: int, wanted: bool, is_top: bool) -> str:
        """The lines from `start` to the end of the file, below the last instruction."""
        lines, _ = self._lines(self._text[start:], wanted, is_top)
        if not self.is_on or not wanted:
            return lines
        lines = lines.rstrip("\r\n")
        return lines + self._newline if lines else ""

    def is_skipped(self, comments: Iterable[str]) -> bool:
        """Whether one of the comments within an instruction says to leave it."""
        return self._has_marks and any(self._mark(comment) == "skip" for comment in comments)

    def _lines(self, text: str, wanted: bool, is_top: bool, end: int = -1) -> tuple[str, bool]:
        """The lines laid out; whether the comment block at their end has `format=skip` in it.

        `end` is where the instruction below begins.
        """
        lines = text.split("\n")
        last = lines.pop()
        if last:
            lines.append(last)
        kept: list[str] = []
        is_skipped = False
        was_empty = is_top
        for at, line in enumerate(lines):
            content = line.strip()
            mark = self._mark(content) if self._has_marks and content else None
            if mark == "on":
                self.is_on = True
            if not self.is_on or not wanted:
                kept.append(line + "\n" if at < len(lines) - 1 or not last else line)
            elif content or not was_empty or (is_top and not kept and self._is_guard(lines, end)):
                is_kept = content and line[0] != "#" and _DIRECTIVE.get().match(content)
                kept.append((line.rstrip() if is_kept else content) + self._newline)
            if mark == "off":
                self.is_on = False
            is_skipped = mark == "skip" or (is_skipped and bool(content))
            was_empty = not content
        return "".join(kept), is_skipped

    def _is_guard(self, lines: list[str], end: int) -> bool:
        """Whether an empty line at the top keeps a comment from being a parser directive.

        Or what stands below it from being a byte order mark.
        """
        first = next((line.strip() for line in lines if line.strip()), "")
        if not first:
            return end >= 0 and self._text.startswith("\ufeff", end)
        return first.startswith("#") and "=" in first

    def _mark(self, content: str) -> str | None:
        found = _MARK.get().match(content)
        return found[1] if found else None
