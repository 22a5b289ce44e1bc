"""What ADD does with a local archive: its entries, put into a directory.

The rules are those of moby's `archive.Untar`. A directory meets a directory, and gives it its mode
and owner; everything else replaces what is there, with all that is in it. Links are followed as if
the directory were the root; one whose `..` lead out is an error. Whiteouts are files like others.
Times of directories come last.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from dflint.content.files import remove_tree as remove_folder
from dflint.context.archives import ENOUGH, may_be_archive
from dflint.errors import BuildError, UnsupportedError
from dflint.files.directories import Owner, owner_refused
from dflint.kernel.file_content import set_xattrs

# By the package: threads that begin at its modules and at itself would each wait for the other.
from dflint.layer import DecompressingReader, TarReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from dflint.files.limits import Limits
    from dflint.layer.reader import Entry

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20
_MOST_LINKS = 255
_NODES = {b"3": stat.S_IFCHR, b"4": stat.S_IFBLK, b"6": stat.S_IFIFO}
_KNOWN = (b"0", b"1", b"2", b"5", *_NODES)


def is_archive(file: BinaryIO) -> bool:
    """Whether a file is a tar archive with an entry, as it is or compressed.

    Compressed ones are gzip, bzip2, xz and zstd. An empty archive is none, nor is one whose first
    header is cut off. The file is read from its beginning.
    """
    file.seek(0)
    is_likely = may_be_archive(file.read(ENOUGH))
    file.seek(0)
    if not is_likely:
        return False
    try:
        return next(iter(TarReader(DecompressingReader(file))), None) is not None
    except UnsupportedError:
        raise
    except BuildError:
        return False


def unpack(file: BinaryIO, directory: int, owner: Owner, limits: Limits) -> None:
    """Puts the entries of an archive into a directory, given by its descriptor.

    `owner` is that of --chown, which all entries get. BuildError names the entry that leads out,
    is malformed, or is too much.
    """
    file.seek(0)
    reader = TarReader(DecompressingReader(file))
    place = _Unpacking(reader, directory, owner)
    size = 0
    for names, entry in enumerate(reader, 1):
        size += entry.size
        if size > limits.size or names > limits.names:
            raise BuildError(
                f"the archive holds more than {limits.size} bytes or {limits.names} names"
            )
        try:
            place.add(entry)
        except OSError as error:
            raise BuildError(f"cannot unpack `{entry}`: {_text(error)}") from error
        except (ValueError, OverflowError) as error:  # numbers that no file can have
            raise BuildError(f"cannot unpack `{entry}`: {error}") from error
    place.set_times()


class _Unpacking:
    """One archive on its way into a directory."""

    def __init__(self, reader: TarReader, root: int, owner: Owner) -> None:
        self._reader = reader
        self._root = root
        self._owner = owner
        self._times: list[tuple[list[str], int]] = []

    def add(self, entry: Entry) -> None:
        """Makes what an entry tells."""
        if entry.type not in _KNOWN:
            raise BuildError(f"unhandled tar header type {entry.type[0]}")
        parts = _parts(entry.name)
        if parts is None:
            raise BuildError(f'invalid entry name "{entry}"')
        if not parts:
            return
        with contextlib.ExitStack() as opened:
            parent = self._open(parts[:-1], makes=True)
            opened.callback(os.close, parent)
            self._make_way(parent, parts[-1], entry)
            if entry.type == b"5":
                self._make_directory(parent, parts, entry)
            elif entry.type == b"0":
                self._make_file(parent, parts[-1], entry)
            elif entry.type == b"1":
                self._make_link(parent, parts[-1], entry)
            else:
                self._make_special(parent, parts[-1], entry)

    def set_times(self) -> None:
        """Dates the directories, when nothing is put into them any more."""
        for parts, time in self._times:
            try:
                parent = self._open(parts[:-1], makes=False)
                try:
                    os.utime(parts[-1], ns=(time, time), dir_fd=parent, follow_symlinks=False)
                finally:
                    os.close(parent)
            except OSError as error:  # a later entry has taken its place
                raise BuildError(f"cannot unpack `{'/'.join(parts)}`: {_text(error)}") from error

    def _open(self, parts: list[str], *, makes: bool) -> int:
        """The descriptor of a directory, with links followed; `..` ends at the root."""
        above = [os.dup(self._root)]
        left = parts[::-1]
        links = 0
        try:
            while left:
                name = left.pop()
                if name == "..":
                    if len(above) > 1:
                        os.close(above.pop())
                    continue
                link = self._step(above, name, makes)
                if link is None:
                    continue
                links += 1
                if links > _MOST_LINKS:
                    raise BuildError(f"statat {'/'.join(parts)}: too many levels of symbolic links")
                while link.startswith("/") and len(above) > 1:
                    os.close(above.pop())
                left += [part for part in link.split("/")[::-1] if part not in ("", ".")]
            return above.pop()
        finally:
            for descriptor in above:
                os.close(descriptor)

    def _step(self, above: list[int], name: str, makes: bool) -> str | None:
        """Opens a directory in the last one; gives what the link says that is there instead."""
        try:
            above.append(os.open(name, _DIRECTORY, dir_fd=above[-1]))
            return None
        except FileNotFoundError:
            if not makes:
                raise
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENOTDIR):
                raise
            link = _link(above[-1], name)
            if link is None:
                raise
            return link
        os.mkdir(name, 0o755, dir_fd=above[-1])
        above.append(os.open(name, _DIRECTORY, dir_fd=above[-1]))
        os.fchown(above[-1], 0, 0)
        os.fchmod(above[-1], 0o755)
        return None

    def _make_way(self, parent: int, name: str, entry: Entry) -> None:
        try:
            status = os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(status.st_mode):
            os.unlink(name, dir_fd=parent)
        elif entry.type != b"5":
            remove_tree(parent, name)

    def _make_directory(self, parent: int, parts: list[str], entry: Entry) -> None:
        with contextlib.suppress(FileExistsError):
            os.mkdir(parts[-1], 0o700, dir_fd=parent)
        made = os.open(parts[-1], _DIRECTORY, dir_fd=parent)
        try:
            self._finish(made, entry)
        finally:
            os.close(made)
        self._times.append((parts, entry.mtime_ns))

    def _make_file(self, parent: int, name: str, entry: Entry) -> None:
        file = os.open(name, _CREATE, 0o600, dir_fd=parent)
        try:
            for offset, length in entry.segments or ((0, entry.stored),):
                os.lseek(file, offset, os.SEEK_SET)
                while length and (data := self._reader.read(min(length, _CHUNK))):
                    length -= len(data)
                    view = memoryview(data)
                    while view:
                        view = view[os.write(file, view) :]
            if entry.segments is not None:
                os.ftruncate(file, entry.size)
            self._finish(file, entry)
        finally:
            os.close(file)

    def _make_link(self, parent: int, name: str, entry: Entry) -> None:
        target = _parts(entry.link)
        if not target:
            raise BuildError(f'invalid hardlink target "{os.fsdecode(entry.link)}"')
        source = self._open(target[:-1], makes=False)
        try:
            os.link(target[-1], name, src_dir_fd=source, dst_dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError as error:
            raise BuildError(f"linkat {os.fsdecode(entry.link)} {entry}: {_text(error)}") from None
        finally:
            os.close(source)
        self._finish_name(parent, name, entry)

    def _make_special(self, parent: int, name: str, entry: Entry) -> None:
        if entry.type == b"2":
            os.symlink(os.fsdecode(entry.link), name, dir_fd=parent)
        else:
            device = os.makedev(entry.major, entry.minor)
            try:
                os.mknod(name, _NODES[entry.type] | 0o600, device, dir_fd=parent)
            except PermissionError:
                return  # BuildKit leaves devices out in a user namespace
        self._finish_name(parent, name, entry)

    def _finish_name(self, parent: int, name: str, entry: Entry) -> None:
        """Gives what is no new file owner, mode and time; also what has got a further name."""
        owner = self._owner or (entry.uid, entry.gid)
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
        try:
            if owner != (status.st_uid, status.st_gid):
                os.chown(name, *owner, dir_fd=parent, follow_symlinks=False)
        except OSError as error:
            raise owner_refused(str(entry), owner, error) from None
        if not stat.S_ISLNK(status.st_mode):
            os.chmod(name, entry.mode & 0o7777, dir_fd=parent)
        elif entry.type == b"1":
            return
        times = (entry.mtime_ns, entry.mtime_ns)
        os.utime(name, ns=times, dir_fd=parent, follow_symlinks=False)

    def _finish(self, file: int, entry: Entry) -> None:
        owner = self._owner or (entry.uid, entry.gid)
        try:
            os.fchown(file, *owner)
        except OSError as error:
            raise owner_refused(str(entry), owner, error) from None
        set_xattrs(file, [(os.fsdecode(key), value) for key, value in entry.xattrs.items()])
        os.fchmod(file, entry.mode & 0o7777)
        os.utime(file, ns=(entry.mtime_ns, entry.mtime_ns))


def remove_tree(parent: int, name: str) -> None:
    """Removes a directory of any depth with all that is in it; no link is followed."""
    remove_folder(f"/proc/self/fd/{parent}/{name}")


def _parts(name: bytes) -> list[str] | None:
    """The parts of an entry's name; None when it leads out."""
    parts: list[str] = []
    for part in os.fsdecode(name).split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _link(directory: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=directory)
    except OSError:
        return None


def _text(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else str(error)).lower()
