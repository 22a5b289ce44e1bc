"""The server: what every feature stands on. It registers the features and does nothing else."""

from __future__ import annotations

import logging
from importlib import import_module

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from dflint import __version__
from dflint_lsp.documents import Documents, DocumentVersion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pygls.server import ServerErrors

_log = logging.getLogger(__name__)

FEATURES = (
    "code_lens",
    "completion",
    "folding",
    "hover",
    "inlay_hints",
    "navigation",
    "semantic_tokens",
    "signature_help",
)
"""The modules of `dflint_lsp.features`, each with `register(server)`."""


class DflintServer(LanguageServer):
    """The language server of dflint, one per client."""

    def __init__(self) -> None:
        super().__init__("dflint", __version__)

        @self.feature(types.INITIALIZE)
        def on_initialize(params: types.InitializeParams) -> None:
            self._take_documents()

        for name in FEATURES:
            import_module(f"dflint_lsp.features.{name}").register(self)

    @property
    def documents(self) -> Documents:
        """The documents that are open."""
        workspace = self.workspace
        assert isinstance(workspace, Documents)
        return workspace

    def dockerfile(self, uri: str) -> DocumentVersion | None:
        """The version of an open Dockerfile, None for what is not open or is none."""
        version = self.documents.version(uri)
        return version if version is not None and version.is_dockerfile else None

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Write what went wrong to the log: no error is worth a popup over somebody's work."""
        _log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)

    def _take_documents(self) -> None:
        """Put our documents where the framework has made its own."""
        made = self.protocol.workspace
        self.protocol._workspace = Documents(
            made.root_uri,
            self._text_document_sync_kind,
            list(made.folders.values()),
            made.position_encoding,
        )
