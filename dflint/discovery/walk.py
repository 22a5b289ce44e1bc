"""Finding the files to check: those named, and the Dockerfiles in the folders named."""

from __future__ import annotations

import os
import stat
from operator import attrgetter

from dflint.discovery.gitignore import REPOSITORY, IgnoreChain, chain_above
from dflint.discovery.recognise import Kind, kind_of_name, looks_like_dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.config.find import ConfigFinder
    from dflint.config.schema import Config

_HEAD = 8192
"""How many bytes of a file tell whether it is a Dockerfile."""

_NAME = attrgetter("name")

_SPECIAL_FILES = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
)


class Found:
    """A file to check, or a place about which there is something to say instead.

    `path` is as the user would type it. With a `note` the place is passed over for a reason that
    is no mistake; with an `error` what was asked for cannot be checked.
    """

    __slots__ = ("error", "note", "path")

    path: str
    note: str | None
    error: str | None

    def __init__(self, path: str, note: str | None = None, error: str | None = None) -> None:
        self.path = path
        self.note = note
        self.error = error

    def __repr__(self) -> str:
        return f"Found({self.path!r}, note={self.note!r}, error={self.error!r})"


def discover(
    paths: Iterable[str], finder: ConfigFinder, *, respect_gitignore: bool = True
) -> Iterator[Found]:
    """The files to check: each once, a folder's own files in front of its subfolders', sorted.

    A file that is named is always taken, whatever it is called, excluded or ignored. Folders are
    looked through for Dockerfiles; symbolic links to folders are not followed. Never raises for
    what is in the file system; ConfigError comes through from `finder`.
    """
    seen: set[tuple[str, bool]] = set()
    for path in paths:
        for found in _at(path, finder, respect_gitignore=respect_gitignore):
            key = (os.path.abspath(found.path), found.note is None)
            if key not in seen and (key[0], True) not in seen:
                seen.add(key)
                yield found


def _at(path: str, finder: ConfigFinder, *, respect_gitignore: bool) -> Iterator[Found]:
    """What one path of the command line stands for."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Found(path, error=_missing_reason(path, error))
    except ValueError:
        yield Found(path, error="the path has a NUL character in it")
    else:
        if stat.S_ISDIR(mode):
            yield from _Walk(finder, respect_gitignore=respect_gitignore).files(path)
        elif stat.S_ISREG(mode):
            yield Found(path)
        else:
            yield Found(path, error=f"expected a file or folder, found {_special_file(mode)}")


class _Walk:
    """One walk through a folder."""

    def __init__(self, finder: ConfigFinder, *, respect_gitignore: bool) -> None:
        self._finder = finder
        self._respect_gitignore = respect_gitignore

    def files(self, path: str) -> Iterator[Found]:
        """The Dockerfiles below the folder at `path`, and notes on what could not be seen."""
        top = os.path.realpath(path)
        chain = chain_above(top) if self._respect_gitignore else IgnoreChain()
        shown = "" if path in (os.curdir, os.curdir + os.sep) else os.path.join(path, "")
        pending = [(top, shown, chain)]
        while pending:
            folder, shown, chain = pending.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=_NAME)
            except OSError as error:
                yield self._unreadable(shown, error, explicit=folder == top)
                continue
            names = frozenset(map(_NAME, entries))
            if self._respect_gitignore:
                chain = chain.entering(folder, names)
            config = self._finder.for_folder(folder, names)
            below: list[tuple[str, str, IgnoreChain]] = []
            for entry in entries:
                if _is_folder(entry):
                    if self._enters(entry, config, chain):
                        below.append((entry.path, shown + entry.name + os.sep, chain))
                elif (kind := self._kind(entry, config)) is not Kind.OTHER:
                    yield from self._file(entry, kind, shown + entry.name, config, chain)
            pending.extend(reversed(below))

    def _unreadable(self, shown: str, error: OSError, *, explicit: bool) -> Found:
        """What to say of a folder that cannot be listed."""
        path = shown.rstrip(os.sep) or (os.sep if shown else os.curdir)
        reason = f"the folder cannot be read: {_words(error)}"
        return Found(path, error=reason) if explicit else Found(path, note=reason)

    def _enters(self, entry: os.DirEntry[str], config: Config, chain: IgnoreChain) -> bool:
        """Whether a subfolder is looked through; what git keeps for itself never is."""
        return (
            entry.name != REPOSITORY
            and not config.excludes(entry.path, folder=True)
            and not chain.ignores(entry.path, folder=True)
        )

    def _kind(self, entry: os.DirEntry[str], config: Config) -> Kind:
        """What the entry is by its name, and by what the configuration says of names."""
        kind = kind_of_name(entry.name)
        if config.include and kind is not Kind.DOCKERFILE and config.includes(entry.path):
            return Kind.DOCKERFILE
        return kind

    def _file(
        self,
        entry: os.DirEntry[str],
        kind: Kind,
        shown: str,
        config: Config,
        chain: IgnoreChain,
    ) -> Iterator[Found]:
        """The entry if it is a Dockerfile, with a note if it cannot be checked."""
        if config.excludes(entry.path) or chain.ignores(entry.path, folder=False):
            return
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            yield Found(shown, note=_missing_reason(entry.path, error))
            return
        if stat.S_ISDIR(mode):
            return
        if not stat.S_ISREG(mode):
            yield Found(shown, note=f"{_special_file(mode)} is no Dockerfile")
        elif kind is Kind.TEMPLATE:
            ending = entry.name.rpartition(".")[2]
            yield Found(shown, note=f"a template by its name (`.{ending}`), no Dockerfile yet")
        elif kind is Kind.DOCKERFILE or looks_like_dockerfile(_head_of(entry.path)):
            yield Found(shown)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether the entry is a folder itself, and no link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _head_of(path: str) -> str:
    """The beginning of a file's text; empty if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return ""


def _missing_reason(path: str, error: OSError) -> str:
    """Why there is no file at `path`."""
    if os.path.islink(path):
        return f"a broken symbolic link: {_words(error)}"
    return _words(error)


def _special_file(mode: int) -> str:
    """What a file is that is neither a regular file nor a folder."""
    return next((name for is_it, name in _SPECIAL_FILES if is_it(mode)), "a special file")


def _words(error: OSError) -> str:
    """The system's reason, as our messages are written."""
    return (error.strerror or "unknown error").lower()
