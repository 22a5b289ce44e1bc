"""The walk that copies one source: what BuildKit's fsutil/copy does, name by name.

A file replaces what is not a directory. A directory meets one that is there, which keeps its mode
and owner when it is the destination itself, and takes those of the source when it is below. Owners
and modes are set after the content, times last.
"""

from __future__ import annotations

import contextlib
import os
import stat
from functools import partial

from dflint.errors import BuildError
from dflint.files.beside import CopyBeside, parts_of
from dflint.files.directories import Owner, owner_refused
from dflint.files.ignoring import PathPatterns, may_hold_below
from dflint.files.tree import Entry
from dflint.kernel.file_content import (
    check_unchanged,
    copy_data,
    read_xattrs,
    set_xattrs,
    stat_key,
)
from dflint.kernel.file_program import CopyJob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.files.modes import Mode
    from dflint.files.tree import SourceTree

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
#: Files are given to another process when so many have been copied here.
_MANY = 256


class Level:
    """A directory of the source on the way down, and its place in the destination.

    `target` is the descriptor there, None while nothing in it is copied. `is_wanted` tells whether
    the patterns choose the directory itself, `is_kept` whether it was there and stays as it is.
    `files_owner` is who owns what is made there, None unless the directory is new and so empty.
    `is_over` tells that all that is in it is copied, but for `waiting` parts that another process
    copies.
    """

    __slots__ = (
        "above", "entry", "files_owner", "is_kept", "is_over", "is_wanted", "source", "target",
        "target_path", "waiting",
    )  # fmt: skip

    def __init__(
        self, above: Level | None, entry: Entry, source: int, target: int | None, target_path: str
    ) -> None:
        self.above = above
        self.entry = entry
        self.source = source
        self.target = target
        self.target_path = target_path
        self.is_wanted = False
        self.is_kept = False
        self.files_owner: Owner = None
        self.is_over = False
        self.waiting = 0

    def close(self) -> None:
        """Close what is open, once."""
        if self.source >= 0:
            os.close(self.source)
            if self.target is not None:
                os.close(self.target)
        self.source = -1


