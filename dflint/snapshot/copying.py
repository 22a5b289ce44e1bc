"""Snapshots by copying: for disks on which overlayfs cannot keep changes.

The layers' files are copied into one tree. Afterwards every file whose change time, number or
kind is another has been changed: these are linked into the layer's tree, and what is missing gets
a whiteout, so that the layer is one that overlayfs could have made.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator

from dflint.content.files import naming, remove_tree
from dflint.snapshot.base import LayerDraft, LayerStore, adopt_root

_CLOCK = 0.01  # seconds after which the kernel's clock for files has moved on

_Known = dict[str, tuple[int, ...]]


class CopyingSnapshotter:
    """Copies the layers' files for each draft and each view."""

    name = "copying"

    def __init__(self, store: LayerStore) -> None:
        self._store = store

    @contextlib.contextmanager
    def prepare(
        self, layers: tuple[str, ...], *, with_places: bool = False
    ) -> Iterator[_CopyingDraft]:
        """A root file system to change; see `Snapshotter.prepare`."""
        del with_places
        trees = tuple(self._store.layer(id).tree for id in layers)
        with self._store.new_layer() as made:
            with naming(made.path):
                root = self._merge(trees, made)
                time.sleep(_CLOCK)
                draft = _CopyingDraft(root, made)
            yield draft

    @contextlib.contextmanager
    def view(self, layers: tuple[str, ...]) -> Iterator[str]:
        """A copy of the layers' file system; see `Snapshotter.view`."""
        trees = tuple(self._store.layer(id).tree for id in layers)
        with self._store.new_layer() as space:
            with naming(space.path):
                root = self._merge(trees, space)
            yield root

    def look_ahead(self, *, is_more: bool) -> None:
        """Does nothing: each root is a copy of its own."""
        del is_more

    def close(self) -> None:
        """Does nothing: nothing is kept."""

    def _merge(self, trees: tuple[str, ...], made: LayerDraft) -> str:
        """Copies the trees, bottom to top, into `root` beside the draft's tree."""
        root = os.path.join(made.path, "root")
        os.mkdir(root)
        adopt_root(root, trees)
        adopt_root(os.path.join(made.path, "tree"), trees)
        for tree in trees:
            _Copy(tree, root).run()
        return root


class _CopyingDraft:
    """A copied root file system, and what it was when it was new."""

    def __init__(self, root: str, made: LayerDraft) -> None:
        self.root = root
        self._made = made
        self._known = {path: _identity(status) for path, status in _walk(root)}

    def commit(self) -> str:
        """Makes a layer of the changes; see `Draft.commit`."""
        tree = os.path.join(self._made.path, "tree")
        with naming(self.root):
            _Difference(self.root, tree, self._known).run()
        remove_tree(self.root)
        return self._made.commit()


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_ino, stat.S_IFMT(status.st_mode), status.st_ctime_ns, status.st_size)


