"""Trees that files are copied from: build contexts, and file systems of stages and images."""

from __future__ import annotations

import errno
import os
import stat
import threading
from typing import NamedTuple

from dflint.context.dockerignore import matcher_of
from dflint.context.patterns import Pattern, PatternError, clean_path
from dflint.context.wildcards import compile_pattern, has_wildcards, matches, split_wildcards
from dflint.errors import BuildError
from dflint.files.ignoring import PathPatterns
from dflint.kernel.openat2 import open_in_root, resolve_in_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from dflint.context.patterns import PatternMatcher

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Selected(NamedTuple):
    """One thing that a source stands for.

    `path` is its place in the tree without any link, "" for the root; `name` the name that it gets
    in a directory, which is that of a link where the source was one.
    """

    path: str
    name: str


class Entry(NamedTuple):
    """A name in a directory; `path` is relative to the tree's root."""

    name: str
    path: str
    status: os.stat_result


class SourceTree:
    """A tree below a directory; nothing outside it is ever read.

    `is_context` makes it what BuildKit transfers of a local context: all belongs to 0:0, there are
    no extended attributes, and a socket is an empty file. `matcher` keeps files out. `sources` are
    all sources that the build takes from a context: wildcards fail that match nothing in a
    directory of which nothing is taken. `told` hears how many bytes are read for digests, again
    and again. Descriptors are opened when they are needed: a tree is used
    with `with`, or closed. Several threads may use one.
    """

    def __init__(
        self,
        root: str,
        *,
        matcher: PatternMatcher | None = None,
        is_context: bool = False,
        sources: Iterable[str] = (),
        told: Callable[[int], None] | None = None,
    ) -> None:
        self.root = root
        self.is_context = is_context
        self._ignored = PathPatterns(matcher.patterns) if matcher else None
        self.told = told
        self._sources = tuple(sources)
        self._lock = threading.Lock()
        self._fd: int | None = None
        self._seen: dict[str, bool] = {}

    def __enter__(self) -> SourceTree:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def fd(self) -> int:
        """The descriptor of the root directory."""
        with self._lock:
            if self._fd is None:
                try:
                    self._fd = os.open(self.root, _DIRECTORY)
                except OSError as error:
                    raise _unreadable(self.root, error) from None
            return self._fd

    def close(self) -> None:
        """Closes the root; the tree may be used again."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def open_directory(self, path: str) -> int:
        """The descriptor of a directory of the tree."""
        try:
            return open_in_root(self.fd, path or ".", _DIRECTORY)
        except OSError as error:
            raise _unreadable("/" + path, error) from None

    def open_file(self, entry: Entry, directory: int) -> int:
        """The descriptor of a regular file for reading; `directory` is that of its directory."""
        try:
            return os.open(entry.name, _FILE, dir_fd=directory)
        except OSError as error:
            raise _unreadable("/" + entry.path, error) from None

    def status(self, path: str) -> os.stat_result | None:
        """What is there, without following a link; None when nothing is or it is kept out."""
        name = path.rpartition("/")[2]
        if not path:
            return os.stat(self.fd)
        try:
            parent = open_in_root(self.fd, path[: -len(name)] or ".", os.O_PATH | os.O_DIRECTORY)
        except OSError as error:
            if isinstance(error, (FileNotFoundError, NotADirectoryError)):
                return None
            raise _unreadable("/" + path, error) from None
        try:
            found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable("/" + path, error) from None
        finally:
            os.close(parent)
        return found if self._is_in(path, found) else None

    def entries(self, path: str, directory: int) -> list[Entry]:
        """What is in a directory, in the order of the bytes of the names."""
        prefix = path + "/" if path else ""
        found = []
        try:
            with os.scandir(directory) as listing:
                for item in listing:
                    status = item.stat(follow_symlinks=False)
                    entry = Entry(item.name, prefix + item.name, status)
                    if self._ignored is None or self._is_in(entry.path, status):
                        found.append(entry)
        except OSError as error:
            raise _unreadable("/" + path, error) from None
        found.sort(key=_order)
        return found

    def select(self, source: str, *, is_filtered: bool = False) -> list[Selected]:
        """What a source of COPY or ADD stands for, in order.

        A link as the source is followed, inside the tree. BuildError when it is not there, worded
        otherwise with --exclude (`is_filtered`); with wildcards that nothing matches the answer is
        empty, if the directory before the first one is there.
        """
        directory, patterns = split_wildcards(source)
        if not patterns:
            return [self._follow(directory, is_filtered)]
        if not self._are_read(patterns):
            return []
        base = self._resolve(directory)
        status = None if base is None else self.status(base)
        found: list[str] = []
        if base is not None and status is not None and stat.S_ISDIR(status.st_mode):
            found = self._matching(base, patterns)
        if found or not directory:
            pass
        elif self.is_context and not self._is_sent(base, status):
            raise BuildError(f"lstat /{directory}: no such file or directory")
        elif status is None:
            raise BuildError(f"lstat /{base or directory}: no such file or directory")
        return [self._follow(path, False) for path in found]

    def _are_read(self, patterns: list[str]) -> bool:
        """Whether the patterns are any; those that are none match nothing outside of a context.

        BuildKit asks the client for the files of a context, where they are other expressions.
        """
        try:
            for pattern in patterns:
                compile_pattern(pattern)
                if self.is_context:
                    Pattern(pattern).matches(pattern)
        except PatternError:
            raise BuildError(
                "error from sender: failed to match includepatterns: syntax error in pattern"
            ) from None
        except BuildError:
            if self.is_context:
                raise
            return False
        return True

    def require_links(self, excludes: PathPatterns) -> None:
        """Refuse links in the root that lead nowhere, except those that patterns leave out.

        With --exclude BuildKit follows these, and only these, when it copies the whole root.
        """
        for entry in self.entries("", self.fd):
            is_link = stat.S_ISLNK(entry.status.st_mode)
            if is_link and not excludes.match(entry.name, False):
                self._follow(entry.path, False)

    def _is_sent(self, path: str | None, status: os.stat_result | None) -> bool:
        """Whether anything that the build takes from the context makes a path be transferred."""
        if path is None or status is None:
            return False
        for source in self._sources:
            directory, patterns = split_wildcards(clean_path("/" + source))
            base = self._resolve(directory)
            found = None if base is None else self.status(base)
            if base is None or found is None or (patterns and not stat.S_ISDIR(found.st_mode)):
                continue
            if "**" in patterns and self._is_any_below(base, Pattern(clean_path("/" + source)[1:])):
                return True
            for sent in self._matching(base, patterns) if patterns else [base]:
                if not sent or f"{path}/".startswith(sent + "/") or sent.startswith(path + "/"):
                    return True
        return False

    def _is_any_below(self, directory: str, pattern: Pattern) -> bool:
        """Whether something below a directory matches; `**` is any number of names here."""
        fd = self.open_directory(directory)
        try:
            here = self.entries(directory, fd)
        finally:
            os.close(fd)
        return any(
            pattern.matches(entry.path)
            or (stat.S_ISDIR(entry.status.st_mode) and self._is_any_below(entry.path, pattern))
            for entry in here
        )

    def _matching(self, directory: str, patterns: list[str]) -> list[str]:
        """The paths that match; links to directories are not entered."""
        fd = self.open_directory(directory)
        try:
            here = [e for e in self.entries(directory, fd) if matches(patterns[0], e.name)]
        finally:
            os.close(fd)
        if len(patterns) == 1:
            return [entry.path for entry in here]
        found: list[str] = []
        for entry in here:
            if stat.S_ISDIR(entry.status.st_mode):
                found += self._matching(entry.path, patterns[1:])
        return found

    def _follow(self, path: str, is_filtered: bool) -> Selected:
        clean = "/".join(name for name in path.split("/") if name != ".")
        resolved = self._resolve(clean)
        if resolved is None or self.status(resolved) is None:
            if is_filtered:
                raise BuildError(f"lstat /{resolved or clean}: no such file or directory")
            raise not_found(clean)
        return Selected(resolved, clean.rpartition("/")[2])

    def _resolve(self, path: str) -> str | None:
        try:
            return resolve_in_root(self.fd, path)
        except NotADirectoryError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise BuildError(
                    f"failed to compute cache key: failed to calculate checksum of ref source: "
                    f"too many links: /{path}"
                ) from None
            raise _unreadable("/" + path, error) from None

    def _is_in(self, path: str, status: os.stat_result) -> bool:
        """Whether a path is in the tree; a directory is when something in it is."""
        ignored = self._ignored
        if ignored is None:
            return True
        is_directory = stat.S_ISDIR(status.st_mode)
        if not ignored.match(path, is_directory):
            return True
        if not is_directory or not ignored.has_exceptions:
            return False
        if path not in self._seen:
            self._seen[path] = ignored.may_take_in_below(path) and self._has_something(path)
        return self._seen[path]

    def _has_something(self, path: str) -> bool:
        fd = self.open_directory(path)
        try:
            return bool(self.entries(path, fd))
        finally:
            os.close(fd)


def within(root: str, name: str) -> str:
    """The path of a name in a folder, with links followed as if the folder were the root."""
    folder = os.open(root, os.O_PATH | os.O_DIRECTORY)
    try:
        return os.path.join(root, resolve_in_root(folder, name))
    except OSError:
        return os.path.join(root, name)  # to open it says why it is not there
    finally:
        os.close(folder)


def read_matcher(
    context: str, dockerfile: str = "", *, is_fetched: bool = False
) -> PatternMatcher | None:
    """The patterns of a local context: those of `<Dockerfile>.dockerignore`, else .dockerignore.

    Both arguments are paths of the machine; the first file is looked for beside the Dockerfile.
    No link leads out of a context that `is_fetched`: others have made it.
    None when neither is there. BuildError for a pattern that BuildKit refuses.
    """
    places = [os.path.join(context, ".dockerignore")]
    if dockerfile:
        places.insert(0, dockerfile + ".dockerignore")
    for place in places:
        if is_fetched and place.startswith(context + "/"):
            place = within(context, place[len(context) + 1 :])
        try:
            with open(place, encoding="utf-8", errors="surrogateescape") as file:
                text = file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise _unreadable(place, error) from None
        try:
            return matcher_of(text)
        except PatternError as error:
            raise BuildError(f"{place}: {error}") from None
    return None


def not_found(path: str) -> BuildError:
    """The error for a source that is not there, in BuildKit's words."""
    return BuildError(
        "failed to compute cache key: failed to calculate checksum of ref source: "
        f'"/{path}": not found'
    )


def _unreadable(path: str, error: OSError) -> BuildError:
    return BuildError(f"cannot read {path}: {(error.strerror or str(error)).lower()}")


def _order(entry: Entry) -> bytes:
    return os.fsencode(entry.name)


__all__ = [
    "Entry",
    "Selected",
    "SourceTree",
    "has_wildcards",
    "not_found",
    "read_matcher",
    "within",
]
