"""`textDocument/codeLens`: what uses a stage, and building it, above each FROM."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.symbols import symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.stages import Stage
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

BUILD_STAGE = "dflint.buildStage"
"""The command that builds a stage; its arguments are the document's URI and the stage."""
SHOW_REFERENCES = "dflint.showReferences"
"""The command of clients that shows places: a URI, a position and locations."""


def code_lenses(
    version: DocumentVersion, builds: bool = False, shows: bool = False
) -> list[types.CodeLens]:
    """The lenses of the stages.

    With `shows`, the client has a command that shows where a stage is used; with `builds`, the
    server has one that builds it.
    """
    found: list[types.CodeLens] = []
    for stage in version.document.model.stages:
        place = version.lines.range(version.document.keyword(stage.from_instruction))
        command = _uses(version, stage, place.start, shows)
        if command is not None:
            found.append(types.CodeLens(place, command))
        if builds:
            name = stage.name or str(stage.index)
            title = f"Build stage {name}"
            found.append(
                types.CodeLens(
                    place, types.Command(title, BUILD_STAGE, arguments=[version.uri, name])
                )
            )
    return found


def _uses(
    version: DocumentVersion, stage: Stage, position: types.Position, shows: bool
) -> types.Command | None:
    """Who uses a stage; nothing is said of the last one, which is what is built."""
    model = version.document.model
    users = [
        other for other in model.stages if other is not stage and stage in model.graph.needs(other)
    ]
    if not users:
        is_last = stage.index + 1 == len(model.stages)
        return None if is_last else types.Command("Used by no stage", "")
    title = "Used by 1 stage" if len(users) == 1 else f"Used by {len(users)} stages"
    if not shows:
        return types.Command(title, "")
    symbol = symbols_of(version).of_stage(stage)
    places = [] if symbol is None else [one for one in symbol.mentions if not one.is_definition]
    locations = [types.Location(version.uri, version.lines.range(one.span)) for one in places]
    return types.Command(title, SHOW_REFERENCES, arguments=[version.uri, position, locations])


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def on_code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        version = server.dockerfile(params.text_document.uri)
        if version is None or not server.settings.flag("codeLens.enable"):
            return []
        builds = BUILD_STAGE in server.protocol.fm.commands
        return code_lenses(version, builds, _shows_references(server))


def _shows_references(server: DflintServer) -> bool:
    """Whether the client says that it has the command; `experimental.commands` lists them."""
    experimental = server.client_capabilities.experimental
    commands = experimental.get("commands") if isinstance(experimental, dict) else None
    listed = commands.get("commands") if isinstance(commands, dict) else None
    return isinstance(listed, list) and SHOW_REFERENCES in listed
