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
from dflint.snapshot.base import LayerDraft, LayerStore, adopt_root
from dflint.snapshot.spots import Spots
from dflint.snapshot.traces import adds_nothing


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
        self._is_user_namespace = is_in_user_namespace()

    @contextlib.contextmanager
    def prepare(self, layers: tuple[str, ...]) -> Iterator[_OverlayDraft]:
        """A root file system to change; see `Snapshotter.prepare`."""
        trees = self._trees(layers)
        with self._store.new_layer() as made, contextlib.ExitStack() as mounted:
            tree = os.path.join(made.path, "tree")
            adopt_root(tree, trees)
            root = tree
            if trees:
                trees = tuple(one for one in trees if one not in self._empty) or trees[-1:]
                root = mounted.enter_context(self._mounted(trees, made.path, is_changed=True))
            yield _OverlayDraft(root, made, mounted, trees, self._empty)

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
        root: str,
        made: LayerDraft,
        mounted: contextlib.ExitStack,
        below: tuple[str, ...],
        empty: set[str],
    ) -> None:
        self.root = root
        self._made = made
        self._mounted = mounted
        self._below = below
        self._empty = empty

    def commit(self) -> str:
        """Makes a layer of the changes; see `Draft.commit`."""
        self._mounted.close()
        id = self._made.commit()
        tree = os.path.join(self._made.path, "tree")
        if adds_nothing(tree, self._below):
            self._empty.add(tree)
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
