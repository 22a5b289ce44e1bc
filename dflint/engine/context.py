"""Finds the ignore file that belongs to a Dockerfile."""

from __future__ import annotations

import os

from dflint.context.build_context import BuildContext, IgnoreFile
from dflint.context.context_files import DIRECTORY, FILE, ContextFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.source import Source

_NAME = ".dockerignore"


def context_of(source: Source, folder: str | None) -> BuildContext | None:
    """The build context of a source; None when nothing can be known of it.

    `folder` is the context's root if it is configured. Otherwise it is the Dockerfile's folder if
    that holds a `.dockerignore`, for one that is not at the root serves nobody. Nothing is read
    before the context is asked.
    """
    if folder is None and source.is_stream:
        return None
    files = _Files(source, folder)
    return BuildContext(lambda: _ignore_file(source, files), files)


class _Files(ContextFiles):
    """The files of a folder: those of a context that is known, else none."""

    __slots__ = ("_folder", "_ignore_file", "_root", "_source")

    def __init__(self, source: Source, folder: str | None) -> None:
        self._source = source
        self._folder = folder
        self._root: str | None = None
        self._ignore_file: str | None = None

    @property
    def ignore_file(self) -> str:
        """Where the ignore file of the folder is, or of the Dockerfile's; empty without one."""
        if self._ignore_file is None:
            beside = os.path.dirname(self._source.path)
            place = os.path.join(beside if self._folder is None else self._folder, _NAME)
            self._ignore_file = place if os.path.isfile(place) else ""
        return self._ignore_file

    @property
    def is_known(self) -> bool:
        """Whether this surely is the folder that is built from."""
        return self.root != ""

    @property
    def root(self) -> str:
        """The real path of the folder; empty where nobody knows which it is."""
        if self._root is None:
            self._root = ""
            folder = self._folder
            if folder is None and self.ignore_file:
                folder = os.path.dirname(self._source.path)
            if folder is not None:
                self._root = os.path.realpath(folder)
        return self._root

    def kind(self, path: str) -> str:
        place = self._place(path)
        if not self.root or not os.path.lexists(os.path.join(self.root, path)):
            return ""
        if place is None:
            return FILE  # a link that leads out: what it is there is not told
        return DIRECTORY if os.path.isdir(place) else FILE

    def names(self, path: str) -> tuple[str, ...]:
        place = self._place(path)
        try:
            return () if place is None else tuple(sorted(os.listdir(place)))
        except OSError:
            return ()

    def listing(self, path: str) -> tuple[str, ...]:
        place = self._place(path)
        if place is None:
            return ()
        try:
            with os.scandir(place) as found:
                names = [
                    one.name + "/" if one.is_dir(follow_symlinks=False) else one.name
                    for one in found
                ]
        except OSError:
            return ()
        return tuple(sorted(names))

    def begin(self, path: str) -> bytes | None:
        place = self._place(path)
        if place is None:
            return None
        if os.path.isdir(place):
            return b""
        if not os.path.isfile(place):
            return None
        from dflint.context.archives import ENOUGH

        try:
            with open(place, "rb") as stream:
                return stream.read(ENOUGH)
        except OSError:
            return None

    def is_ignored(self, path: str) -> bool:
        from dflint.discovery.gitignore import chain_above

        root = self.root
        if not root:
            return False
        folder, chain = root, chain_above(root)
        left = path.count("/")
        for part in path.split("/"):
            chain = chain.entering(folder, frozenset(self._names_of(folder)))
            folder = os.path.join(folder, part)
            if chain.ignores(folder, folder=left > 0 or os.path.isdir(folder)):
                return True
            left -= 1
        # What is not there may be meant as a folder.
        return not os.path.lexists(folder) and chain.ignores(folder, folder=True)

    def _names_of(self, folder: str) -> list[str]:
        try:
            return os.listdir(folder)
        except OSError:
            return []

    def _place(self, path: str) -> str | None:
        """Where a path of the context is in the end; None outside of it."""
        root = self.root
        if not root:
            return None
        place = os.path.realpath(os.path.join(root, path))
        if place != root and not place.startswith(root.rstrip(os.sep) + os.sep):
            return None
        return place


def _ignore_file(source: Source, files: _Files) -> IgnoreFile | None:
    """The ignore file that BuildKit reads: the Dockerfile's own before the context's."""
    own = source.path + _NAME
    if not source.is_stream and os.path.isfile(own):
        return _read(own)
    return _read(files.ignore_file) if files.ignore_file else None


def _read(place: str) -> IgnoreFile | None:
    from dflint.errors import SourceError
    from dflint.text.source import Source

    try:
        return IgnoreFile(place, Source.read(place).text)
    except SourceError:
        return None
