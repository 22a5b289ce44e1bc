"""Contexts that come as tar archives, unpacked as BuildKit does: owners, modes and times kept."""

from __future__ import annotations

import errno
import os
import stat
import tarfile
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from dflint.content.files import remove_tree
from dflint.errors import BuildError
from dflint.sources.decompression import START, Decompressed, is_archive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: The most bytes that an archive may hold unless it is said otherwise.
USUAL_LIMIT = 64 << 30
_LINKS = 40
_CHUNK = 1 << 20
_XATTR = "SCHILY.xattr."
_DEVICES = {
    tarfile.CHRTYPE: stat.S_IFCHR,
    tarfile.BLKTYPE: stat.S_IFBLK,
    tarfile.FIFOTYPE: stat.S_IFIFO,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream whose first bytes have been looked at."""

    rest: BinaryIO
    start: bytes

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive, rather than a Dockerfile."""
        return is_archive(self.start)


def look_at(stream: BinaryIO) -> Stream:
    """Read the beginning of a stream."""
    start = b""
    while len(start) < START:
        data = stream.read(START - len(start))
        if not data:
            break
        start += data
    return Stream(stream, start)


def unpack(stream: BinaryIO | Stream, folder: str, limit: int = USUAL_LIMIT) -> int | None:
    """Unpack a tar archive, which may be compressed, into an empty folder.

    Gives the time of its newest entry in seconds since 1970, None for an archive without any.

    Owners are kept where that is allowed (root), modes and times always. Links are followed inside
    the folder only. Raises BuildError for what is no tar, is damaged or cut off, holds more than
    `limit` bytes, or names places outside.
    """
    opened = stream if isinstance(stream, Stream) else look_at(stream)
    source = cast("IO[bytes]", Decompressed(opened.rest, opened.start, limit))
    place = _Place(os.path.abspath(folder), limit)
    newest: int | None = None
    try:
        with tarfile.open(fileobj=source, mode="r|", errorlevel=2) as archive:
            for entry in archive:
                _check_header(entry)
                place.put(archive, entry)
                newest = max(int(entry.mtime), newest or 0)
        # What is behind the end tells whether the stream is whole.
        while source.read(_CHUNK):
            pass
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise BuildError(f"the archive is no tar: {error}") from None
    except RecursionError:
        raise BuildError("the archive is no tar: too many headers for one file") from None
    place.finish()
    return newest


def _check_header(entry: tarfile.TarInfo) -> None:
    if "\0" in entry.name or "\0" in entry.linkname:
        raise BuildError(f"the archive holds an invalid name: {entry.name!r:.200}")


class _Place:
    """A folder that an archive is unpacked into."""

    def __init__(self, root: str, limit: int) -> None:
        self._root = root
        self._limit = self._left = limit
        self._is_root = os.geteuid() == 0
        self._directories: dict[str, tarfile.TarInfo] = {}

    def put(self, archive: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        """Make what an entry says."""
        try:
            path = self._path(entry.name, entry.name)
            if path == self._root:
                if entry.isdir():
                    self._directories[path] = entry
                return
            self._clear(path, entry)
            self._make(archive, entry, path)
        except (OSError, ValueError, OverflowError) as error:
            raise _failure(entry, error) from None

    def finish(self) -> None:
        """Give the directories their modes and times, the innermost first."""
        for path in sorted(self._directories, reverse=True):
            entry = self._directories[path]
            if os.path.isdir(path) and not os.path.islink(path):
                try:
                    self._dress(path, entry)
                except (OSError, ValueError, OverflowError) as error:
                    raise _failure(entry, error) from None

    def _make(self, archive: tarfile.TarFile, entry: tarfile.TarInfo, path: str) -> None:
        if entry.isdir():
            if not os.path.isdir(path):
                os.mkdir(path, 0o700)
            self._directories[path] = entry
            return
        if entry.islnk():
            target = self._path(entry.linkname, entry.name)
            os.link(target, path, follow_symlinks=False)
            return
        if entry.issym():
            os.symlink(entry.linkname, path)
        elif entry.isreg():
            self._count(entry)
            self._write(archive, entry, path)
        elif entry.type in _DEVICES:
            number = os.makedev(entry.devmajor, entry.devminor)
            os.mknod(path, _DEVICES[entry.type] | 0o600, number)
        else:
            raise BuildError(
                f"cannot unpack {entry.name!r:.300}: unknown kind {entry.type.decode('latin-1')!r}"
            )
        self._dress(path, entry)

    def _write(self, archive: tarfile.TarFile, entry: tarfile.TarInfo, path: str) -> None:
        source = cast("IO[bytes]", archive.fileobj)
        source.seek(entry.offset_data)
        segments = cast("Sequence[tuple[int, int]] | None", entry.sparse)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(path, flags, 0o600), "wb") as out:
            for offset, size in ((0, entry.size),) if segments is None else segments:
                out.seek(offset)  # what lies between segments takes no room
                if not _copy(source, out, size):
                    raise BuildError(f"the archive ends within {entry.name!r:.300}")
            out.truncate(entry.size)

    def _count(self, entry: tarfile.TarInfo) -> None:
        """Take a file off what the archive may hold: sparse ones are longer than their data."""
        if entry.size > self._left:
            raise BuildError(
                f"cannot unpack {entry.name!r:.300}: the files of the archive are more than"
                f" {self._limit} bytes"
            )
        self._left -= entry.size

    def _dress(self, path: str, entry: tarfile.TarInfo) -> None:
        """Owner, extended attributes, mode and times, in the order in which each survives."""
        if self._is_root:
            os.chown(path, entry.uid, entry.gid, follow_symlinks=False)
        for name, value in entry.pax_headers.items():
            if name.startswith(_XATTR):
                _set_attribute(path, name.removeprefix(_XATTR), value)
        if not entry.issym():
            os.chmod(path, entry.mode & 0o7777)
        moment = int(entry.mtime * 1_000_000_000)
        os.utime(path, ns=(moment, moment), follow_symlinks=False)

    def _clear(self, path: str, entry: tarfile.TarInfo) -> None:
        """Remove what stands where an entry goes; directories stay for directories."""
        try:
            kind = os.lstat(path).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(kind):
            os.unlink(path)
        elif not entry.isdir():
            remove_tree(path)

    def _path(self, name: str, entry: str) -> str:
        """The place of a name; the directories to it are made, links among them followed inside."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        depth = 0
        for part in parts:
            depth += -1 if part == ".." else 1
            if depth < 0:
                raise BuildError(f"the archive names a place outside: {entry!r:.300}")
        if not parts:
            return self._root
        if parts[-1] == "..":
            raise BuildError(f"the archive holds an invalid name: {entry!r:.300}")
        return os.path.join(self._folder(parts[:-1], entry), parts[-1])

    def _folder(self, parts: list[str], entry: str) -> str:
        waiting = parts[::-1]
        inside: list[str] = []
        followed = 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                # Beyond the root is the root, as it is for who lives in it.
                del inside[-1:]
                continue
            path = os.path.join(self._root, *inside, part)
            try:
                kind = os.lstat(path).st_mode
            except FileNotFoundError:
                os.mkdir(path, 0o755)
                kind = stat.S_IFDIR
            if not stat.S_ISLNK(kind):
                inside.append(part)
                if not stat.S_ISDIR(kind):
                    raise BuildError(f"cannot unpack {entry!r:.300}: {part!r:.100} is no directory")
                continue
            followed += 1
            if followed > _LINKS:
                raise BuildError(f"cannot unpack {entry!r:.300}: too many links on the way")
            target = os.readlink(path)
            if target.startswith("/"):
                inside = []
            waiting += target.split("/")[::-1]
        return os.path.join(self._root, *inside)


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> bool:
    """Copy so many bytes; whether they were there."""
    while size > 0:
        data = source.read(min(size, _CHUNK))
        if not data:
            return False
        target.write(data)
        size -= len(data)
    return True


def _failure(entry: tarfile.TarInfo, error: Exception) -> BuildError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return BuildError(f"cannot unpack {entry.name!r:.300}: {reason}")


def _set_attribute(path: str, name: str, value: str) -> None:
    """Set an extended attribute, where the file system and the kernel let us."""
    try:
        os.setxattr(path, name, value.encode("utf-8", "surrogateescape"), follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM):
            raise
