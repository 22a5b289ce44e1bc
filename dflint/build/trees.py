"""The trees that steps take files from: contexts, fetched files, and the results of others."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from dflint.build.contexts import Contexts, Files
from dflint.build.result import Result
from dflint.build.transfers import Reporter, Transfer
from dflint.content.store import ContentStore
from dflint.context.patterns import clean_path
from dflint.errors import BuildError
from dflint.files.copying import Copy, copy
from dflint.files.tree import SourceTree
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.ops import (
    ContextSource,
    ExecOp,
    FileOp,
    GitSource,
    HttpSource,
    NamedContextSource,
    Op,
)
from dflint.graph.vertex import Vertex
from dflint.snapshot.base import Snapshotter
from dflint.sources.git_url import GitAddress, read_git_address

if TYPE_CHECKING:
    from dflint.sources.git import GitCommit, GitOptions
    from dflint.sources.http import HttpFile

_T = TypeVar("_T")
_FOLDERS = (ContextSource, NamedContextSource)
_FILES = (ContextSource, NamedContextSource, HttpSource, GitSource)


class Trees:
    """Gives the tree of each source once; for several threads. `held` is open as long as it is."""

    def __init__(
        self,
        store: ContentStore,
        snapshotter: Snapshotter,
        contexts: Contexts,
        graph: BuiltGraph,
        folder: str,
        held: contextlib.ExitStack,
        reporter: Reporter,
    ) -> None:
        self._reporter = reporter
        self._store = store
        self._snapshotter = snapshotter
        self._contexts = contexts
        self._folder = folder
        self._held = held
        self._lock = threading.Lock()
        self._locks: dict[object, threading.Lock] = {}
        self._known: dict[object, object] = {}
        self._wanted: dict[str, list[str]] = {}
        for vertex in graph.reachable():
            for number, source in _taken(vertex.op):
                self._wanted.setdefault(vertex.inputs[number].digest, []).append(source)

    def has_layers(self, vertex: Vertex) -> bool:
        """Whether what a vertex gives is a result, rather than files from outside."""
        return not isinstance(vertex.op, _FILES)

    def tree(self, vertex: Vertex, layers: Result) -> SourceTree:
        """The tree of a source."""
        op = vertex.op
        if isinstance(op, ContextSource):
            return self._once(vertex.digest, lambda: self._context(vertex, self._contexts.main))
        if isinstance(op, NamedContextSource):
            files = self._contexts.named_files(op.name)
            return self._once(vertex.digest, lambda: self._context(vertex, files))
        if isinstance(op, HttpSource):
            return self._once(("tree", vertex.digest), lambda: self._fetched(vertex, op))
        if isinstance(op, GitSource):
            return self._once(("tree", vertex.digest), lambda: self._checkout(vertex, op))
        return self._once(layers, lambda: self._opened(self.view(layers), False))

    def reading(self, vertex: Vertex) -> Transfer:
        """The reading of a source's files, as progress shows it; a context."""
        name = "transferring context:" if isinstance(vertex.op, _FOLDERS) else "downloading"
        return self._once(
            ("reading", vertex.digest), lambda: Transfer(self._reporter, vertex, name)
        )

    def view(self, layers: Result) -> str:
        """Where the file system of layers is to be read."""

        def mount() -> str:
            path = self._snapshotter.view(layers)
            with self._lock:
                return self._held.enter_context(path)

        return self._once(("view", layers), mount)

    def path(self, vertex: Vertex, source: str) -> str:
        """The path in its tree of what an action takes from a source."""
        if isinstance(vertex.op, HttpSource):
            from dflint.sources.http import file_name

            return "/" + file_name(vertex.op.url)
        return "/" if isinstance(vertex.op, GitSource) else source

    def digest(self, vertex: Vertex) -> str:
        """What stands for the content of a fetched source, known without all of its files."""
        op = vertex.op
        if isinstance(op, HttpSource):
            from dflint.sources.http import file_name

            return self._http(vertex, op).key(file_name(op.url))
        assert isinstance(op, GitSource)
        return f"{self._commit(vertex, op)[1].key} {op.keeps_git_dir}"

    def folder(
        self,
        vertex: Vertex,
        layers: Result,
        source: str,
        is_writable: bool,
        held: contextlib.ExitStack,
    ) -> str:
        """A folder that has what a mount takes from a source, at the same path."""
        if self.has_layers(vertex):
            return self.view(layers)
        tree = self.tree(vertex, layers)
        is_whole = isinstance(vertex.op, ContextSource) and self._contexts.main.matcher is None
        if is_whole and not is_writable:
            return tree.root
        made = held.enter_context(self._store.new_layer())
        root = os.path.join(made.path, "tree")
        copy(tree, Copy(source=source, target=source), root)
        _keep_mode(tree, source, root)
        return root

    def copy_folder(self, vertex: Vertex, layers: Result, source: str, path: str) -> None:
        """Copy what is in a directory of a source into a folder."""
        copy(self.tree(vertex, layers), Copy(source=source, target="/"), path)

    def _context(self, vertex: Vertex, files: Files) -> SourceTree:
        sources = tuple(self._wanted.get(vertex.digest, ()))
        tree = SourceTree(
            files.folder,
            matcher=files.matcher,
            is_context=files.resets_owner,
            sources=sources,
            told=self.reading(vertex).add,
        )
        return self._keep(tree)

    def _opened(self, folder: str, is_context: bool) -> SourceTree:
        return self._keep(SourceTree(folder, is_context=is_context))

    def _keep(self, tree: SourceTree) -> SourceTree:
        with self._lock:
            return self._held.enter_context(tree)

    def _http(self, vertex: Vertex, op: HttpSource) -> HttpFile:
        """The file of a source: wherever it is, and read only by `_fetched`."""
        from dflint.build.fetched import FetchedFiles

        def fetch() -> HttpFile:
            files = FetchedFiles(self._store)
            with self.reading(vertex) as transfer:
                return files.fetch(op.url, self._new_folder(), op.checksum_of, transfer.set)

        return self._once(("http", vertex.digest), fetch)

    def _fetched(self, vertex: Vertex, op: HttpSource) -> SourceTree:
        from dflint.build.fetched import FetchedFiles
        from dflint.sources.http import file_name

        file = self._http(vertex, op)
        folder = self._new_folder()
        path = os.path.join(folder, file_name(op.url))
        FetchedFiles(self._store).place(op.url, file, self._new_folder(), path)
        return self._opened(folder, True)

    def _commit(self, vertex: Vertex, op: GitSource) -> tuple[GitAddress, GitCommit]:
        from dflint.sources.git import find_commit

        def ask() -> tuple[GitAddress, GitCommit]:
            address = read_git_address(op.url)
            if address is None:
                raise BuildError(f"`{op.url}` is no address of a git repository")
            with self.reading(vertex):
                return address, find_commit(address, self._git_options(op))

        return self._once(("git", vertex.digest), ask)

    def _checkout(self, vertex: Vertex, op: GitSource) -> SourceTree:
        from dflint.sources.git import check_out

        address, commit = self._commit(vertex, op)
        folder = os.path.join(self._new_folder(), "checkout")
        check_out(address, commit, folder, self._git_options(op))
        return self._opened(folder, True)

    @staticmethod
    def _git_options(op: GitSource) -> GitOptions:
        from dflint.sources.git import GitOptions

        return GitOptions(keeps_git_dir=op.keeps_git_dir, checksum=op.commit)

    def _new_folder(self) -> str:
        with self._lock:
            folder = os.path.join(self._folder, f"source-{len(os.listdir(self._folder))}")
            os.mkdir(folder)
        return folder

    def _once(self, key: object, make: Callable[[], _T]) -> _T:
        """What was made under a key, or is made now; threads wait for one another."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._known:
                self._known[key] = make()
            return cast("_T", self._known[key])


def _keep_mode(tree: SourceTree, source: str, root: str) -> None:
    """Give the copy of a directory its mode and time, which COPY would not."""
    (selected,) = tree.select(clean_path("/" + source))
    status = tree.status(selected.path) if selected.path else None
    if status is not None and stat.S_ISDIR(status.st_mode):
        place = os.path.join(root, source.strip("/"))
        os.chmod(place, stat.S_IMODE(status.st_mode))
        os.utime(place, ns=(status.st_mtime_ns, status.st_mtime_ns))


def _taken(op: Op) -> list[tuple[int, str]]:
    """The number of each input that files come from, with their paths."""
    if isinstance(op, FileOp):
        return [(one.input, one.source) for one in op.actions if one.input > 0]
    if isinstance(op, ExecOp):
        return [(one.input, one.source) for one in op.mounts if one.input > 0]
    return []
