"""Clients that answer what editors answer."""

from __future__ import annotations

from lsprotocol import types
from pytest_lsp import LanguageClient
from pytest_lsp.client import make_test_lsp_client


def make_client() -> LanguageClient:
    """A client that remembers what was registered, and which versions were told of."""
    client = make_test_lsp_client()
    client.reported_versions = {}
    client.registered = []
    del client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def on_diagnostics(params: types.PublishDiagnosticsParams):
        client.diagnostics[params.uri] = params.diagnostics
        client.reported_versions[params.uri] = params.version

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def on_register(params: types.RegistrationParams):
        client.registered += params.registrations

    return client
