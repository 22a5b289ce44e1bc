"""A rule's page for a terminal: its Markdown without the marks."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cli.output.color import Palette

#: `[text](target)`.
_LINK = re.compile(r"\[([^][]*+)\]\(([^()\s]++)\)")


def for_terminal(text: str, palette: Palette) -> str:
    """The page with headings in bold, code indented, and the targets of links in brackets."""
    return "".join(f"{line}\n" for line in _lines(text, palette))


def _lines(text: str, palette: Palette) -> Iterator[str]:
    fence = ""
    for line in text.splitlines():
        if fence:
            if line == fence:
                fence = ""
            else:
                yield f"    {palette.gutter}{line}{palette.reset}" if line else ""
        elif line.startswith("```"):
            fence = line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif line.startswith("#"):
            yield f"{palette.bold}{line.lstrip('#').strip()}{palette.reset}"
        else:
            yield _LINK.sub(r"\1 <\2>", line)
