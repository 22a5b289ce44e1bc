"""`textDocument/completion` and `completionItem/resolve`: what may be written at the cursor."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.texts import documentation, documentation_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.completing.offers import Abilities
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

TRIGGERS = ("=", " ", "$", "{", "-", ",", "/", ":", "#", "<")


def completions(
    version: DocumentVersion, offset: int, abilities: Abilities | None = None
) -> types.CompletionList:
    """What may be written at an offset."""
    from dflint_lsp.completing.at_cursor import offers_at
    from dflint_lsp.completing.offers import Abilities, completion_list
    from dflint_lsp.cursor import Cursor

    offers = offers_at(Cursor(version, offset))
    return completion_list(offers, version, offset, abilities or Abilities())


def resolved(item: types.CompletionItem, is_markdown: bool | None) -> types.CompletionItem:
    """An item with its documentation."""
    from dflint_lsp.reference.lookup import about

    match item.data:
        case [str(table), str(name)]:
            found = about(table, name)
            if found is not None:
                item.documentation = documentation(found, is_markdown)
    return item


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    options = types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def on_completion(params: types.CompletionParams) -> types.CompletionList | None:
        from dflint_lsp.completing.offers import abilities_of

        version = server.editable_at(params.text_document.uri, params.position)
        if version is None:
            return None
        abilities = abilities_of(server.client_capabilities)
        return completions(version, version.lines.offset(params.position), abilities)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def on_resolve(item: types.CompletionItem) -> types.CompletionItem:
        return resolved(item, documentation_format(server.client_capabilities))
