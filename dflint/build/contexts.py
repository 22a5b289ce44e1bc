"""The contexts of one build, and its Dockerfile."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from dflint.build.excerpt import line_range
from dflint.build.images import ARCHIVE, LAYOUT
from dflint.build.progress.events import SourceLines
from dflint.build.request import BuildRequest
from dflint.content.store import ContentStore
from dflint.context.patterns import PatternMatcher
from dflint.errors import BuildError
from dflint.files.tree import read_matcher, within
from dflint.graph.build import Build, NamedContext
from dflint.graph.lowering import full_reference
from dflint.sources.contexts import (
    ArchiveContext,
    FileContext,
    GitContext,
    HttpContext,
    ImageContext,
    LayoutContext,
    LocalContext,
    StreamContext,
    TargetContext,
    read_context,
    read_named_context,
)
from dflint.text.source import Source

if TYPE_CHECKING:
    from dflint.sources.loading import Loaded
    from dflint.text.span import Span

_NAME = "Dockerfile"
_URLS = ("http://", "https://")


class _Told(Protocol):
    """Who wants to know what is transferred: its name, the bytes that have come, and all bytes."""

    def __call__(self, name: str, done: int, total: int, *, is_done: bool) -> None: ...


def _untold(name: str, done: int, total: int, *, is_done: bool) -> None:
    """Progress that nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a context: a folder, what is kept out, and whether owners become 0:0."""

    folder: str
    matcher: PatternMatcher | None = None
    resets_owner: bool = True


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The Dockerfile of a build: its path as it was given, or its name, and its text."""

    name: str
    text: str

    def lines_of(self, span: Span | None) -> SourceLines | None:
        """The lines that a span is in, for an error; None where there is none."""
        if span is None or not self.text:
            return None
        return SourceLines(self.name, self.text, (line_range(self.text, span),))


