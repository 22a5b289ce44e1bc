"""`workspace/symbol`: the stages of all Dockerfiles of the workspace by name."""

from __future__ import annotations

import asyncio
import os
from itertools import islice

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from dflint_lsp.documents import DocumentVersion, OpenDocument
from dflint_lsp.features.outline import stage_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint_lsp.server import DflintServer

_MOST_FILES = 500
_MOST_BYTES = 1_000_000


class NamedStage:
    """A stage as it is found by name: its own, else that of its image."""

    __slots__ = ("file", "location", "name")

    def __init__(self, name: str, file: str, location: types.Location) -> None:
        self.name = name
        self.file = file
        self.location = location


def named_stages(version: DocumentVersion) -> list[NamedStage]:
    """The stages of a document."""
    file = version.path.replace("\\", "/").rpartition("/")[2]
    found = []
    for stage in version.document.model.stages:
        words = stage.from_instruction.reading.arguments
        name = words[2] if stage.name and len(words) > 2 else "".join(words[:1])
        if name:
            place = version.lines.range(stage_span(version, stage))
            found.append(NamedStage(name, file, types.Location(version.uri, place)))
    return found


def search(stages: list[NamedStage], query: str) -> list[types.WorkspaceSymbol]:
    """The stages whose names have the letters of the query in that order, in any case."""
    return [
        types.WorkspaceSymbol(
            one.location, one.name, types.SymbolKind.Module, container_name=one.file
        )
        for one in stages
        if _has_letters(one.name.lower(), query.lower())
    ]


def _has_letters(name: str, query: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in query)


class WorkspaceFiles:
    """The stages of files on disk; each file is read again only when it has changed."""

    __slots__ = ("_encoding", "_known")

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._known: dict[str, tuple[tuple[int, int], list[NamedStage]]] = {}

    def stages(self, folders: list[str], without: frozenset[str]) -> list[NamedStage]:
        """The stages of the Dockerfiles in some folders, but those of the files `without`.

        Folders are looked through as `dflint check` does it.
        """
        from dflint.config.find import ConfigFinder
        from dflint.discovery.walk import discover

        found: list[NamedStage] = []
        for one in islice(discover(folders, ConfigFinder(isolated=True)), _MOST_FILES):
            path = os.path.abspath(one.path)
            if one.error is None and one.note is None and path not in without:
                found += self._read(path)
        return found

    def _read(self, path: str) -> list[NamedStage]:
        try:
            status = os.stat(path)
            if status.st_size > _MOST_BYTES:
                return []
            state = (status.st_mtime_ns, status.st_size)
            known = self._known.get(path)
            if known is None or known[0] != state:
                with open(path, encoding="utf-8", errors="replace", newline="") as file:
                    text = file.read()
                uri = from_fs_path(path) or ""
                version = DocumentVersion(uri, text, None, self._encoding, path)
                known = self._known[path] = (state, named_stages(version))
        except OSError:
            return []
        return known[1]


def _open_versions(server: DflintServer) -> Iterator[DocumentVersion]:
    for document in server.documents.text_documents.values():
        is_served = isinstance(document, OpenDocument) and document.is_served
        if is_served and document.current.is_dockerfile:
            yield document.current


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    files: list[WorkspaceFiles] = []
    lock = asyncio.Lock()

    @server.feature(types.WORKSPACE_SYMBOL)
    async def on_symbols(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        versions = list(_open_versions(server))
        found = [stage for version in versions for stage in named_stages(version)]
        paths = (to_fs_path(uri) for uri in server.documents.folders)
        folders = [path for path in paths if path and os.path.isdir(path)]
        is_open = frozenset(os.path.abspath(version.path) for version in versions)
        if folders:
            if not files:
                files.append(WorkspaceFiles(_encoding(server)))
            async with lock:
                found += await asyncio.to_thread(files[0].stages, folders, is_open)
        return search(found, params.query)


def _encoding(server: DflintServer) -> str:
    encoding = server.documents.position_encoding
    return str(getattr(encoding, "value", encoding) or "utf-16")
