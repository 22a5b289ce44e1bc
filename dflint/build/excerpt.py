"""The lines of a Dockerfile that an error is about, as BuildKit prints them."""

from __future__ import annotations

from dflint.text.lines import LineIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.span import Span

_RULER = "--------------------\n"


def line_range(text: str, span: Span) -> tuple[int, int]:
    """The first and the last line, from 1, that a span touches."""
    lines = LineIndex(text)
    return lines.line(span.start), lines.line(max(span.start, span.end - 1))


def excerpt(name: str, text: str, span: Span) -> str:
    r"""The lines of a span, marked with `>>>`, and some around them, below `name:line`."""
    lines = text.split("\n")
    first, last = line_range(text, span)
    begin, end = first, min(last, len(lines))
    rest = 4 if first == last else 2
    while rest > 0:
        rest -= 1 + (begin > 1) + (end < len(lines))
        begin = max(1, begin - 1)
        end = min(len(lines), end + 1)
    shown = [
        f" {number:3d} | {'>>>' if first <= number <= last else '   '} {lines[number - 1]}\n"
        for number in range(begin, end + 1)
    ]
    return f"{name}:{first}\n{_RULER}{''.join(shown)}{_RULER}"
