"""Requests of the writing half as editors send them."""

from __future__ import annotations

import sys

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities

from tests.lsp.clients import make_client

URI = "file:///somewhere/Dockerfile"
TEXT = "FROM a AS b\nENV é=😀 V=1\nUSER '😀' $V\nFROM b\nRUN true # 😀\n"
DOCUMENT = types.TextDocumentIdentifier(URI)
WHOLE = types.Range(types.Position(0, 0), types.Position(5, 0))


@pytest_asyncio.fixture(params=("visual-studio-code@latest", "neovim@latest", "emacs@latest"))
async def client(request):
    """An editor with an open Dockerfile."""
    client: LanguageClient = make_client()
    await client.start_io(sys.executable, "-m", "dflint_lsp")
    params = types.InitializeParams(capabilities=client_capabilities(request.param))
    client.result = await client.initialize_session(params)
    item = types.TextDocumentItem(URI, "dockerfile", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    yield client
    await client.shutdown_session()
    await client.stop()


def units(client: LanguageClient, text: str) -> int:
    """How many units of the agreed encoding a text takes."""
    encoding = client.result.capabilities.position_encoding or "utf-16"
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    return len(text.encode(codec)) // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]


@pytest.mark.asyncio
async def test_completion_and_its_documentation(client):
    position = types.Position(5, 0)
    found = await client.text_document_completion_async(types.CompletionParams(DOCUMENT, position))
    item = next(one for one in found.items if one.label.startswith("HEALTHCHECK"))
    resolved = await client.completion_item_resolve_async(item)
    text = resolved.documentation
    assert "still works" in (text if isinstance(text, str) else text.value)


@pytest.mark.asyncio
async def test_hover_behind_characters_of_several_units(client):
    at = units(client, "USER '😀' $")
    found = await client.text_document_hover_async(
        types.HoverParams(DOCUMENT, types.Position(2, at))
    )
    assert "V" in found.contents.value and "= " in found.contents.value
    assert found.range == types.Range(types.Position(2, at), types.Position(2, at + 1))


@pytest.mark.asyncio
async def test_signature_help(client):
    position = types.Position(3, 5)
    found = await client.text_document_signature_help_async(
        types.SignatureHelpParams(DOCUMENT, position)
    )
    assert len(found.signatures) == 6


@pytest.mark.asyncio
async def test_tokens_and_what_changed_of_them(client):
    full = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(DOCUMENT)
    )
    assert len(full.data) % 5 == 0 and full.data[2] == 4
    last = full.data[-5:]
    assert list(last[1:3]) == [5, units(client, "# 😀")]
    identifier = types.VersionedTextDocumentIdentifier(2, URI)
    change = types.TextDocumentContentChangePartial(
        types.Range(types.Position(4, 4), types.Position(4, 4)), "\\\n"
    )
    client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
    delta = await client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(DOCUMENT, full.result_id)
    )
    (edit,) = delta.edits
    changed = list(full.data)
    changed[edit.start : edit.start + edit.delete_count] = edit.data or []
    whole = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(DOCUMENT)
    )
    assert changed == list(whole.data)


@pytest.mark.asyncio
async def test_hints_and_lenses(client):
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(DOCUMENT, WHOLE))
    assert [one.label for one in hints] == ["= 1"]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(DOCUMENT))
    assert lenses[0].command.title == "Used by 1 stage"
