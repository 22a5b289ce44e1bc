"""The server: what every feature stands on. It registers the features and does nothing else."""

from __future__ import annotations

import asyncio
import logging
import sys
from importlib import import_module
from threading import Event

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from dflint import __version__
from dflint_lsp.abilities import make_converter
from dflint_lsp.checking import Checks
from dflint_lsp.configurations import Configurations
from dflint_lsp.departure import is_departure
from dflint_lsp.documents import Documents, DocumentVersion
from dflint_lsp.features import diagnostics
from dflint_lsp.incoming import Incoming
from dflint_lsp.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import BinaryIO

    from pygls.server import ServerErrors

    from dflint.lint.finding import Finding

_log = logging.getLogger(__name__)

FEATURES = (
    "code_actions",
    "code_lens",
    "commands",
    "completion",
    "configuration",
    "diagnostics",
    "folding",
    "formatting",
    "hierarchy",
    "hover",
    "inlay_hints",
    "links",
    "navigation",
    "outline",
    "rename",
    "selection",
    "semantic_tokens",
    "signature_help",
    "workspace",
)
"""The modules of `dflint_lsp.features`, each with `register(server)`."""


class DflintServer(LanguageServer):
    """The language server of dflint, one per client."""

    def __init__(self) -> None:
        super().__init__("dflint", __version__, converter_factory=make_converter)
        self.settings = Settings()
        #: What the process ends with (LSP 3.17, "Exit Notification").
        self.status = 0
        #: The documents that the client was told findings of, unasked.
        self.told: set[str] = set()
        self._is_shut_down = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.checks = Checks(
            self.document,
            lambda version: self.configurations.for_builds(version),
            lambda uri, checked: diagnostics.publish(self, uri, checked),
            lambda: self.is_pulled,
        )
        self.configurations = Configurations(lambda: self.checks.session.names)
        for name in FEATURES:
            import_module(f"dflint_lsp.features.{name}").register(self)

        @self.feature(types.INITIALIZE)
        def on_initialize(params: types.InitializeParams) -> None:
            self._take_documents()
            self.use_settings(params.initialization_options)
            if self.is_pulled:
                diagnostics.register_pull(self)

        @self.feature(types.SHUTDOWN)
        def on_shutdown(params: None) -> None:
            self._is_shut_down = True
            self.checks.end()

        @self.feature(types.EXIT)
        def on_exit(params: None) -> None:
            self.status = 0 if self._is_shut_down else 1

    def start_io(self, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None) -> None:
        """Serve the client at the other end of two streams, standard ones if none are given."""
        self._stop_event = Event()
        self.protocol.set_writer(StdoutWriter(stdout or sys.stdout.buffer))
        reader = Incoming(stdin or sys.stdin.buffer, self.thread_pool)
        try:
            asyncio.run(
                run_async(
                    self._stop_event,
                    reader,
                    self.protocol,
                    error_handler=self.report_server_error,
                )
            )
        except (BrokenPipeError, KeyboardInterrupt, SystemExit):
            return
        finally:
            self.shutdown()  # type: ignore[no-untyped-call]  # pygls says nothing of it

    @property
    def documents(self) -> Documents:
        """The documents that are open."""
        workspace = self.workspace
        assert isinstance(workspace, Documents)
        return workspace

    @property
    def is_pulled(self) -> bool:
        """Whether the client asks for diagnostics, and is not to be told unasked."""
        document = self.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    def document(self, uri: str) -> DocumentVersion | None:
        """The version of an open document that is a Dockerfile, or may have some in it."""
        return self.documents.version(uri)

    def dockerfile(self, uri: str) -> DocumentVersion | None:
        """The version of an open Dockerfile, None for what is not open or is none."""
        version = self.document(uri)
        return version if version is not None and version.is_dockerfile else None

    def dockerfile_at(self, uri: str, position: types.Position) -> DocumentVersion | None:
        """The Dockerfile at a place of an open document: itself, or the one that stands there."""
        version = self.document(uri)
        found = () if version is None else version.dockerfiles
        return next((one for one in found if one.lines.holds(position)), None)

    def editable_at(self, uri: str, position: types.Position) -> DocumentVersion | None:
        """The same where it can be changed there."""
        version = self.dockerfile_at(uri, position)
        return version if version is not None and version.takes_edits else None

    def lints(self, uri: str) -> bool:
        """Whether the document is one to be checked."""
        wanted = self.settings.flag("enable") and self.settings.flag("lint.enable")
        return wanted and self.documents.is_served(uri)

    def findings(self, version: DocumentVersion) -> list[Finding]:
        """What is known to be wrong with the version that is open."""
        checked = self.checks.last(version.uri)
        return [] if checked is None else checked.within(version).findings

    def use_settings(self, given: object) -> None:
        """Take over the settings of the editor."""
        self.settings = Settings(given)
        for problem in self.settings.problems:
            self.log(problem, types.MessageType.Warning)
        self.configurations.use(self.settings)

    def log(self, message: str, level: types.MessageType = types.MessageType.Info) -> None:
        """Write to the client's log, where people look when something seems wrong."""
        self.window_log_message(types.LogMessageParams(level, message))

    def refresh_diagnostics(self) -> None:
        """Ask a client that pulls to pull again, if it can be asked."""
        workspace = self.client_capabilities.workspace
        wanted = workspace.diagnostics if workspace is not None else None
        if wanted is not None and wanted.refresh_support:
            self.workspace_diagnostic_refresh(None)

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Do something beside the requests; what goes wrong with it is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not is_departure(error):
            _log.warning("%s", error)

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Write what went wrong to the log: no error is worth a popup over somebody's work.

        A request that we refuse with a reason has gone well, and so has a client that leaves.
        """
        if is_departure(error):
            return
        if isinstance(error, JsonRpcException) and error.code == types.LSPErrorCodes.RequestFailed:
            return
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
