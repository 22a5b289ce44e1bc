"""Makes trivia nodes of text that a builder passes over."""

from __future__ import annotations

from dflint.cst.trivia import Comment, Continuation, EmptyLine


def lines_above(source: str, start: int, end: int) -> tuple[Comment | EmptyLine, ...]:
    """The comment lines and empty lines from `start` to `end`."""
    nodes: list[Comment | EmptyLine] = []
    at = start
    while at < end:
        close = source.find("\n", at, end) + 1 or end
        nodes.append(_line(source[at:close]))
        at = close
    return tuple(nodes)


def _line(text: str) -> Comment | EmptyLine:
    content = text.rstrip("\r\n")
    newline = text[len(content) :]
    begin = content.find("#")
    if begin < 0:
        return EmptyLine(content, newline)
    return Comment(content[:begin], content[begin:], newline)


def seam(source: str, start: int, end: int) -> tuple[Continuation | Comment | EmptyLine, ...]:
    """The escaped line end at `start` and the lines dropped behind it, up to `end`."""
    close = source.find("\n", start, end) + 1 or end
    text = source[start:close]
    content = text.rstrip("\r\n")
    first = Continuation(text[0], content[1:], text[len(content) :])
    return (first, *lines_above(source, close, end))
