"""`textDocument/publishDiagnostics` and `textDocument/diagnostic`: what is wrong, as one types.

A client that asks by itself (LSP 3.17, "Pull Diagnostics") is not told unasked; when ShellCheck
has more to say it is asked to ask again.
"""

from __future__ import annotations

from zlib import crc32

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.checking import Checked
    from dflint_lsp.server import DflintServer

_IDENTIFIER = "dflint"


def publish(server: DflintServer, uri: str, checked: Checked) -> None:
    """Tell the client what was found in the version that is open."""
    for remark in dict.fromkeys(one for part in checked.parts for one in part.remarks):
        server.log(remark)
    for part in checked.parts:
        if part.failure is not None:
            server.log(part.failure, types.MessageType.Warning)
    if server.is_pulled:
        server.refresh_diagnostics()
        return
    server.told.add(uri)
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri, checked.diagnostics, checked.number)
    )


def clear(server: DflintServer, uri: str) -> None:
    """Take back what was said of a document."""
    if uri in server.told:
        server.told.discard(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def start(server: DflintServer, uri: str, at_once: bool = False) -> None:
    """Have a document checked, if it is one that we check."""
    if server.lints(uri):
        server.checks.start(uri, at_once)
    else:
        server.checks.close(uri)
        clear(server, uri)


def restart(server: DflintServer) -> None:
    """Have all open documents checked anew: a configuration or a setting has changed."""
    for uri in list(server.documents.text_documents):
        server.checks.close(uri)
        start(server, uri, at_once=True)
    if server.is_pulled:
        server.refresh_diagnostics()


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def on_open(params: types.DidOpenTextDocumentParams) -> None:
        start(server, params.text_document.uri, at_once=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def on_change(params: types.DidChangeTextDocumentParams) -> None:
        if not _waits_for_save(server):
            start(server, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def on_save(params: types.DidSaveTextDocumentParams) -> None:
        if _waits_for_save(server):
            uri = params.text_document.uri
            server.checks.forget_saved(uri)
            start(server, uri, at_once=True)
            if server.is_pulled and server.lints(uri):
                server.refresh_diagnostics()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def on_close(params: types.DidCloseTextDocumentParams) -> None:
        server.checks.close(params.text_document.uri)
        clear(server, params.text_document.uri)


def _waits_for_save(server: DflintServer) -> bool:
    return server.settings.text("lint.run") == "onSave"


async def _asked(server: DflintServer, uri: str) -> Checked | None:
    """What a client is told that asks: of the version that is open, or of the one last saved."""
    if not server.lints(uri):
        return None
    if _waits_for_save(server):
        return await server.checks.as_saved(uri)
    return await server.checks.of(uri)


def _result_id(checked: Checked) -> str:
    """A name for what was found; of one version ShellCheck or a setting may make another."""
    found = "\n".join(f"{one.code} {one.range} {one.message}" for one in checked.diagnostics)
    return f"{checked.number}-{crc32(found.encode()):08x}"


def register_pull(server: DflintServer) -> None:
    """Answer clients that ask for diagnostics themselves."""
    options = types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=False, identifier=_IDENTIFIER
    )

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def on_diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.DocumentDiagnosticReport:
        uri = params.text_document.uri
        checked = await _asked(server, uri)
        if checked is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[], result_id="none")
        result_id = _result_id(checked)
        if params.previous_result_id == result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result_id)
        return types.RelatedFullDocumentDiagnosticReport(checked.diagnostics, result_id=result_id)
