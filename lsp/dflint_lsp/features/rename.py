"""Giving stages, variables and heredocs another name, everywhere at once."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dflint.text.edit import Edit
from dflint_lsp.edits import document_edit
from dflint_lsp.renaming import RenameError, check_name, check_result, check_symbol
from dflint_lsp.symbols import Kind, symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

_HEREDOC_NAMES = r"[A-Za-z0-9_.-]+"


def prepare_rename(version: DocumentVersion, offset: int) -> types.PrepareRenamePlaceholder | None:
    """The name at an offset that can be changed; raises RenameError where it cannot be."""
    found = symbols_of(version).at(offset)
    if found is None:
        return None
    symbol, mention = found
    check_symbol(version, symbol, mention)
    return types.PrepareRenamePlaceholder(version.lines.range(mention.span), symbol.name)


def rename(version: DocumentVersion, offset: int, new_name: str) -> list[types.TextEdit]:
    """The edits that change the name at an offset; raises RenameError where they would not do.

    A name with continuations in it loses them.
    """
    table = symbols_of(version)
    found = table.at(offset)
    if found is None:
        return []
    symbol, mention = found
    check_symbol(version, symbol, mention)
    if new_name == symbol.name:
        return []
    check_name(version, symbol, new_name)
    check_result(version, table, symbol, new_name)
    return version.text_edits(Edit(one.span, new_name) for one in symbol.mentions if one.is_literal)


def linked_names(version: DocumentVersion, offset: int) -> types.LinkedEditingRanges | None:
    """Both names of a heredoc, which can be typed at once."""
    found = symbols_of(version).at(offset)
    if found is None or found[0].kind is not Kind.HEREDOC or len(found[0].mentions) < 2:
        return None
    ranges = [version.lines.range(one.span) for one in found[0].mentions]
    return types.LinkedEditingRanges(ranges, _HEREDOC_NAMES)


def _failure(error: RenameError) -> JsonRpcException:
    return JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value)


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def on_prepare(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        version = server.editable_at(params.text_document.uri, params.position)
        if version is None:
            return None
        try:
            return prepare_rename(version, version.lines.offset(params.position))
        except RenameError as error:
            raise _failure(error) from error

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def on_rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        version = server.editable_at(params.text_document.uri, params.position)
        if version is None:
            return None
        offset = version.lines.offset(params.position)
        try:
            edits = rename(version, offset, params.new_name)
        except RenameError as error:
            raise _failure(error) from error
        return document_edit(server.client_capabilities, version, edits) if edits else None

    @server.feature(types.TEXT_DOCUMENT_LINKED_EDITING_RANGE)
    def on_linked(params: types.LinkedEditingRangeParams) -> types.LinkedEditingRanges | None:
        version = server.editable_at(params.text_document.uri, params.position)
        if version is None:
            return None
        return linked_names(version, version.lines.offset(params.position))
