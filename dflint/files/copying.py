"""One source of COPY or ADD, copied into a root file system."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from dflint.context.patterns import Pattern, PatternError, clean_path
from dflint.context.wildcards import has_wildcards
from dflint.errors import BuildError
from dflint.files.copier import Copier
from dflint.files.directories import Owner, make_directories, resolve_target, set_owner
from dflint.files.ignoring import PathPatterns
from dflint.files.limits import Limits
from dflint.files.modes import Mode
from dflint.files.owners import resolve_owner
from dflint.files.tree import Entry, Selected, SourceTree, not_found
from dflint.kernel.file_content import check_unchanged

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Copy:
    """One source of a COPY or ADD, with what its flags say.

    `source` is a path in the tree, with wildcards; for a heredoc (`content` is not None) its
    name. `target` is absolute; a slash or `/.` at its end makes it a directory. `owner` is --chown,
    `mode` --chmod, "" where they are not given; `excludes` are the patterns of --exclude, matched
    from the source directory on; `unpack` unpacks local archives.
    """

    source: str
    target: str
    content: str | None = None
    unpack: bool = False
    owner: str = ""
    mode: str = ""
    parents: bool = False
    excludes: tuple[str, ...] = ()


def copy(
    tree: SourceTree | None,
    action: Copy,
    root: str,
    *,
    has_base: bool = True,
    epoch: int | None = None,
    limits: Limits | None = None,
) -> None:
    """Copies one source into the root file system that is mounted at the directory `root`.

    `tree` may be None for a heredoc. `has_base` is false where BuildKit copies into nothing: the
    first step of a stage from scratch, and --link; names of owners are errors there. With `epoch`
    (seconds) everything that is written gets it as its time, else files keep theirs. BuildError
    with BuildKit's words for what cannot be done. A source with wildcards that matches nothing is
    no error.
    """
    root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        task = _Task(action, root_fd, has_base, epoch, limits or Limits())
        if action.content is not None:
            task.write_content(action.source, action.content)
        else:
            assert tree is not None
            task.copy_from(tree)
    except RecursionError:
        raise BuildError(f"copying {action.source}: directories are nested too deeply") from None
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else action.target
        raise BuildError(f"copying {action.source} to {place}: {error.strerror}") from error
    finally:
        os.close(root_fd)


def source_and_patterns(action: Copy) -> tuple[str, PathPatterns | None]:
    """The source to copy, and with --parents the pattern of what is taken of it.

    What stands before `/./` is the directory copied from, all of it the context's root without.
    """
    if not action.parents:
        return action.source, None
    before, pivot, pattern = action.source.partition("/./")
    if not pivot:
        before, pattern = "/", action.source
    pattern = clean_path("/" + pattern)[1:]
    return before or "/", read_path_patterns((pattern,)) if pattern else None


def read_path_patterns(texts: tuple[str, ...]) -> PathPatterns | None:
    """The patterns of --exclude; BuildError for one that is none."""
    texts = tuple(text.strip() for text in texts if text.strip())
    if not texts:
        return None
    try:
        return PathPatterns(Pattern(text) for text in texts)
    except PatternError as error:
        raise BuildError(
            "failed to compute cache key: failed to calculate checksum of ref source: "
            f"invalid excludepatterns: [{' '.join(texts)}]: {error}"
        ) from None


class _Task:
    """One action on its way."""

    def __init__(
        self,
        action: Copy,
        root: int,
        has_base: bool,
        epoch: int | None,
        limits: Limits,
    ) -> None:
        self._action = action
        self._root = root
        self._times = None if epoch is None else epoch * _SECOND
        self._limits = limits
        self._mode = Mode(action.mode) if action.mode else None
        self._owner: Owner = resolve_owner(action.owner, root, has_base=has_base)
        self._target = clean_target(action.target)

    def copy_from(self, tree: SourceTree) -> None:
        """Copies all that the source stands for."""
        source, includes = source_and_patterns(self._action)
        self._require(tree)
        is_filtered = bool(self._action.excludes)
        for selected in tree.select(clean_path("/" + source), is_filtered=is_filtered):
            excludes = read_path_patterns(self._action.excludes)
            if excludes is not None and not selected.path:
                tree.require_links(excludes)
            self._copy_selected(tree, selected, includes, excludes)

    def _require(self, tree: SourceTree) -> None:
        """With --parents a path without wildcards has to be there."""
        action = self._action
        if action.parents and not has_wildcards(action.source):
            tree.select(clean_path("/" + action.source))

    def _copy_selected(
        self,
        tree: SourceTree,
        selected: Selected,
        includes: PathPatterns | None,
        excludes: PathPatterns | None,
    ) -> None:
        status = tree.status(selected.path)
        if status is None:
            raise not_found(selected.path)
        if self._action.unpack and self._unpack(tree, Entry(selected.name, selected.path, status)):
            return
        copier = Copier(
            tree,
            self._root,
            self._owner,
            self._mode,
            self._times,
            includes,
            excludes,
        )
        is_directory = stat.S_ISDIR(status.st_mode)
        directory, name = self._prepare(selected.name, is_directory)
        target = self._make(directory)
        path, _, last = selected.path.rpartition("/")
        source = tree.open_directory(selected.path if is_directory else path)
        try:
            entry = Entry(last, selected.path, status)
            if is_directory:
                copier.copy_directory(entry, source, target, directory)
            else:
                copier.copy_file(entry, source, target, directory, name)
        finally:
            os.close(source)
            os.close(target)

    def _unpack(self, tree: SourceTree, entry: Entry) -> bool:
        """Unpacks a file into the destination; False when it is no archive."""
        from dflint.files.unpacking import is_archive, unpack

        if not stat.S_ISREG(entry.status.st_mode):
            return False
        parent, _, last = entry.path.rpartition("/")
        source = tree.open_directory(parent)
        try:
            descriptor = tree.open_file(Entry(last, entry.path, entry.status), source)
        finally:
            os.close(source)
        with open(descriptor, "rb") as file:
            if not is_archive(file):
                return False
            target = make_directories(
                self._root,
                resolve_target(self._root, self._target),
                0o755,
                self._owner,
                self._times,
            )
            try:
                unpack(file, target, self._owner, self._limits)
            finally:
                os.close(target)
            check_unchanged(entry.status, os.fstat(file.fileno()), entry.status.st_size, entry.path)
        return True

    def write_content(self, name: str, content: str) -> None:
        """Writes a heredoc as a file, with mode 0644 where --chmod says nothing."""
        directory, name = self._prepare(name.rpartition("/")[2], is_directory=False)
        target = self._make(directory)
        try:
            file = _replace(target, name, directory)
            with open(file, "wb") as stream:
                stream.write(content.encode("utf-8", "surrogateescape"))
                stream.flush()
                set_owner(file, self._owner or (0, 0), f"/{directory}/{name}")
                os.fchmod(file, self._mode.apply(0o100644) if self._mode else 0o644)
                if self._times is not None:
                    os.utime(file, ns=(self._times, self._times))
        finally:
            os.close(target)

    def _prepare(self, name: str, is_directory: bool) -> tuple[str, str]:
        """The directory that is copied into, and the name there of what is no directory."""
        parent, _, last = self._target.rpartition("/")
        ensured = self._target if last in ("", ".") else parent
        os.close(self._make(resolve_target(self._root, ensured)))
        target = resolve_target(self._root, self._target)
        if is_directory:
            self._refuse_file(target)
            return target, ""
        if not target or self._is_directory(target):
            return target, name
        directory, _, name = target.rpartition("/")
        return directory, name

    def _make(self, path: str) -> int:
        """The descriptor of a directory; what is missing gets the owner, and --chmod's number."""
        mode = self._mode.octal if self._mode else None
        return make_directories(
            self._root, path, 0o755 if mode is None else mode, self._owner, self._times
        )

    def _is_directory(self, path: str) -> bool:
        try:
            return stat.S_ISDIR(os.stat(path, dir_fd=self._root, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return False

    def _refuse_file(self, path: str) -> None:
        try:
            status = os.stat(path or ".", dir_fd=self._root, follow_symlinks=False)
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(status.st_mode):
            raise BuildError(f"cannot copy to non-directory: /{path}")


def clean_target(target: str) -> str:
    """A destination as an absolute path; a slash or `/.` at its end is kept."""
    clean = clean_path("/" + target)
    if clean == "/":
        return clean
    return clean + "/" if target.endswith(("/", "/.")) else clean


def _replace(directory: int, name: str, path: str) -> int:
    """A new empty file of a name, for writing, in place of what was there."""
    try:
        os.unlink(name, dir_fd=directory)
    except FileNotFoundError:
        pass
    except IsADirectoryError:
        raise BuildError(f"cannot replace to directory /{path}/{name} with file") from None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(name, flags, 0o600, dir_fd=directory)