class Contexts:
    """Finds the contexts and the Dockerfile of a build; what is fetched goes below `folder`.

    `told` is told how much of a fetch is done. `text` stands for that of the Dockerfile, which is
    not read then.
    Files of web servers are kept in the store, and asked for again only where they changed.
    """

    def __init__(
        self,
        request: BuildRequest,
        folder: str,
        store: ContentStore,
        told: _Told | None = None,
        text: str | None = None,
    ) -> None:
        if request.context == "-" and request.dockerfile == "-":
            raise BuildError("standard input cannot be both the context and the Dockerfile")
        self._request = request
        self._told = told or _untold
        self._store = store
        self._folder = folder
        self._text = text
        self._named: dict[str, Files] = {}
        self._loaded: Loaded | None = None
        context = read_context(request.context)
        self._is_local = isinstance(context, LocalContext)
        if isinstance(context, LocalContext):
            self._root, self._resets_owner = context.path, True
        else:
            keeps_git_dir = Build(arguments=dict(request.build_args)).keeps_git_dir
            loaded = self._load(context, "context", keeps_git_dir)
            self._root, self._loaded = loaded.folder, loaded
            self._resets_owner = isinstance(context, (GitContext, HttpContext))
        self.dockerfile, path = self._read_dockerfile()
        size = len(self.dockerfile.text.encode("utf-8", "surrogateescape"))
        self._told("transferring dockerfile:", size, 0, is_done=True)
        self.main = self._files_of(path)

    @property
    def modified(self) -> int | None:
        """The time of the context in seconds since 1970; None for a directory."""
        return None if self._loaded is None else self._loaded.modified

    def named(self) -> dict[str, NamedContext]:
        """What `--build-context` gives, by name, as the graph takes it."""
        found: dict[str, NamedContext] = {}
        for one in self._request.named_contexts:
            context = read_named_context(one.name, one.location)
            if isinstance(context, ImageContext):
                name = context.reference
                found[one.name] = NamedContext(name if name == "scratch" else full_reference(name))
            elif isinstance(context, LayoutContext):
                which = f"@{context.digest}" if context.digest else f":{context.tag}"
                found[one.name] = NamedContext(LAYOUT + os.path.abspath(context.path) + which)
            elif isinstance(context, ArchiveContext):
                place = f"{context.name}@{os.path.abspath(context.path)}"
                found[one.name] = NamedContext(ARCHIVE + place)
            elif isinstance(context, TargetContext):
                raise BuildError(f"failed to find target {context.name} for context {one.name}")
            else:
                found[one.name] = NamedContext()
                self._named[one.name] = self._named_files(context, len(self._named))
        return found

    def _files_of(self, dockerfile: str) -> Files:
        matcher = read_matcher(self._root, dockerfile, is_fetched=not self._is_local)
        return Files(self._root, matcher, self._resets_owner)

    def named_files(self, name: str) -> Files:
        """The files of a named context."""
        found = self._named.get(name)
        if found is None:
            raise BuildError(f"no build context is named `{name}`")
        return found

    def _named_files(self, context: FileContext, number: int) -> Files:
        if isinstance(context, LocalContext):
            return Files(context.path, read_matcher(context.path))
        loaded = self._load(context, f"context-{number}", False)
        return Files(loaded.folder, read_matcher(loaded.folder, is_fetched=True))

    def _load(self, context: FileContext, name: str, keeps_git_dir: bool) -> Loaded:
        from dflint.build.fetched import CheckedFiles
        from dflint.build.transfers import CountedStream, Counter
        from dflint.sources.git import GitOptions
        from dflint.sources.http import HttpOptions
        from dflint.sources.loading import load_git, load_http, load_stream

        folder = os.path.join(self._folder, name)
        counter = Counter(partial(self._told, "transferring context:"))
        if isinstance(context, StreamContext):
            stream = CountedStream(sys.stdin.buffer, counter)
            loaded = load_stream(cast("BinaryIO", stream), folder)
            counter.end()
            return loaded
        if isinstance(context, HttpContext):
            os.mkdir(folder, 0o755)
            cache = CheckedFiles(self._store, folder)
            options = HttpOptions(told=counter.set)
            loaded = load_http(context, folder, cache=cache, options=options)
            counter.end()
            return loaded
        assert isinstance(context, GitContext)
        return load_git(context, folder, GitOptions(keeps_git_dir=keeps_git_dir))

    def _read_dockerfile(self) -> tuple[Dockerfile, str]:
        """The Dockerfile, and its path where it has one."""
        given = self._request.dockerfile
        loaded = self._loaded
        if loaded is not None and loaded.content is not None:
            return _decoded("Dockerfile", loaded.content), ""
        if given == "-":
            return _decoded("Dockerfile", sys.stdin.buffer.read()), ""
        if given.startswith(_URLS):
            from dflint.build.fetched import CheckedFiles
            from dflint.sources.http import fetch_file

            cache = CheckedFiles(self._store, self._folder)
            path = fetch_file(given, self._folder, cache=cache).path
            return _decoded(os.path.basename(given), _read(path, given)), ""
        path = self._dockerfile_path(given, "" if loaded is None else loaded.dockerfile)
        is_outside = path == given
        if self._text is not None:
            return Dockerfile(self._shown(path), self._text), path
        name = os.path.basename(path) if is_outside or not given else given
        try:
            return _decoded(self._shown(path), _read(path, name)), path
        except BuildError as error:
            if given or loaded is not None:
                raise
            where = os.path.abspath(self._root)
            raise BuildError(f"{error} in `{where}`: `--file` names one elsewhere") from None

    def _shown(self, path: str) -> str:
        """The path as it was given, for who opens it; of a context that was fetched the name."""
        return path.removeprefix("./") if self._is_local else os.path.basename(path)

    def _dockerfile_path(self, given: str, of_context: str) -> str:
        if of_context:
            return within(self._root, of_context)
        if given:
            inside = os.path.join(self._root, given)
            is_outside = self._is_local and (os.path.exists(given) or not os.path.exists(inside))
            if is_outside or self._is_local:
                return _or_lower(given if is_outside else inside)
        return self._inside(given or _NAME)

    def _inside(self, name: str) -> str:
        """A Dockerfile of the context; of one that was fetched no link leads out."""
        path = _or_lower(os.path.join(self._root, name))
        return path if self._is_local else within(self._root, os.path.relpath(path, self._root))


def _or_lower(path: str) -> str:
    """The path, or where nothing is at one that ends in `Dockerfile`, that of `dockerfile`."""
    folder, name = os.path.split(path)
    lower = os.path.join(folder, name.lower())
    is_there = name != _NAME or os.path.exists(path) or not os.path.exists(lower)
    return path if is_there else lower


def _read(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildError(f"failed to read dockerfile: open {name}: {reason}") from None


def _decoded(name: str, data: bytes) -> Dockerfile:
    return Dockerfile(name, Source(name, data).text)
