"""Instructions and parser directives."""

from __future__ import annotations

import re

from dflint.text.span import Span
from dflint_lsp.completing.offers import Kind, Offer
from dflint_lsp.reference.instructions import INSTRUCTIONS
from dflint_lsp.reference.values import DIRECTIVE_FACTS, DIRECTIVE_VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint_lsp.cursor import Cursor
    from dflint_lsp.documents import DocumentVersion

_NOT_TRIGGERS = frozenset(("FROM", "MAINTAINER", "ONBUILD"))
_BEFORE_FROM = ("FROM", "ARG")
_DIRECTIVE = re.compile(r"(\ufeff?#[ \t]*)(\w*)([ \t]*=[ \t]*)?(.*)", re.DOTALL)


def instruction_offers(
    version: DocumentVersion, span: Span, is_trigger: bool = False, is_followed: bool = False
) -> Iterator[Offer]:
    """The instructions that may be written over a span.

    `is_followed` tells that arguments are there already. Before the first FROM there is little
    that may be written.
    """
    is_lower = writes_lower(version, span)
    for keyword in _keywords(version, span.start, is_trigger):
        facts = INSTRUCTIONS[keyword]
        written = keyword.lower() if is_lower else keyword
        about = ("instruction", keyword)
        forms = ("",) if is_followed else facts.forms
        for form in forms:
            offer = Offer(
                written, span, Kind.Keyword, f"{written} {form}" if form else "", about=about
            )
            offer.is_deprecated = keyword == "MAINTAINER"
            yield offer


def _keywords(version: DocumentVersion, offset: int, is_trigger: bool) -> list[str]:
    if is_trigger:
        return [one for one in INSTRUCTIONS if one not in _NOT_TRIGGERS]
    from dflint.cst.instructions import From

    froms = version.document.all(From)
    if not froms or froms[0].line.start >= offset:
        return list(_BEFORE_FROM)
    return list(INSTRUCTIONS)


def writes_lower(version: DocumentVersion, span: Span) -> bool:
    """Whether the file, apart from a span, has its keywords in small letters."""
    lower = upper = 0
    for instruction in version.document.instructions:
        line = instruction.line
        if line.start == span.start:
            continue
        keyword = line.text.partition(" ")[0]
        lower += keyword.islower()
        upper += keyword.isupper()
    return lower > upper


def directive_offers(cursor: Cursor) -> Iterator[Offer]:
    """The parser directives, or the values of the one that the cursor is in."""
    text = cursor.version.text
    start = text.rfind("\n", 0, cursor.offset) + 1
    end = text.find("\n", cursor.offset)
    line = text[start : len(text) if end < 0 else end].rstrip("\r")
    found = _DIRECTIVE.match(line)
    if found is None:
        return
    at = cursor.offset - start
    if found.start(2) <= at <= found.end(2) or (at < found.start(2) and at >= 1):
        yield from _directive_names(cursor, found, start, at)
    elif found[3] is not None and at >= found.end(3):
        yield from _directive_values(cursor, found, start, at)


def _directive_names(cursor: Cursor, found: re.Match[str], start: int, at: int) -> Iterator[Offer]:
    known = cursor.version.document.tree.directives
    given = {one.name.lower() for one in known} - {found[2].lower()}
    begin = min(found.start(2), at)
    end = found.end(2) if at >= found.start(2) else at
    span = Span(start + begin, start + end)
    for name in DIRECTIVE_FACTS:
        if name in given:
            continue
        value = DIRECTIVE_VALUES[name][0]
        has_value = found[3] is not None
        yield Offer(
            name if has_value else f"{name}=",
            span,
            Kind.Keyword,
            "" if has_value else f"{name}=${{1:{value}}}",
            label=f"{name}={value}",
            about=("directive", name),
            match=f"{name}=",
        )


def _directive_values(cursor: Cursor, found: re.Match[str], start: int, at: int) -> Iterator[Offer]:
    name = found[2].lower()
    begin = found.end(3)
    if name == "check":
        before = found[4][: at - begin]
        piece = before.rpartition(";")[2]
        key, equals, _ = piece.partition("=")
        if equals and key.strip() == "skip":
            yield from _check_names(cursor, before)
            return
        begin += len(before) - len(piece)
    span = Span(start + begin, start + max(len(found[0].rstrip()), at))
    for value in DIRECTIVE_VALUES.get(name, ()):
        yield Offer(value, span, Kind.Value)


def _check_names(cursor: Cursor, before: str) -> Iterator[Offer]:
    from dflint.lint.docs.checks import BUILDKIT

    typed = re.split(r"[=,]", before)[-1].lstrip()
    span = Span(cursor.offset - len(typed), cursor.offset)
    yield Offer("all", span, Kind.Value, detail="every check")
    for name, text, _ in BUILDKIT:
        yield Offer(name, span, Kind.Value, detail=text)
