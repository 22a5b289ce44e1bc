"""Unpacks a layer's tar of any producer into a layer tree."""

from __future__ import annotations

import errno
import os
import stat
from functools import partial

from dflint.errors import BuildError, UnsupportedError
from dflint.layer import header as tar
from dflint.layer.merged import OPAQUE_NAMES, is_whiteout
from dflint.layer.place import LayerPlace, create, is_kept, lstat, set_attribute
from dflint.layer.reader import TarReader
from dflint.layer.writer import WHITEOUT, TarSummary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dflint.layer.reader import Entry, Reader

_META = WHITEOUT + WHITEOUT
_OPAQUE = _META + b".opq"
_CHUNK = 1 << 20
_LONGEST_NAME = 4096
_NODES = {
    tar.CHARACTER_DEVICE: stat.S_IFCHR,
    tar.BLOCK_DEVICE: stat.S_IFBLK,
    tar.FIFO: stat.S_IFIFO,
}
LIMIT = 1 << 40
"""How many bytes the files of a layer may have together, unless the caller says otherwise."""


def apply_tar(
    stream: Reader,
    tree: str,
    lower: Sequence[str],
    *,
    opaque: str = "",
    limit: int = LIMIT,
    note: Callable[[str], None] = lambda text: None,
) -> TarSummary:
    """Unpack a layer's uncompressed tar into an empty layer tree; what it says of the stream.

    Whiteouts become overlay's. `lower` are the trees below, topmost last: they tell how parents
    are that the archive does not name, and what its hard links mean that point below. `opaque` is
    the attribute for opaque directories; by default trusted.overlay.opaque, and
    user.overlay.opaque in a user namespace. `note` takes remarks on what this machine cannot make,
    such as devices. Names are taken from the tree's root, a leading slash counts for nothing.
    A BuildError names the entry that is malformed, leads out of the tree, or makes the files
    larger than `limit` bytes together; what is in the tree then is of no use.
    """
    reader = TarReader(stream)
    layer = _Unpacking(LayerPlace(tree, lower, opaque or _opaque_name()), reader, limit, note)
    entry = None
    try:
        for entry in reader:
            layer.add(entry)
        entry = None
        layer.finish()
    except BuildError as error:
        raise _named(entry, str(error)) from None
    except (OSError, ValueError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _named(entry, (reason or str(error)).lower()) from error
    finally:
        layer.place.release()
    reader.drain()
    return TarSummary(reader.digest, reader.size)


def _named(entry: Entry | None, reason: str) -> BuildError:
    return BuildError(f"cannot unpack `{entry}`: {reason}" if entry else reason)


def _opaque_name() -> str:
    try:
        with open("/proc/self/uid_map", encoding="ascii") as file:
            first = file.readline().split()
    except OSError:
        return OPAQUE_NAMES[0]
    return OPAQUE_NAMES[0 if first == ["0", "0", "4294967295"] else 1]


class _Unpacking:
    """Puts entry after entry into the place."""

    def __init__(
        self, place: LayerPlace, reader: TarReader, limit: int, note: Callable[[str], None]
    ) -> None:
        self.place = place
        self._reader = reader
        self._left = limit
        self._note = note
        self._is_root_opaque = False
        self._make: dict[bytes, Callable[[Entry, int, bytes], None]] = {
            tar.FILE: self._make_file,
            tar.HARD_LINK: self._make_link,
            tar.SYMLINK: self._make_symlink,
            tar.DIRECTORY: self._make_folder,
            **{kind: partial(self._make_node, form) for kind, form in _NODES.items()},
        }

    def add(self, entry: Entry) -> None:
        """Make what an entry tells."""
        if entry.type not in self._make:
            raise BuildError(f"an entry of the unknown type {entry.type!r}")
        self._left -= entry.size
        if self._left < 0:
            raise BuildError(f"its {entry.size} bytes are more than a layer may have")
        parts = _parts(entry.name)
        if not parts:
            return
        base = parts.pop()
        if any(part.startswith(WHITEOUT) for part in parts):
            raise BuildError("a removed name is no directory")
        folder = self.place.folder(parts)
        if base.startswith(WHITEOUT):
            self._remove(folder, base, at_root=not self.place.real_names(base)[1:])
            return
        if entry.type != tar.DIRECTORY:
            self._clear(folder, base)
        self._make[entry.type](entry, folder, base)

    def finish(self) -> None:
        """What can only be done when all entries are there."""
        if self._is_root_opaque:
            for name, found in self.place.lower_names():
                root = self.place.folder(())
                status = lstat(root, name)
                if status is None or (stat.S_ISDIR(status.st_mode) and found.directories):
                    self._remove(root, WHITEOUT + name, at_root=True)
        self.place.set_times()

    def _clear(self, folder: int, base: bytes) -> None:
        if lstat(folder, base) is not None:
            self.place.remove(folder, base)

    def _remove(self, folder: int, base: bytes, *, at_root: bool) -> None:
        """A whiteout; it hides what is in the trees below, never what is in this one."""
        if base == _OPAQUE:
            if at_root:
                self._is_root_opaque = True
            else:
                self.place.mark_opaque(folder)
            return
        if base.startswith(_META):
            return  # what aufs noted for itself
        name = base[len(WHITEOUT) :]
        if name in (b"", b".", b".."):
            raise BuildError("a whiteout of no name")
        status = lstat(folder, name)
        if status is None:
            os.mknod(name, stat.S_IFCHR, 0, dir_fd=folder)
        elif stat.S_ISDIR(status.st_mode):
            self.place.mark_opaque(self.place.folder(self.place.real_names(name)))

    def _make_file(self, entry: Entry, folder: int, base: bytes) -> None:
        file = create(folder, base)
        try:
            self._fill(entry, file)
            self._finish(entry, file)
        finally:
            os.close(file)

    def _fill(self, entry: Entry, file: int) -> None:
        for offset, length in entry.segments or ((0, entry.stored),):
            if offset:
                os.lseek(file, offset, os.SEEK_SET)
            while length and (data := self._reader.read(min(length, _CHUNK))):
                length -= len(data)
                _write(file, data)
        if entry.segments is not None:
            os.ftruncate(file, entry.size)

    def _make_folder(self, entry: Entry, folder: int, base: bytes) -> None:
        self.place.make_folder(folder, base)
        names = self.place.real_names(base)
        file = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        try:
            self._finish(entry, file)
        finally:
            os.close(file)
        self.place.times[names] = (entry.mtime_ns, entry.mtime_ns)

    def _finish(self, entry: Entry, file: int) -> None:
        _own(entry, file)
        os.fchmod(file, entry.mode & 0o7777)
        for key, value in entry.xattrs.items():
            name = os.fsdecode(key)
            if is_kept(name) and not set_attribute(file, name, value):
                self._note(f"`{entry}`: the attribute {name} cannot be set here")
        os.utime(file, ns=(entry.mtime_ns, entry.mtime_ns))

    def _make_symlink(self, entry: Entry, folder: int, base: bytes) -> None:
        os.symlink(entry.link, base, dir_fd=folder)
        _own(entry, base, folder)
        _date(entry, base, folder)

    def _make_node(self, form: int, entry: Entry, folder: int, base: bytes) -> None:
        device = os.makedev(entry.major, entry.minor)
        try:
            os.mknod(base, form | 0o600, device, dir_fd=folder)
        except PermissionError:
            self._note(f"`{entry}`: devices cannot be made here, it was left out")
            return
        if form == stat.S_IFCHR and not device:
            return
        _own(entry, base, folder)
        os.chmod(base, entry.mode & 0o7777, dir_fd=folder)
        _date(entry, base, folder)

    def _make_link(self, entry: Entry, folder: int, base: bytes) -> None:
        target = _parts(entry.link)
        here = self.place.real_names(base)
        if not target:
            raise BuildError("a hard link to the root")
        at = self.place.find_folder(target[:-1])
        names = self.place.real_names(target[-1]) if at is not None else tuple(target)
        status = lstat(at, target[-1]) if at is not None else None
        if status is None:
            found = self.place.lower(names)
            if found is None or found.directories:
                raise BuildError(f"a hard link to `{os.fsdecode(entry.link)}`, which is no file")
            self.place.copy_up(names, found)
        elif stat.S_ISDIR(status.st_mode) or is_whiteout(status):
            raise BuildError(f"a hard link to `{os.fsdecode(entry.link)}`, which is no file")
        source = os.dup(self.place.folder(names[:-1]))
        try:
            folder = self.place.folder(here[:-1])
            os.link(names[-1], base, src_dir_fd=source, dst_dir_fd=folder, follow_symlinks=False)
            self._finish_link(entry, folder, base)
        finally:
            os.close(source)

    @staticmethod
    def _finish_link(entry: Entry, folder: int, base: bytes) -> None:
        """As containerd does it: the last name tells the owner and the time, not the mode."""
        status = os.stat(base, dir_fd=folder, follow_symlinks=False)
        if (status.st_uid, status.st_gid) != (entry.uid, entry.gid):
            _own(entry, base, folder)
            if not stat.S_ISLNK(status.st_mode):
                os.chmod(base, stat.S_IMODE(status.st_mode), dir_fd=folder)
        _date(entry, base, folder)


def _parts(name: bytes) -> list[bytes]:
    """The parts of an entry's name below the root; a BuildError when it leads out of it."""
    if b"\0" in name:
        raise BuildError("a name with a NUL in it")
    if len(name) > _LONGEST_NAME:
        raise BuildError(f"a name of {len(name)} bytes, {_LONGEST_NAME} are allowed")
    parts: list[bytes] = []
    for part in name.split(b"/"):
        if part == b"..":
            if not parts:
                raise BuildError(f"`{os.fsdecode(name)}` leads out of the layer")
            parts.pop()
        elif part not in (b"", b"."):
            parts.append(part)
    return parts


def _own(entry: Entry, file: int | bytes, folder: int | None = None) -> None:
    try:
        os.chown(file, entry.uid, entry.gid, dir_fd=folder, follow_symlinks=folder is None)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EPERM):
            raise
        raise UnsupportedError(
            f"owner {entry.uid}:{entry.gid} cannot be given here: it needs root, or more"
            " subordinate ids in /etc/subuid and /etc/subgid"
        ) from None


def _date(entry: Entry, base: bytes, folder: int) -> None:
    times = (entry.mtime_ns, entry.mtime_ns)
    os.utime(base, ns=times, dir_fd=folder, follow_symlinks=False)


def _write(file: int, data: bytes) -> None:
    written = os.write(file, data)
    while written < len(data):
        written += os.write(file, memoryview(data)[written:])
