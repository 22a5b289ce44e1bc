"""The tar of a layer tree, as BuildKit writes it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import Protocol

from dflint.errors import BuildError
from dflint.layer import header as tar
from dflint.layer.changes import CAPABILITY, Change, capability, changes
from dflint.layer.header import END_OF_ARCHIVE, Header, encode, padding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


WHITEOUT = b".wh."
"""What a removed name is called in a layer's tar, before the name itself (OCI image spec)."""

_SECOND = 1_000_000_000
_FLUSH = 1 << 18
_CHUNK = 1 << 20
_TYPES = {
    stat.S_IFREG: tar.FILE,
    stat.S_IFDIR: tar.DIRECTORY,
    stat.S_IFLNK: tar.SYMLINK,
    stat.S_IFCHR: tar.CHARACTER_DEVICE,
    stat.S_IFBLK: tar.BLOCK_DEVICE,
    stat.S_IFIFO: tar.FIFO,
}


class Writer(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


@dataclass(frozen=True, slots=True)
class TarSummary:
    """A tar that was written or read: its digest, which is a layer's diff ID, and size in bytes."""

    diff_id: str
    size: int


def write_tar(
    tree: str, lower: Sequence[str], out: Writer, *, epoch: int | None = None
) -> TarSummary:
    """Write the tar of a layer tree: byte for byte what BuildKit writes for the same content.

    `lower` are the layer trees below it, topmost last. Modification times later than `epoch`
    (seconds since 1970) become it, as `rewrite-timestamp=true` does. Sockets are left out. A
    BuildError when a file changes while it is read.
    """
    archive = TarWriter(out)
    layer = _LayerWriter(archive, os.fsencode(tree), epoch)
    for change in changes(layer.tree, lower):
        layer.add(change)
    return archive.close()


def tar_size(tree: str, lower: Sequence[str]) -> int:
    """The bytes of the tar that `write_tar` makes of a layer tree; files are not read for it."""
    archive = _Counter()
    layer = _LayerWriter(archive, os.fsencode(tree), None)
    for change in changes(layer.tree, lower):
        layer.add(change)
    return archive.size + len(END_OF_ARCHIVE)


class _Archive(Protocol):
    """What takes the entries of a tar."""

    def add(self, header: Header) -> None:
        """Take an entry without content."""

    def add_file(self, header: Header, path: bytes) -> None:
        """Take a regular file with the content at `path`."""


class _Counter:
    """Counts the bytes of entries."""

    def __init__(self) -> None:
        self.size = 0

    def add(self, header: Header) -> None:
        self.size += len(encode(header))

    def add_file(self, header: Header, path: bytes) -> None:
        del path
        self.size += len(encode(header)) + header.size + len(padding(header.size))


class TarWriter:
    """Writes entries and knows the digest; small writes are gathered."""

    def __init__(self, out: Writer) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self._size = 0
        self._parts: list[bytes] = []
        self._gathered = 0
        self._buffer = memoryview(b"")

    def add(self, header: Header) -> None:
        """Write the header of an entry without content."""
        self._gather(encode(header))

    def add_file(self, header: Header, path: bytes) -> None:
        """Write a regular file with the content at `path`, which must be `header.size` bytes."""
        self._gather(encode(header))
        with open(path, "rb", buffering=0) as file:
            size = header.size
            if size <= _FLUSH:
                data = file.read(size)
                if len(data) == size:
                    self._gather(data)
                    self._gather(padding(size))
                    return
                raise _changed(path, len(data), size)
            self._flush()
            self._buffer = self._buffer or memoryview(bytearray(_CHUNK))
            left = size
            while left:
                count = file.readinto(self._buffer[: min(left, _CHUNK)])
                if not count:
                    raise _changed(path, size - left, size)
                self._put(self._buffer[:count])
                left -= count
        self._gather(padding(size))

    def close(self) -> TarSummary:
        """Write the end of the archive; `out` stays open."""
        self._gather(END_OF_ARCHIVE)
        self._flush()
        return TarSummary(f"sha256:{self._digest.hexdigest()}", self._size)

    def _gather(self, data: bytes) -> None:
        self._parts.append(data)
        self._gathered += len(data)
        if self._gathered > _FLUSH:
            self._flush()

    def _flush(self) -> None:
        if self._parts:
            self._put(b"".join(self._parts))
            self._parts.clear()
            self._gathered = 0

    def _put(self, data: bytes | memoryview) -> None:
        self._digest.update(data)
        self._size += len(data)
        self._out.write(data)  # type: ignore[arg-type]  # any bytes-like does


def header_of(name: bytes, path: bytes, status: os.stat_result, mtime: int) -> Header | None:
    """The header of the file at `path` under the name `name`; None for a socket."""
    mode = status.st_mode
    kind = _TYPES.get(stat.S_IFMT(mode))
    if kind is None:
        return None
    header = Header(name, kind, stat.S_IMODE(mode), status.st_uid, status.st_gid, 0, mtime)
    if kind == tar.FILE:
        header.size = status.st_size
    elif kind == tar.DIRECTORY:
        header.name = name + b"/"
    elif kind == tar.SYMLINK:
        header.link = os.readlink(path)
    elif kind != tar.FIFO:
        header.major, header.minor = os.major(status.st_rdev), os.minor(status.st_rdev)
    return header


class _LayerWriter:
    """Turns changes into entries; knows which directories and which links are written."""

    def __init__(self, archive: _Archive, tree: bytes, epoch: int | None) -> None:
        self.tree = tree
        self._archive = archive
        self._epoch = epoch
        self._folders = {b""}
        self._first_names: dict[int, bytes] = {}
        self._waiting: dict[int, list[bytes]] = {}

    def add(self, change: Change) -> None:
        if change.status is None:
            self._add_whiteout(change.name)
            return
        path = self.tree + b"/" + change.name
        header = header_of(change.name, path, change.status, change.status.st_mtime_ns // _SECOND)
        if header is None:
            return
        more: list[bytes] = []
        inode = change.status.st_ino
        if change.status.st_nlink > 1 and header.type != tar.DIRECTORY:
            first = self._first_names.get(inode)
            if first is None and change.is_link_only:
                self._waiting.setdefault(inode, []).append(header.name)
                return
            if first is None:
                self._first_names[inode] = header.name
                more = self._waiting.pop(inode, [])
            else:
                _become_link(header, first)
        elif change.is_link_only:
            return
        value = capability(path)
        if value is not None:
            header.xattrs = [(CAPABILITY.encode(), value)]
        self._write(header, path)
        for name in more:
            _become_link(header, change.name)
            header.name = name
            self._write(header, path)

    def _add_whiteout(self, name: bytes) -> None:
        folder, slash, base = name.rpartition(b"/")
        self._write(Header(folder + slash + WHITEOUT + base, tar.FILE), b"")

    def _write(self, header: Header, path: bytes) -> None:
        folder = header.name.rstrip(b"/").rpartition(b"/")[0]
        if folder not in self._folders:
            self._folders.add(folder)
            self.add(Change(folder, os.stat(self.tree + b"/" + folder)))
        if header.type == tar.DIRECTORY:
            self._folders.add(header.name[:-1])
        if self._epoch is not None and header.mtime > self._epoch:
            header.is_pax = header.mtime >= tar.SIZE_LIMIT
            header.mtime = self._epoch
        if header.type == tar.FILE and header.size:
            self._archive.add_file(header, path)
        else:
            self._archive.add(header)


def _become_link(header: Header, target: bytes) -> None:
    header.type = tar.HARD_LINK
    header.link = target
    header.size = 0


def _changed(path: bytes, found: int, expected: int) -> BuildError:
    return BuildError(
        f"`{os.fsdecode(path)}` changed while it was read: {found} bytes, not {expected}"
    )
