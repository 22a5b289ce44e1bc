"""What may be written at a cursor, by the kind of place that it is."""

from __future__ import annotations

from dflint.text.span import Span
from dflint_lsp.completing.arguments import argument_offers
from dflint_lsp.completing.flags import flag_offers, flag_value_offers
from dflint_lsp.completing.keywords import directive_offers, instruction_offers
from dflint_lsp.completing.offers import Kind, Offer, Offers
from dflint_lsp.completing.variables import body_variable_offers, variable_offers
from dflint_lsp.cursor import Cursor, Parts, Place


def offers_at(cursor: Cursor) -> Offers:
    """All that may be written at a cursor."""
    if cursor.place is Place.DIRECTIVE:
        return Offers(list(directive_offers(cursor)))
    if cursor.place is Place.HEREDOC:
        return _in_heredoc(cursor)
    if cursor.place is Place.GAP:
        span = Span(cursor.offset, cursor.offset)
        return Offers(list(instruction_offers(cursor.version, span)))
    if cursor.place is Place.COMMENT or cursor.is_behind_escape:
        return Offers()
    return _in_instruction(cursor)


def _in_instruction(cursor: Cursor) -> Offers:
    parts = Parts(cursor)
    if parts.is_keyword:
        return _keywords(cursor, parts)
    variables = variable_offers(cursor)
    if variables is not None:
        return Offers(variables)
    if parts.flag is not None and "=" in parts.flag.prefix:
        return flag_value_offers(parts)
    offers = Offers()
    if parts.flag is None:
        offers = argument_offers(parts)
    flags = list(flag_offers(parts))
    first = offers.items if parts.keyword == "healthcheck" else []
    rest = [] if first else offers.items
    return Offers([*first, *flags, *rest], offers.is_complete)


def _keywords(cursor: Cursor, parts: Parts) -> Offers:
    begin = min(parts.keyword_begin, cursor.at)
    if not cursor.text[begin : cursor.at].strip():
        begin = cursor.at
    end = max(parts.keyword_end, cursor.at)
    span = cursor.edited(begin, end)
    if span is None:
        return Offers()
    is_followed = bool(cursor.text[end:].strip())
    return Offers(list(instruction_offers(cursor.version, span, parts.is_trigger, is_followed)))


def _in_heredoc(cursor: Cursor) -> Offers:
    """Variables where the builder expands them, and the delimiter of a heredoc that lacks it."""
    line = cursor.line
    for marker, (start, close, end) in zip(line.markers, line.bodies, strict=True):
        if not start <= cursor.offset <= end:
            continue
        line_start = cursor.version.text.rfind("\n", 0, cursor.offset) + 1
        typed = cursor.version.text[line_start : cursor.offset]
        if close == end and not typed.strip("\t") and marker.name:
            span = Span(line_start + len(typed) - len(typed.lstrip("\t")), cursor.offset)
            return Offers([Offer(marker.name, span, Kind.Keyword, detail="ends the heredoc")])
        if marker.expand:
            cursor.before = cursor.text = typed
            return Offers(body_variable_offers(cursor))
    return Offers()
