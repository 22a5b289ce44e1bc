"""Snapshots by overlayfs: nothing is copied before it is changed."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from dflint.content.files import naming
from dflint.errors import BuildError
from dflint.kernel.mounts import MNT_DETACH, unmount
from dflint.kernel.overlay import mount_overlay
from dflint.kernel.userns import is_in_user_namespace
from dflint.snapshot.ahead import Ahead
from dflint.snapshot.base import LayerDraft, LayerStore, adopt_root
from dflint.snapshot.spots import Spots
from dflint.snapshot.traces import (
    Folder,
    adds_nothing,
    find_folder,
    take_places,
    touches_folder,
)


class OverlaySnapshotter:
    """Lays the layers' trees over each other in this process's mount namespace.

    With `spots`, on the store's disk, each is mounted at one of them.
    """

    name = "overlay"

    def __init__(self, store: LayerStore, spots: Spots | None = None) -> None:
        self._store = store
        self._spots = spots
        #: Where layers are that were found once: the build's lease keeps them there.
        self._found: dict[str, str] = {}
        #: Those of this build that nothing is in: the kernel need not look into each.
        self._empty: set[str] = set()
        #: /etc of the trees that were laid over each other, as it is below what a step changes.
        self._folders: dict[tuple[str, ...], Folder | None] = {}
        self._ahead = Ahead(store)
        self._is_user_namespace = is_in_user_namespace()

    @contextlib.contextmanager
    def prepare(
        self, layers: tuple[str, ...], *, with_places: bool = False
    ) -> Iterator[_OverlayDraft]:
        """A root file system to change; see `Snapshotter.prepare`."""
        trees = self._trees(layers)
        below = tuple(one for one in trees if one not in self._empty) or trees[-1:]
        folder = self._find_folder(below) if with_places else None
        draft = self._ahead.taken(folder) if with_places else self._store.new_layer()
        with draft as made, contextlib.ExitStack() as mounted:
            root = os.path.join(made.path, "tree")
            adopt_root(root, trees)
            if below:
                root = mounted.enter_context(self._mounted(below, made.path, is_changed=True))
            if not with_places:  # a process is still to be started, and the rest is done meanwhile
                self._clean()
            yield _OverlayDraft(self, root, made, mounted, below, folder)

    @contextlib.contextmanager
    def view(self, layers: tuple[str, ...]) -> Iterator[str]:
        """The layers' file system, mounted read-only; see `Snapshotter.view`."""
        trees = self._trees(layers)
        with self._store.new_layer() as space:
            below = os.path.join(space.path, "tree")  # one layer alone cannot be mounted
            adopt_root(below, trees)
            trees = (below, *trees) if len(trees) < 2 else trees
            if len(trees) == 1:
                yield below
                return
            with self._mounted(trees, space.path, is_changed=False) as root:
                yield root

    def look_ahead(self, *, is_more: bool) -> None:
        """Make a layer for one more process; see `Snapshotter.look_ahead`."""
        self._clean()
        if is_more:
            self._ahead.make()

    def _clean(self) -> None:
        if self._spots is not None:
            self._spots.clean()

    def close(self) -> None:
        """Remove what was made ahead."""
        self._ahead.close()

    def committed(self, id: str, tree: str, below: tuple[str, ...], folder: Folder | None) -> None:
        """Hear of a new layer and its tree, and what it was laid over."""
        self._found[id] = tree
        if adds_nothing(tree, below, folder):
            self._empty.add(tree)
        elif below in self._folders and not touches_folder(os.listdir(tree)):
            self._folders[(*below, tree)] = self._folders[below]

    def _find_folder(self, trees: tuple[str, ...]) -> Folder | None:
        """/etc of trees, looked for once."""
        if trees not in self._folders:
            self._folders[trees] = find_folder(trees) if trees else None
        return self._folders[trees]

    def _trees(self, layers: tuple[str, ...]) -> tuple[str, ...]:
        """Where the trees of layers are; asked of the store once, as each step adds one layer."""
        for id in layers:
            if id not in self._found:
                self._found[id] = self._store.layer(id).tree
        return tuple(self._found[id] for id in layers)

    @contextlib.contextmanager
    def _mounted(self, trees: tuple[str, ...], folder: str, *, is_changed: bool) -> Iterator[str]:
        """Mounts trees, what is changed going to the folder's own, and takes the mount away."""
        if self._spots is not None and is_changed:
            with self._spots.taken() as spot:
                self._mount(trees, spot.root, f"{folder}/tree", spot.work)
                try:
                    yield spot.root
                finally:
                    spot.is_free = _unmount(spot.root)
            return
        root = os.path.join(folder, "root")
        work = f"{folder}/work" if is_changed else ""
        for made in filter(None, (root, work)):
            with naming(made):
                os.mkdir(made, 0o700)
        try:
            self._mount(trees, root, f"{folder}/tree" if is_changed else "", work)
            try:
                yield root
            finally:
                _unmount(root)
        finally:
            os.rmdir(root)

    def _mount(self, trees: tuple[str, ...], root: str, upper: str = "", work: str = "") -> None:
        try:
            mount_overlay(
                trees[::-1],
                root,
                upper,
                work,
                is_user_namespace=self._is_user_namespace,
                is_volatile=True,
            )
        except OSError as error:
            raise BuildError(f"cannot lay {len(trees)} layers over each other: {error}") from None


class _OverlayDraft:
    """A mounted overlay whose upper directory becomes a layer."""

    def __init__(
        self,
        snapshotter: OverlaySnapshotter,
        root: str,
        made: LayerDraft,
        mounted: contextlib.ExitStack,
        below: tuple[str, ...],
        folder: Folder | None,
    ) -> None:
        self.root = root
        self._snapshotter = snapshotter
        self._made = made
        self._mounted = mounted
        self._below = below
        self._folder = folder

    def commit(self) -> str:
        """Makes a layer of the changes; see `Draft.commit`."""
        self._mounted.close()
        tree = os.path.join(self._made.path, "tree")
        if self._folder is not None:
            with naming(tree):
                take_places(tree, self._folder.missing)
        id = self._made.commit()
        self._snapshotter.committed(id, tree, self._below, self._folder)
        return id


def _unmount(root: str) -> bool:
    """Unmounts at once, or, when something still reads from it, as soon as it can be.

    Whether it was at once.
    """
    try:
        unmount(root)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        unmount(root, MNT_DETACH)
        return False
    return True
