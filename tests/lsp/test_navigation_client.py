"""The requests of navigation as a client sends them."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import BaseLanguageClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

TEXT = "FROM a AS b\nARG v\nFROM b\nCOPY --from=b \\\n x y\nRUN $v\n"
SYMBOLS = types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
ABLE = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        document_symbol=SYMBOLS,
        folding_range=types.FoldingRangeClientCapabilities(line_folding_only=True, range_limit=2),
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)


def talk(
    folder: Path,
    able: types.ClientCapabilities,
    ask: Callable[[BaseLanguageClient, str], Awaitable[None]],
) -> None:
    """Start a server, open a document, ask it, and stop it."""

    async def session() -> None:
        client = BaseLanguageClient("test", "1")
        await client.start_io(sys.executable, "-m", "dflint_lsp")
        folders = [types.WorkspaceFolder(folder.as_uri(), "w")]
        await client.initialize_async(
            types.InitializeParams(able, root_uri=folder.as_uri(), workspace_folders=folders)
        )
        client.initialized(types.InitializedParams())
        uri = (folder / "Dockerfile").as_uri()
        document = types.TextDocumentItem(uri, "dockerfile", 1, TEXT)
        client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        try:
            await asyncio.wait_for(ask(client, uri), 60)
        finally:
            await client.shutdown_async(None)
            client.exit(None)
            await client.stop()

    asyncio.run(session())


def rename(uri: str, name: str) -> types.RenameParams:
    return types.RenameParams(types.TextDocumentIdentifier(uri), types.Position(2, 5), name)


def test_a_client_that_can_do_much(tmp_path: Path):
    (tmp_path / "other.Dockerfile").write_text("FROM x AS elsewhere\n")

    async def ask(client: BaseLanguageClient, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        edit = await client.text_document_rename_async(rename(uri, "c"))
        assert edit is not None
        assert edit.changes is None
        (change,) = edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        assert [one.range.start.line for one in change.edits] == [0, 2, 3]
        with pytest.raises(JsonRpcException, match="keeps the name `scratch`") as caught:
            await client.text_document_rename_async(rename(uri, "scratch"))
        assert caught.value.code == types.LSPErrorCodes.RequestFailed
        symbols = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        )
        assert symbols is not None
        assert [one.name for one in symbols] == ["FROM", "FROM"]
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
        assert folds is not None
        assert [(one.start_line, one.start_character) for one in folds] == [(0, None), (2, None)]
        stages = await client.workspace_symbol_async(types.WorkspaceSymbolParams("e"))
        assert stages is not None
        assert [one.name for one in stages] == ["elsewhere"]

    talk(tmp_path, ABLE, ask)


def test_a_client_that_says_nothing_of_itself(tmp_path: Path):
    async def ask(client: BaseLanguageClient, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        edit = await client.text_document_rename_async(rename(uri, "c"))
        assert edit is not None
        assert edit.document_changes is None
        assert edit.changes is not None
        assert len(edit.changes[uri]) == 3
        symbols = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        )
        assert symbols is not None
        assert [one.name for one in symbols] == ["FROM", "ARG", "FROM", "COPY", "RUN"]
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
        assert folds is not None
        assert [one.start_line for one in folds] == [0, 2, 3]
        items = await client.text_document_prepare_call_hierarchy_async(
            types.CallHierarchyPrepareParams(document, types.Position(0, 0))
        )
        assert items is not None
        calls = await client.call_hierarchy_incoming_calls_async(
            types.CallHierarchyIncomingCallsParams(items[0])
        )
        assert calls is not None
        assert [len(one.from_ranges) for one in calls] == [2]

    talk(tmp_path, types.ClientCapabilities(), ask)
