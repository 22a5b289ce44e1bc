"""`textDocument/hover`: what the text under the pointer is and does."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.cursor import Cursor, Parts, Place
from dflint_lsp.hovering.findings import findings_told
from dflint_lsp.hovering.instructions import keyword_told
from dflint_lsp.hovering.names import name_told
from dflint_lsp.hovering.parts import argument_told, directive_told, flag_told
from dflint_lsp.texts import hover_format, markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.finding import Finding
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.hovering.told import Told
    from dflint_lsp.server import DflintServer


def hover(
    version: DocumentVersion,
    offset: int,
    is_markdown: bool = True,
    findings: Sequence[Finding] = (),
    findings_alone: bool = True,
) -> types.Hover | None:
    """What there is to say of the text at an offset, and why it was found fault with.

    Without `findings_alone` the reasons only go with something else: editors show what was found
    by themselves.
    """
    told = _told(Cursor(version, offset))
    reasons = findings_told(findings, offset) if told is not None or findings_alone else []
    texts = [one.text for one in ([] if told is None else [told]) + reasons]
    if not texts:
        return None
    span = told.span if told is not None else reasons[0].span
    return types.Hover(markup("\n\n---\n\n".join(texts), is_markdown), version.lines.range(span))


def _told(cursor: Cursor) -> Told | None:
    if cursor.place is Place.DIRECTIVE:
        return directive_told(cursor)
    if cursor.place is Place.HEREDOC:
        return name_told(cursor)
    if cursor.place is not Place.INSTRUCTION:
        return None
    parts = Parts(cursor)
    return (
        keyword_told(cursor, parts) or flag_told(parts) or name_told(cursor) or argument_told(parts)
    )


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def on_hover(params: types.HoverParams) -> types.Hover | None:
        version = server.dockerfile_at(params.text_document.uri, params.position)
        if version is None:
            return None
        return hover(
            version,
            version.lines.offset(params.position),
            hover_format(server.client_capabilities),
            server.findings(version),
            server.settings.flag("hover.findings"),
        )
