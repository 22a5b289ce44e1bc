"""`workspace/executeCommand`: what takes longer than an edit, with progress and a way to stop it.

`dflint.buildStage` (URI, stage) builds a stage with `dflint build`; `dflint.stageGraph` (URI) gives
the stages as a Mermaid diagram; `dflint.fixAll` (URI) and `dflint.format` (URI) change a document
for clients that have no code actions on save.
"""

from __future__ import annotations

import asyncio
import os
import sys
import uuid

from lsprotocol import types

from dflint_lsp.edits import workspace_edit
from dflint_lsp.features.code_actions import resolved_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pygls.progress import Progress

    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

BUILD_STAGE = "dflint.buildStage"
STAGE_GRAPH = "dflint.stageGraph"
FIX_ALL = "dflint.fixAll"
FORMAT = "dflint.format"

#: How much of a step's line is shown beside the progress.
_SHOWN = 100


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.command(BUILD_STAGE)
    async def on_build(uri: str, *stage: str) -> bool:
        return await build_stage(server, _document(server, uri), "".join(stage))

    @server.command(STAGE_GRAPH)
    def on_graph(uri: str) -> str:
        from dflint.pictures.mermaid import mermaid
        from dflint.pictures.stage_picture import stage_picture

        return mermaid(stage_picture(_document(server, uri).document.model))

    @server.command(FIX_ALL)
    async def on_fix_all(uri: str) -> None:
        version = server.document(uri)
        await _apply(server, _document(server, uri) if version is None else version, "all")

    @server.command(FORMAT)
    async def on_format(uri: str) -> None:
        await _apply(server, _document(server, uri), "format")


async def build_stage(server: DflintServer, version: DocumentVersion, stage: str) -> bool:
    """Build a stage as it is saved; whether it was built. The log has all that is printed."""
    command = [sys.executable, "-m", "dflint", "build", "--progress", "plain", "-f", version.path]
    if stage:
        command += ["--target", stage]
    command.append(os.path.dirname(version.path) or ".")
    token = str(uuid.uuid4())
    progress = server.work_done_progress
    shows = bool(
        server.client_capabilities.window and server.client_capabilities.window.work_done_progress
    )
    if shows:
        await progress.create_async(token)
        title = f"Building {stage or os.path.basename(version.path)}"
        progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        status = await _follow(server, process, progress if shows else None, token)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    message = "built" if status == 0 else "stopped" if status is None else "not built: see the log"
    if shows:
        progress.end(token, types.WorkDoneProgressEnd(message=message))
    return status == 0


async def _follow(
    server: DflintServer,
    process: asyncio.subprocess.Process,
    progress: Progress | None,
    token: str,
) -> int | None:
    """Show what a build prints until it ends; its status, None if it was to be stopped."""
    output = process.stdout
    assert output is not None
    while True:
        try:
            line = await asyncio.wait_for(output.readline(), 0.2)
        except TimeoutError:
            line = None
        if progress is not None and progress.tokens[token].cancelled():
            return None
        if line is None:
            continue
        if not line:
            return await process.wait()
        text = line.decode(errors="replace").rstrip()
        if not text:
            continue
        server.log(text)
        if progress is not None:
            progress.report(token, types.WorkDoneProgressReport(message=text[:_SHOWN]))


async def _apply(server: DflintServer, version: DocumentVersion, work: str) -> None:
    edits = await resolved_edits(server, version, work, "")
    if edits:
        edit = workspace_edit(server.client_capabilities, version, edits)
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, "dflint"))


def _document(server: DflintServer, uri: str) -> DocumentVersion:
    version = server.dockerfile(uri)
    if version is None:
        raise ValueError(f"{uri} is not open as a Dockerfile")
    return version
