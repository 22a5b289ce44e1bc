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


class OverlaySnapshotter:
    """Lays the layers' trees over each other in this process's mount namespace."""

    name = "overlay"

    def __init__(self, store: LayerStore) -> None:
        self._store = store
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
                below = tuple(one for one in trees if one not in self._empty) or trees[-1:]
                root = mounted.enter_context(self._mounted(below, made.path, is_changed=True))
            yield _OverlayDraft(root, made, mounted, self._empty)

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
        """Mounts trees at `root` in the folder, and takes the mount away again."""
        root = os.path.join(folder, "root")
        with naming(root):
            os.mkdir(root)
        upper, work = (f"{folder}/tree", f"{folder}/work") if is_changed else ("", "")
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
            os.rmdir(root)
            raise BuildError(f"cannot lay {len(trees)} layers over each other: {error}") from None
        try:
            yield root
        finally:
            _unmount(root)
            os.rmdir(root)


class _OverlayDraft:
    """A mounted overlay whose upper directory becomes a layer."""

    def __init__(
        self, root: str, made: LayerDraft, mounted: contextlib.ExitStack, empty: set[str]
    ) -> None:
        self.root = root
        self._made = made
        self._mounted = mounted
        self._empty = empty

    def commit(self) -> str:
        """Makes a layer of the changes; see `Draft.commit`."""
        self._mounted.close()
        id = self._made.commit()
        tree = os.path.join(self._made.path, "tree")
        with os.scandir(tree) as entries:
            if next(entries, None) is None:
                self._empty.add(tree)
        return id


def _unmount(root: str) -> None:
    """Unmounts at once, or, when something still reads from it, as soon as it can be."""
    try:
        unmount(root)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        unmount(root, MNT_DETACH)
