"""A layer tree that an archive is unpacked into: nothing is ever made outside of it.

Names are walked from the tree's descriptor part by part without following a link; links that stand
in the way are followed by hand, within the tree.
"""

from __future__ import annotations

import errno
import os
import stat

from dflint.content.files import remove_tree
from dflint.errors import BuildError
from dflint.layer.changes import CAPABILITY
from dflint.layer.merged import MAXIMUM_DEPTH, MergedTree, is_whiteout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.layer.merged import Place

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MAXIMUM_LINKS = 40
_CHUNK = 1 << 20
_NOT_SUPPORTED = frozenset((errno.ENOTSUP, errno.EPERM, errno.ERANGE, errno.E2BIG, errno.ENOSPC))


class LayerPlace:
    """A layer tree under construction, over the trees `lower` (topmost last).

    `opaque` is the attribute that marks opaque directories, with its value y.
    """

    def __init__(self, tree: str, lower: Sequence[str], opaque: str) -> None:
        self._root = os.open(os.fsencode(tree), _FOLDER)
        self._opaque = opaque
        self._lower = MergedTree(lower)
        self._names: tuple[bytes, ...] = ()
        self._folder = os.dup(self._root)
        self._asked: list[bytes] = []
        self.times: dict[tuple[bytes, ...], tuple[int, int]] = {}

    def set_times(self) -> None:
        """Set the times of directories, which what came into them has changed."""
        for names, times in self.times.items():
            if self._open(list(names), make=False) and self._names == names:
                os.utime(self._folder, ns=times)

    def release(self) -> None:
        """Close the descriptors."""
        os.close(self._folder)
        os.close(self._root)

    def folder(self, parts: Sequence[bytes]) -> int:
        """A descriptor of the directory `parts`, good until the next call.

        Directories that are not there are made as the lower trees have them, else 0755 0:0.
        """
        parts = list(parts)
        if parts != self._asked:
            self._asked = []
            self._open(parts, make=True)
            self._asked = parts
        return self._folder

    def find_folder(self, parts: Sequence[bytes]) -> int | None:
        """A descriptor of the directory `parts` when it is there, good until the next call."""
        self._asked = []
        return self._folder if self._open(list(parts), make=False) else None

    def real_names(self, base: bytes) -> tuple[bytes, ...]:
        """The parts of a name in the directory that was asked for last, with its links resolved."""
        return (*self._names, base)

    def lower(self, names: Sequence[bytes]) -> Place | None:
        """What the trees below have under a name."""
        return self._lower.find(b"/".join(names))

    def lower_names(self) -> list[tuple[bytes, Place]]:
        """What the root of the trees below has."""
        root = self._lower.find(b"")
        names = {name for path in root.directories for name in os.listdir(path)} if root else set()
        found = [(name, self._lower.find(name)) for name in sorted(names)]
        return [(name, place) for name, place in found if place is not None]

    def mark_opaque(self, folder: int) -> None:
        """Make a directory hide what lies below it."""
        os.setxattr(folder, self._opaque, b"y")

    def remove(self, folder: int, base: bytes) -> None:
        """Remove what an earlier entry put there."""
        try:
            os.unlink(base, dir_fd=folder)
        except IsADirectoryError:
            gone = self.real_names(base)
            remove_tree(f"/proc/self/fd/{folder}/{os.fsdecode(base)}")
            for names in [names for names in self.times if names[: len(gone)] == gone]:
                del self.times[names]
            self._asked = []

    def make_folder(self, folder: int, base: bytes) -> bool:
        """Make a directory, or leave one that is there; tells whether it is new.

        One that takes the place of a removed name is opaque.
        """
        status = lstat(folder, base)
        if status is not None and stat.S_ISDIR(status.st_mode):
            return False
        if status is not None:
            os.unlink(base, dir_fd=folder)
        os.mkdir(base, 0o755, dir_fd=folder)
        if status is not None and is_whiteout(status):
            made = os.open(base, _FOLDER, dir_fd=folder)
            try:
                self.mark_opaque(made)
            finally:
                os.close(made)
        return True

    def copy_up(self, names: tuple[bytes, ...], found: Place) -> None:
        """Copy a file of the trees below to where this tree would have it."""
        folder, base, status = self.folder(names[:-1]), names[-1], found.status
        if stat.S_ISREG(status.st_mode):
            made = os.open(base, _FILE, 0o600, dir_fd=folder)
            try:
                _copy_content(found.path, made, status.st_size)
                os.fchown(made, status.st_uid, status.st_gid)
                os.fchmod(made, stat.S_IMODE(status.st_mode))
                copy_attributes(found.path, made)
                os.utime(made, ns=(status.st_atime_ns, status.st_mtime_ns))
            finally:
                os.close(made)
            return
        if stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(found.path), base, dir_fd=folder)
        else:
            os.mknod(base, status.st_mode, status.st_rdev, dir_fd=folder)
        os.chown(base, status.st_uid, status.st_gid, dir_fd=folder, follow_symlinks=False)
        times = (status.st_atime_ns, status.st_mtime_ns)
        os.utime(base, ns=times, dir_fd=folder, follow_symlinks=False)

    def _open(self, parts: list[bytes], *, make: bool) -> bool:
        """Make `_folder` the directory `parts`, `_names` its real name."""
        rest = parts[::-1]
        self._step_to(os.dup(self._root), ())
        links = 0
        while rest:
            part = rest.pop()
            if part == b"..":
                if not self._names:
                    raise BuildError("a symbolic link leads out of the layer")
                rest.extend(self._names[-2::-1])
                self._step_to(os.dup(self._root), ())
                continue
            status = lstat(self._folder, part)
            if status is not None and stat.S_ISLNK(status.st_mode):
                links += 1
                if links > _MAXIMUM_LINKS:
                    raise BuildError("too many symbolic links")
                target = os.readlink(part, dir_fd=self._folder)
                if target.startswith(b"/"):
                    self._step_to(os.dup(self._root), ())
                rest.extend(piece for piece in target.split(b"/")[::-1] if piece not in (b"", b"."))
                continue
            if status is None or not stat.S_ISDIR(status.st_mode):
                if not make:
                    return False
                self._make_parent(part, status)
            if len(self._names) >= MAXIMUM_DEPTH:
                raise BuildError(f"directories are more than {MAXIMUM_DEPTH} deep")
            self._step_to(os.open(part, _FOLDER, dir_fd=self._folder), (*self._names, part))
        return True

    def _step_to(self, folder: int, names: tuple[bytes, ...]) -> None:
        os.close(self._folder)
        self._folder, self._names = folder, names

    def _make_parent(self, part: bytes, status: os.stat_result | None) -> None:
        if status is not None and not is_whiteout(status):
            name = os.fsdecode(b"/".join(self.real_names(part)))
            raise BuildError(f"`{name}` is no directory")
        self.make_folder(self._folder, part)
        found = self.lower(self.real_names(part)) if status is None else None
        if found is None or not found.directories:
            return
        made = os.open(part, _FOLDER, dir_fd=self._folder)
        try:
            old = found.status
            os.fchown(made, old.st_uid, old.st_gid)
            os.fchmod(made, stat.S_IMODE(old.st_mode))
            copy_attributes(found.path, made)
        finally:
            os.close(made)
        self.times.setdefault(self.real_names(part), (old.st_atime_ns, old.st_mtime_ns))


