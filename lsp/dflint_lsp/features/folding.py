"""`textDocument/foldingRange`: what can be folded away."""

from __future__ import annotations

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer


def folding_ranges(version: DocumentVersion) -> list[types.FoldingRange]:
    """The instructions of more than one line."""
    lines = version.lines
    found: list[types.FoldingRange] = []
    for instruction in version.document.instructions:
        span = version.document.core(instruction)
        start, end = lines.line_of(span.start), lines.line_of(span.end)
        if end > start:
            found.append(types.FoldingRange(start, end))
    return found


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def on_folding_range(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        version = server.dockerfile(params.text_document.uri)
        return [] if version is None else folding_ranges(version)
