"""Where a name is defined and used: definition, references and highlights."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.symbols import Kind, symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.span import Span
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer


def definition(version: DocumentVersion, offset: int) -> types.Location | None:
    """Where what is named at an offset is defined; a stage without a name at its FROM's image."""
    table = symbols_of(version)
    found = table.at(offset)
    if found is None:
        return None
    symbol, mention = found
    target = symbol.definition_for(mention)
    if target is not None:
        return _location(version, target.span)
    if symbol.kind is Kind.STAGE and symbol.stage is not None:
        return _location(version, version.document.core(symbol.stage.from_instruction))
    return None


def references(
    version: DocumentVersion, offset: int, include_definitions: bool
) -> list[types.Location]:
    """Everywhere that what is named at an offset is named, in the order of the text."""
    found = symbols_of(version).at(offset)
    if found is None:
        return []
    return [
        _location(version, one.span)
        for one in found[0].mentions
        if include_definitions or not one.is_definition
    ]


def highlights(version: DocumentVersion, offset: int) -> list[types.DocumentHighlight]:
    """The same for the text around the cursor: definitions are written, uses read."""
    found = symbols_of(version).at(offset)
    if found is None:
        return []
    return [
        types.DocumentHighlight(
            version.lines.range(one.span),
            types.DocumentHighlightKind.Write
            if one.is_definition
            else types.DocumentHighlightKind.Read,
        )
        for one in found[0].mentions
    ]


def _location(version: DocumentVersion, span: Span) -> types.Location:
    return types.Location(version.uri, version.lines.range(span))


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def on_definition(params: types.DefinitionParams) -> types.Location | None:
        version = server.dockerfile_at(params.text_document.uri, params.position)
        if version is None:
            return None
        return definition(version, version.lines.offset(params.position))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def on_references(params: types.ReferenceParams) -> list[types.Location]:
        version = server.dockerfile_at(params.text_document.uri, params.position)
        if version is None:
            return []
        offset = version.lines.offset(params.position)
        return references(version, offset, params.context.include_declaration)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def on_highlight(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        version = server.dockerfile_at(params.text_document.uri, params.position)
        return [] if version is None else highlights(version, version.lines.offset(params.position))