def _walk(root: str, inside: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """All names in a tree but its root, sorted, a directory before what is in it."""
    from dflint.layer.merged import check_depth

    check_depth(os.fsencode(inside))
    with os.scandir(os.path.join(root, inside)) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = os.path.join(inside, entry.name)
        status = entry.stat(follow_symlinks=False)
        yield path, status
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(root, path)


def is_whiteout(status: os.stat_result) -> bool:
    """Whether a file of a layer's tree says that a name is removed."""
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


class _Copy:
    """One layer's tree laid into a directory that holds those below it."""

    def __init__(self, tree: str, root: str) -> None:
        self._tree = tree
        self._root = root
        self._linked: dict[int, str] = {}
        self._directories: list[tuple[str, os.stat_result]] = []

    def run(self) -> None:
        """Copies everything; the times of directories come last."""
        for path, status in _walk(self._tree):
            self._copy(path, status)
        for target, status in reversed(self._directories):
            _copy_times(target, status)

    def _copy(self, path: str, status: os.stat_result) -> None:
        source = os.path.join(self._tree, path)
        target = os.path.join(self._root, path)
        if stat.S_ISDIR(status.st_mode):
            self._copy_directory(source, target, status)
            return
        remove_tree(target)
        if is_whiteout(status):
            return
        first = self._linked.get(status.st_ino)
        if first is not None:
            os.link(first, target, follow_symlinks=False)
            return
        _copy_file(source, target, status)
        _copy_metadata(source, target, status)
        _copy_times(target, status)
        if status.st_nlink > 1:
            self._linked[status.st_ino] = target

    def _copy_directory(self, source: str, target: str, status: os.stat_result) -> None:
        if _is_opaque(source) or not _is_directory(target):
            remove_tree(target)
            os.mkdir(target)
        _copy_metadata(source, target, status)
        self._directories.append((target, status))


def _is_directory(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _is_opaque(path: str) -> bool:
    names = os.listxattr(path, follow_symlinks=False)
    return any(
        name in names and os.getxattr(path, name, follow_symlinks=False) == b"y"
        for name in ("trusted.overlay.opaque", "user.overlay.opaque")
    )


def _copy_file(source: str, target: str, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        os.symlink(os.readlink(source), target)
    elif stat.S_ISREG(status.st_mode):
        _copy_content(source, target, status.st_size)
    else:
        os.mknod(target, status.st_mode, status.st_rdev)


def _copy_content(source: str, target: str, size: int) -> None:
    """Copies the bytes inside the kernel, holes as holes."""
    with open(source, "rb") as reading, open(target, "xb") as writing:
        at = 0
        while at < size:
            try:
                start = os.lseek(reading.fileno(), at, os.SEEK_DATA)
            except OSError:  # only a hole is left
                break
            at = os.lseek(reading.fileno(), start, os.SEEK_HOLE)
            _copy_range(reading.fileno(), writing.fileno(), start, at)
        os.ftruncate(writing.fileno(), size)


def _copy_range(reading: int, writing: int, start: int, end: int) -> None:
    while start < end:
        try:
            count = os.copy_file_range(reading, writing, end - start, start, start)
        except OSError:  # from one kind of disk to another, on some kernels
            count = os.pwrite(writing, os.pread(reading, min(end - start, 1 << 20), start), start)
        if not count:
            break
        start += count


def _copy_metadata(source: str, target: str, status: os.stat_result) -> None:
    """Copies owner, mode and attributes, in this order: a change of owner removes capabilities."""
    os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        os.chmod(target, stat.S_IMODE(status.st_mode))
    for name in os.listxattr(source, follow_symlinks=False):
        if ".overlay." in name:
            continue
        value = os.getxattr(source, name, follow_symlinks=False)
        os.setxattr(target, name, value, follow_symlinks=False)


def _copy_times(target: str, status: os.stat_result) -> None:
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns), follow_symlinks=False)


class _Difference:
    """Moves what has changed in a root into a layer's tree."""

    def __init__(self, root: str, tree: str, known: _Known) -> None:
        self._root = root
        self._tree = tree
        self._known = known
        self._directories: list[tuple[str, os.stat_result]] = []
        self._made = {""}

    def run(self) -> None:
        """Fills the tree."""
        now = dict(_walk(self._root))
        for path, status in now.items():
            if self._known.get(path) != _identity(status):
                self._take(path, status)
        for path in self._known:
            above = os.path.dirname(path)
            if path not in now and (not above or _is_folder(now.get(above))):
                self._make_folder(above)
                os.mknod(os.path.join(self._tree, path), stat.S_IFCHR, 0)
        for target, status in reversed(self._directories):
            _copy_times(target, status)

    def _take(self, path: str, status: os.stat_result) -> None:
        if stat.S_ISDIR(status.st_mode):
            self._make_folder(path)
            return
        # The other names of a changed file have changed too, so that all are linked here.
        self._make_folder(os.path.dirname(path))
        source = os.path.join(self._root, path)
        os.link(source, os.path.join(self._tree, path), follow_symlinks=False)

    def _make_folder(self, path: str) -> None:
        """Makes a directory of the root in the tree too, with those above it."""
        if path in self._made:
            return
        self._made.add(path)
        self._make_folder(os.path.dirname(path))
        source = os.path.join(self._root, path)
        target = os.path.join(self._tree, path)
        status = os.lstat(source)
        os.mkdir(target)
        _copy_metadata(source, target, status)
        self._directories.append((target, status))


def _is_folder(status: os.stat_result | None) -> bool:
    return status is not None and stat.S_ISDIR(status.st_mode)
