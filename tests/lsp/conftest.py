from __future__ import annotations

import asyncio
import sys

import pytest_asyncio
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities

from dflint.text.edit import Edit, apply_edits
from dflint_lsp.positions import ClientLines
from tests.lsp.clients import make_client


class Editor:
    """A client with one open Dockerfile."""

    uri = "file:///somewhere/Dockerfile"

    def __init__(self, client: LanguageClient, capabilities: types.ServerCapabilities) -> None:
        self.client = client
        self.capabilities = capabilities
        self.version = 0
        self.identifier = types.TextDocumentIdentifier(self.uri)

    def open(self, text: str, language: str = "dockerfile") -> None:
        self.version += 1
        item = types.TextDocumentItem(self.uri, language, self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, *changes: types.TextDocumentContentChangeEvent) -> None:
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(version=self.version, uri=self.uri)
        params = types.DidChangeTextDocumentParams(identifier, list(changes))
        self.client.text_document_did_change(params)

    async def diagnostics(self, until=lambda found: True) -> list[types.Diagnostic]:
        """What is said of the version that is open, once it satisfies a condition."""
        found: list[types.Diagnostic] | None = None
        for _ in range(600):
            found = await self._pulled() if self.is_pulling else self._pushed()
            if found is not None and until(found):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"only {found} in 30 s")

    @property
    def is_pulling(self) -> bool:
        return self.capabilities.diagnostic_provider is not None

    def _pushed(self) -> list[types.Diagnostic] | None:
        if self.client.reported_versions.get(self.uri) != self.version:
            return None
        return list(self.client.diagnostics[self.uri])

    async def _pulled(self) -> list[types.Diagnostic] | None:
        report = await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(self.identifier)
        )
        return list(report.items)

    async def actions(self, wanted: types.Range, only: list[str] | None = None):
        context = types.CodeActionContext(diagnostics=[], only=only)
        params = types.CodeActionParams(self.identifier, wanted, context)
        return await self.client.text_document_code_action_async(params)

    async def edited(self, text: str, edit: types.WorkspaceEdit) -> str:
        """A text with the edits that an action has for the open document."""
        if edit.document_changes:
            (changed,) = edit.document_changes
            assert changed.text_document.version == self.version
            edits = changed.edits
        else:
            (edits,) = edit.changes.values()
        return applied(text, edits, self.capabilities.position_encoding)


def applied(text: str, edits, encoding) -> str:
    lines = ClientLines(text, encoding)
    made = [Edit(lines.span(edit.range), edit.new_text) for edit in edits]
    return apply_edits(text, sorted(made))


PROFILES = ("visual-studio-code@latest", "neovim@latest", "emacs@latest")


@pytest_asyncio.fixture(params=PROFILES)
async def editor(request):
    """A server that is spoken to as an editor speaks."""
    client = make_client()
    await client.start_io(sys.executable, "-m", "dflint_lsp")
    params = types.InitializeParams(capabilities=client_capabilities(request.param))
    result = await client.initialize_session(params)
    yield Editor(client, result.capabilities)
    await client.shutdown_session()
    await client.stop()