def lstat(folder: int, base: bytes) -> os.stat_result | None:
    """What a name in a directory is, or None."""
    try:
        return os.stat(base, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def is_kept(name: str) -> bool:
    """Whether a layer's extended attribute is a file's own: capabilities and what users set."""
    return name == CAPABILITY or (name.startswith("user.") and not name.startswith("user.overlay."))


def set_attribute(file: int, name: str, value: bytes) -> bool:
    """Set an extended attribute; False where the file system has none of that kind."""
    try:
        os.setxattr(file, name, value)
    except OSError as error:
        if error.errno in _NOT_SUPPORTED:
            return False
        raise
    return True


def copy_attributes(source: bytes, target: int) -> None:
    """Copy the extended attributes that are kept."""
    for name in os.listxattr(source, follow_symlinks=False):
        if is_kept(name):
            set_attribute(target, name, os.getxattr(source, name, follow_symlinks=False))


def create(folder: int, base: bytes) -> int:
    """A descriptor of a new file."""
    return os.open(base, _FILE, 0o600, dir_fd=folder)


def _copy_content(path: bytes, target: int, size: int) -> None:
    with open(path, "rb", buffering=0) as source:
        while size > 0 and (count := os.sendfile(target, source.fileno(), None, min(size, _CHUNK))):
            size -= count
