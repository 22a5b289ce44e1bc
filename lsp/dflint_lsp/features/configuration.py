"""Settings and configuration files: asked for, watched, and used at once when they change."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.configurations import WATCHED
from dflint_lsp.features import diagnostics
from dflint_lsp.settings import SECTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.server import DflintServer

_PULLED = "dflint-configuration"
_FILES = "dflint-files"


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.INITIALIZED)
    def on_initialized(params: types.InitializedParams) -> None:
        server.spawn(_set_up(server))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def on_configuration(params: types.DidChangeConfigurationParams) -> None:
        if _can_be_asked(server):
            server.spawn(_pull(server))
            return
        given = params.settings
        section = given.get(SECTION) if isinstance(given, dict) else None
        if section is not None:
            server.use_settings(section)
            diagnostics.restart(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def on_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.configurations.forget()
        diagnostics.restart(server)
        tell_problems(server)


def tell_problems(server: DflintServer) -> None:
    """Show what is wrong with configuration files: nobody would look for that in a log."""
    for problem in server.configurations.problems():
        server.window_show_message(
            types.ShowMessageParams(types.MessageType.Error, f"dflint: {problem}")
        )


def _can_be_asked(server: DflintServer) -> bool:
    workspace = server.client_capabilities.workspace
    return workspace is not None and bool(workspace.configuration)


async def _set_up(server: DflintServer) -> None:
    """Ask for what the server wants to know of its client."""
    await _pull(server)
    await _register_watchers(server)


async def _pull(server: DflintServer) -> None:
    """Ask the client for its settings, and use them if they are others than before."""
    if not _can_be_asked(server):
        return
    items = [types.ConfigurationItem(section=SECTION)]
    answer = await server.workspace_configuration_async(types.ConfigurationParams(items))
    given = answer[0] if answer else None
    if given is None:
        return
    before = server.settings
    server.use_settings(given)
    if server.settings != before:
        diagnostics.restart(server)
    tell_problems(server)


async def _register_watchers(server: DflintServer) -> None:
    """Have the client watch the files that findings depend on, if it does such things."""
    workspace = server.client_capabilities.workspace
    if workspace is None:
        return
    wanted: list[types.Registration] = []
    watching = workspace.did_change_watched_files
    if watching is not None and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append(types.Registration(_FILES, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    changing = workspace.did_change_configuration
    if changing is not None and changing.dynamic_registration:
        settings = types.DidChangeConfigurationRegistrationOptions(SECTION)
        wanted.append(
            types.Registration(_PULLED, types.WORKSPACE_DID_CHANGE_CONFIGURATION, settings)
        )
    if wanted:
        await server.client_register_capability_async(types.RegistrationParams(wanted))
