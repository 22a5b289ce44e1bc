"""The comma-separated fields of `RUN --mount` and `RUN --device`.

A field in double quotes may contain commas, and a quote when it is doubled; elsewhere a quote is
refused.
"""

from __future__ import annotations

from dflint.text.span import Span


class Field:
    """One field: its text without quotes, and where it lies, quotes left out."""

    __slots__ = ("span", "text")

    text: str
    span: Span

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span


def parse_fields(text: str) -> tuple[tuple[Field, ...], str | None]:
    """Split a line of CSV; the second value is BuildKit's reason to refuse it, if any."""
    fields: list[Field] = []
    at = 0
    while True:
        if text.startswith('"', at):
            field, at, problem = _quoted_field(text, at)
        else:
            field, at, problem = _plain_field(text, at)
        if problem is not None:
            return tuple(fields), problem
        fields.append(field)
        if at >= len(text):
            return tuple(fields), None if text else "EOF"
        at += 1


def _plain_field(text: str, start: int) -> tuple[Field, int, str | None]:
    end = text.find(",", start)
    end = len(text) if end < 0 else end
    quote = text.find('"', start, end)
    problem = None
    if quote >= 0:
        problem = _problem(text, quote, 'bare " in non-quoted-field')
    return Field(text[start:end], Span(start, end)), end, problem


def _quoted_field(text: str, start: int) -> tuple[Field, int, str | None]:
    parts: list[str] = []
    start += 1
    at = start
    while True:
        quote = text.find('"', at)
        if quote < 0:
            # What is not closed is reported where reading went on last.
            quote = at
            break
        parts.append(text[at:quote])
        if quote + 1 == len(text) or text[quote + 1] == ",":
            return Field("".join(parts), Span(start, quote)), quote + 1, None
        if text[quote + 1] != '"':
            break
        parts.append('"')
        at = quote + 2
    problem = _problem(text, quote, 'extraneous or missing " in quoted-field')
    return Field("", Span(start, len(text))), len(text), problem


def _problem(text: str, at: int, reason: str) -> str:
    column = len(text[:at].encode("utf-8", "surrogatepass")) + 1
    return f"parse error on line 1, column {column}: {reason}"
