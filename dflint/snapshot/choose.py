"""Which snapshotter a machine can do."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

from dflint.errors import BuildError, UnsupportedError
from dflint.snapshot.base import Draft, LayerStore, Snapshotter
from dflint.snapshot.copying import CopyingSnapshotter
from dflint.snapshot.overlay import OverlaySnapshotter
from dflint.snapshot.spots import Spots

NAMES = ("auto", "overlay", "copying")


def choose(store: LayerStore, name: str = "auto", spots: Spots | None = None) -> Snapshotter:
    """The snapshotter of this name; `auto` is overlay where it works on the store's disk.

    `auto` finds that out when the first file system is wanted: a build of which everything is
    cached wants none. `spots` are for an `OverlaySnapshotter`.

    Raises UnsupportedError when `overlay` is asked for and does not work, BuildError for a name
    that is none of them.
    """
    if name not in NAMES:
        raise BuildError(f"unknown snapshotter `{name}`, expected one of {', '.join(NAMES)}")
    if name == "copying":
        return CopyingSnapshotter(store)
    if name == "auto":
        return _Automatic(store, spots)
    reason = overlay_problem(store)
    if reason:
        raise UnsupportedError(f"overlayfs does not work on the disk of the store: {reason}")
    return OverlaySnapshotter(store, spots)


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


class _Automatic:
    """Overlay where it works, else copying; tried once, when the first one is wanted."""

    def __init__(self, store: LayerStore, spots: Spots | None) -> None:
        self._store = store
        self._spots = spots
        self._lock = threading.Lock()
        self._chosen: Snapshotter | None = None

    @property
    def name(self) -> str:
        """The name of the one that works here."""
        return self._snapshotter().name

    @contextlib.contextmanager
    def prepare(self, layers: tuple[str, ...], *, with_places: bool = False) -> Iterator[Draft]:
        """A root file system to change; see `Snapshotter.prepare`."""
        with self._snapshotter().prepare(layers, with_places=with_places) as draft:
            yield draft

    @contextlib.contextmanager
    def view(self, layers: tuple[str, ...]) -> Iterator[str]:
        """The layers' file system; see `Snapshotter.view`."""
        with self._snapshotter().view(layers) as path:
            yield path

    def look_ahead(self, *, is_more: bool) -> None:
        """What can be done ahead; see `Snapshotter.look_ahead`."""
        self._snapshotter().look_ahead(is_more=is_more)

    def close(self) -> None:
        """Remove what was made ahead."""
        with self._lock:
            if self._chosen is not None:
                self._chosen.close()

    def _snapshotter(self) -> Snapshotter:
        with self._lock:
            if self._chosen is None:
                if overlay_problem(self._store):
                    self._chosen = CopyingSnapshotter(self._store)
                else:
                    self._chosen = OverlaySnapshotter(self._store, self._spots)
            return self._chosen


class _Probe(OverlaySnapshotter):
    """Mounts one directory as a layer, in a folder of the store."""

    def __init__(self, store: LayerStore, folder: str) -> None:
        super().__init__(store)
        self._folder = folder

    def mounted(self, lower: str) -> contextlib.AbstractContextManager[str]:
        """The directory as a root file system to change."""
        return self._mounted((lower,), self._folder, is_changed=True)
