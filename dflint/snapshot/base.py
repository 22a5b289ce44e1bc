"""Root file systems made of layers: what a snapshotter does, and what it needs of the store."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Protocol


class StoredLayer(Protocol):
    """A layer of the store; `tree` is the path of its tree, in overlayfs' upper format."""

    @property
    def tree(self) -> str: ...  # noqa: D102


class LayerDraft(Protocol):
    """A layer in the making: `path` is a folder with an empty `tree` in it."""

    @property
    def path(self) -> str: ...  # noqa: D102

    def commit(self) -> str:
        """Makes the tree a layer and returns its id; a folder `work` beside it is removed."""
        ...


class LayerStore(Protocol):
    """The part of the content store that snapshots stand on."""

    def new_layer(self) -> AbstractContextManager[LayerDraft]:
        """A draft; what is not committed when the context ends is removed."""
        ...

    def layer(self, id: str, /) -> StoredLayer:
        """The layer with this id; raises BuildError when it is not there."""
        ...


class Draft(Protocol):
    """A root file system that may be changed; `root` is its path."""

    @property
    def root(self) -> str: ...  # noqa: D102

    def commit(self) -> str:
        """Makes a layer of the changes and returns its id; `root` is gone then."""
        ...


class Snapshotter(Protocol):
    """Lays layers over each other, bottom to top; from several threads at once."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def prepare(
        self, layers: tuple[str, ...], *, with_places: bool = False
    ) -> AbstractContextManager[Draft]:
        """A root file system to change. Nothing is left of it unless it is committed.

        One `with_places` may have empty files at which a process that is run in it sees files of
        its own; what of these is still empty when it is committed is taken out.
        """
        ...

    def view(self, layers: tuple[str, ...]) -> AbstractContextManager[str]:
        """The path of the layers' file system, to be read and not to be changed."""
        ...

    def look_ahead(self, *, is_more: bool) -> None:
        """Do what can wait until a process runs, and what can be done for the next one already.

        Another is to be run where there `is_more`. Raises BuildError.
        """
        ...

    def close(self) -> None:
        """Remove what was made ahead and not used."""
        ...


def adopt_root(tree: str, trees: tuple[str, ...]) -> None:
    """Gives the root directory of a new tree the owner of the one below it, mode 0755.

    The layer's archive does not carry it, so this is what all layers have.
    """
    owner = os.stat(trees[-1]) if trees else None
    if owner is not None and (owner.st_uid or owner.st_gid):
        os.chown(tree, owner.st_uid, owner.st_gid)
    os.chmod(tree, 0o755)
