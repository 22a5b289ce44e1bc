"""Which snapshotter a machine can do."""

from __future__ import annotations

import contextlib
import os

from dflint.errors import BuildError, UnsupportedError
from dflint.snapshot.base import LayerStore, Snapshotter
from dflint.snapshot.copying import CopyingSnapshotter
from dflint.snapshot.overlay import OverlaySnapshotter

NAMES = ("auto", "overlay", "copying")


def choose(store: LayerStore, name: str = "auto") -> Snapshotter:
    """The snapshotter of this name; `auto` is overlay where it works on the store's disk.

    Raises UnsupportedError when `overlay` is asked for and does not work, BuildError for a name
    that is none of them.
    """
    if name not in NAMES:
        raise BuildError(f"unknown snapshotter `{name}`, expected one of {', '.join(NAMES)}")
    if name == "copying":
        return CopyingSnapshotter(store)
    reason = overlay_problem(store)
    if not reason:
        return OverlaySnapshotter(store)
    if name == "overlay":
        raise UnsupportedError(f"overlayfs does not work on the disk of the store: {reason}")
    return CopyingSnapshotter(store)


def overlay_problem(store: LayerStore) -> str:
    """Why overlayfs does not work on the store's disk, found by trying; "" when it does."""
    with store.new_layer() as space:
        lower = os.path.join(space.path, "lower")
        os.makedirs(os.path.join(lower, "directory"))
        try:
            with _Probe(store, space.path).mounted(lower) as root:
                os.rmdir(os.path.join(root, "directory"))
                os.mkdir(os.path.join(root, "directory"))
        except (BuildError, OSError) as error:
            return str(error)
        finally:
            os.rmdir(os.path.join(lower, "directory"))
            os.rmdir(lower)
    return ""


class _Probe(OverlaySnapshotter):
    """Mounts one directory as a layer, in a folder of the store."""

    def __init__(self, store: LayerStore, folder: str) -> None:
        super().__init__(store)
        self._folder = folder

    def mounted(self, lower: str) -> contextlib.AbstractContextManager[str]:
        """The directory as a root file system to change."""
        return self._mounted((lower,), self._folder, is_changed=True)