class Copier:
    """Copies one source: `root` is the descriptor of the root that is written to.

    `times` are nanoseconds for everything, None for those of the source. `includes` and `excludes`
    are matched against paths relative to the source.
    """

    def __init__(
        self,
        tree: SourceTree,
        root: int,
        owner: Owner,
        mode: Mode | None,
        times: int | None,
        includes: PathPatterns | None,
        excludes: PathPatterns | None,
    ) -> None:
        self._tree = tree
        self._root = root
        self._owner = owner
        self._mode = mode
        self._times = times
        self._includes = includes
        self._excludes = excludes
        self._linked: dict[tuple[int, int], str] = {}
        self._prefix = ""
        self._count = 0
        self._beside: CopyBeside | None = None
        self._open: set[Level] = set()

    def copy_file(self, entry: Entry, source: int, target: int, directory: str, name: str) -> None:
        """Copies what is no directory to a name in a directory; `directory` is its path."""
        self._copy_file(entry, source, target, _join(directory, name), None)

    def copy_directory(self, entry: Entry, source: int, target: int, path: str) -> None:
        """Copies what is in a directory into one that is there, which gets the source's times."""
        self._prefix = entry.path + "/" if entry.path else ""
        top = Level(None, entry, source, target, path)
        try:
            self._copy_content(top)
            if self._beside is not None:
                self._beside.wait()
        finally:
            if self._beside is not None:
                self._beside.close()
                self._beside = None
            for level in self._open:
                level.close()
        self._set_times(target, entry.status)

    def _copy_content(self, level: Level) -> None:
        for part, is_worth_giving in parts_of(self._tree.entries(level.entry.path, level.source)):
            if not is_worth_giving or not self._give(level, part):
                for entry in part:
                    self._copy_entry(level, entry)

    def _copy_entry(self, level: Level, entry: Entry) -> None:
        relative = entry.path[len(self._prefix) :]
        is_directory = stat.S_ISDIR(entry.status.st_mode)
        is_wanted = self._is_wanted(relative, is_directory)
        if is_directory:
            self._copy_below(level, entry, is_wanted)
        elif is_wanted:
            target = self._make_levels(level)
            path = _join(level.target_path, entry.name)
            self._copy_file(entry, level.source, target, path, level.files_owner)

    def _give(self, level: Level, part: list[Entry]) -> bool:
        """Have another process copy files, where there are many and it has nothing to do."""
        self._count += len(part)
        is_whole = self._includes is None and self._excludes is None
        if self._count < _MANY or not is_whole or level.target is None:
            return False
        if self._beside is None:
            self._beside = CopyBeside(self._tree.fd, self._root)
        if not self._beside.is_free:
            return False
        level.waiting += 1
        jobs = [self._job(entry.name, entry.status, level.files_owner) for entry in part]
        done = partial(self._take_back, level, part)
        self._beside.give(level.entry.path, level.target_path, jobs, done)
        return True

    def _job(self, name: str, status: os.stat_result, made_by: Owner) -> CopyJob:
        owner = self._owner_of(status)
        return CopyJob(
            name=name,
            key=stat_key(status),
            mode=self._mode_of(status),
            owner=None if owner == made_by else owner,
            time=self._times_of(status)[1],
            clears=made_by is None,
            has_xattrs=not self._tree.is_context,
        )

    def _take_back(self, level: Level, part: list[Entry], failed: list[int]) -> None:
        """Copy what another process could not copy, or say why."""
        assert level.target is not None
        for number in failed:
            path = _join(level.target_path, part[number].name)
            self._copy_file(part[number], level.source, level.target, path, None)
        level.waiting -= 1
        self._end(level)

    def _is_wanted(self, path: str, is_directory: bool) -> bool:
        if self._includes is not None and not self._includes.match(path, is_directory):
            return False
        return self._excludes is None or not self._excludes.match(path, is_directory)

    def _copy_below(self, above: Level, entry: Entry, is_wanted: bool) -> None:
        relative = entry.path[len(self._prefix) :]
        if not is_wanted and not may_hold_below(relative, self._includes, self._excludes):
            return
        try:
            source = os.open(entry.name, _DIRECTORY, dir_fd=above.source)
        except OSError as error:
            raise BuildError(f"cannot read /{entry.path}: {_text(error)}") from None
        level = Level(above, entry, source, None, _join(above.target_path, entry.name))
        level.is_wanted = is_wanted
        self._open.add(level)
        if is_wanted:
            self._make_levels(level)
        self._copy_content(level)
        level.is_over = True
        self._end(level)

    def _end(self, level: Level) -> None:
        """Close a directory when all that is in it is copied; its times come last."""
        if level.waiting or not level.is_over:
            return
        if level.is_wanted and level.target is not None and not level.is_kept:
            self._finish_directory(level)
        self._open.remove(level)
        level.close()

    def _make_levels(self, level: Level) -> int:
        """The descriptor of a level's directory in the destination, made when it is missing."""
        if level.target is None:
            assert level.above is not None
            parent = self._make_levels(level.above)
            level.target, is_new = self._make_directory(level, parent)
            level.is_kept = not is_new and self._includes is not None
            if is_new and level.is_wanted:
                # What is new in a directory belongs to whom the directory did when it was new.
                made = os.fstat(level.target)
                level.files_owner = made.st_uid, made.st_gid
            elif is_new:
                self._finish_directory(level)
            elif not is_new and not level.is_kept:
                os.fchmod(level.target, stat.S_IMODE(level.entry.status.st_mode))
        return level.target

    def _make_directory(self, level: Level, parent: int) -> tuple[int, bool]:
        name = level.entry.name
        is_new = False
        try:
            os.mkdir(name, 0o700, dir_fd=parent)
            is_new = True
        except FileExistsError:
            pass
        try:
            return os.open(name, _DIRECTORY, dir_fd=parent), is_new
        except NotADirectoryError:
            raise BuildError(f"cannot copy to non-directory: /{level.target_path}") from None

    def _finish_directory(self, level: Level) -> None:
        assert level.target is not None
        self._set_status(level.target, level.entry.status, level.target_path)
        if not self._tree.is_context:
            set_xattrs(level.target, read_xattrs(level.source))
        self._set_times(level.target, level.entry.status)

    def _copy_file(self, entry: Entry, source: int, target: int, path: str, made_by: Owner) -> None:
        """Copies a file; `made_by` is who owns it at first, None where others may be in the way."""
        name = path.rpartition("/")[2]
        if made_by is None:
            _remove_file(target, name, path)
        status = entry.status
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFLNK:
            self._copy_link(entry, source, target, name, path)
        elif kind == stat.S_IFREG:
            first = self._first_link(status, path)
            if first is None:
                self._copy_regular(entry, source, target, path, made_by)
            else:
                os.link(
                    first, name, src_dir_fd=self._root, dst_dir_fd=target, follow_symlinks=False
                )
        else:
            self._copy_special(entry, source, target, path)

    def _first_link(self, status: os.stat_result, path: str) -> str | None:
        """Where the same file was copied to; None when this is the first."""
        if status.st_nlink < 2:
            return None
        first = self._linked.setdefault((status.st_dev, status.st_ino), path)
        return None if first == path else first

    def _copy_regular(
        self, entry: Entry, source: int, target: int, path: str, made_by: Owner
    ) -> None:
        data = self._tree.open_file(entry, source)
        try:
            status = os.fstat(data)
            if not stat.S_ISREG(status.st_mode):
                raise BuildError(f"/{entry.path} changed while it was read")
            name = path.rpartition("/")[2]
            file = os.open(name, _CREATE, 0o600, dir_fd=target)
            try:
                count = copy_data(data, file, status)
                check_unchanged(status, os.fstat(data), count, entry.path)
                self._set_status(file, status, path, made_by)
                if not self._tree.is_context:
                    set_xattrs(file, read_xattrs(data))
                self._set_times(file, status)
            finally:
                os.close(file)
        finally:
            os.close(data)

    def _copy_link(self, entry: Entry, source: int, target: int, name: str, path: str) -> None:
        os.symlink(os.readlink(entry.name, dir_fd=source), name, dir_fd=target)
        self._finish_by_name(entry, source, target, name, path)

    def _copy_special(self, entry: Entry, source: int, target: int, path: str) -> None:
        name = path.rpartition("/")[2]
        mode = entry.status.st_mode
        if stat.S_ISSOCK(mode) and self._tree.is_context:
            mode = stat.S_IFREG | stat.S_IMODE(mode)
        try:
            os.mknod(name, mode, entry.status.st_rdev, dir_fd=target)
        except OSError as error:
            raise BuildError(f"failed to create special file /{path}: {_text(error)}") from None
        self._finish_by_name(entry, source, target, name, path)

    def _finish_by_name(self, entry: Entry, source: int, target: int, name: str, path: str) -> None:
        """Owner, mode, attributes and times of what cannot be opened."""
        status = entry.status
        owner = self._owner_of(status)
        try:
            os.chown(name, *owner, dir_fd=target, follow_symlinks=False)
        except OSError as error:
            raise owner_refused("/" + path, owner, error) from None
        if not stat.S_ISLNK(status.st_mode):
            os.chmod(name, self._mode_of(status), dir_fd=target)
        if not self._tree.is_context:
            attributes = read_xattrs(f"/proc/self/fd/{source}/{entry.name}")
            set_xattrs(f"/proc/self/fd/{target}/{name}", attributes)
        times = self._times_of(status)
        os.utime(name, ns=times, dir_fd=target, follow_symlinks=False)

    def _owner_of(self, status: os.stat_result) -> tuple[int, int]:
        if self._owner is not None:
            return self._owner
        return (0, 0) if self._tree.is_context else (status.st_uid, status.st_gid)

    def _mode_of(self, status: os.stat_result) -> int:
        if self._mode is not None:
            return self._mode.apply(status.st_mode)
        return stat.S_IMODE(status.st_mode)

    def _times_of(self, status: os.stat_result) -> tuple[int, int]:
        if self._times is not None:
            return self._times, self._times
        return status.st_mtime_ns, status.st_mtime_ns

    def _set_status(
        self, file: int, status: os.stat_result, path: str, made_by: Owner = None
    ) -> None:
        owner = self._owner_of(status)
        if owner != made_by:
            try:
                os.fchown(file, *owner)
            except OSError as error:
                raise owner_refused("/" + path, owner, error) from None
        os.fchmod(file, self._mode_of(status))

    def _set_times(self, file: int, status: os.stat_result) -> None:
        os.utime(file, ns=self._times_of(status))


def _remove_file(directory: int, name: str, path: str) -> None:
    """Makes way for a file; a directory stays in the way."""
    try:
        os.unlink(name, dir_fd=directory)
    except FileNotFoundError:
        return
    except OSError as error:
        with contextlib.suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                raise BuildError(f"cannot replace to directory /{path} with file") from None
        raise BuildError(f"cannot remove /{path}: {_text(error)}") from None


def _join(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _text(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else str(error)).lower()
