"""Where overlays are mounted, one after the other: a directory, and overlayfs' work folder.

ext4 passes over what was removed just before whenever it makes something, so that steps that make
and remove directories are slower with each.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.content.files import naming


@dataclass(slots=True)
class Spot:
    """A place for a mount; `is_free` is said when it was mounted, and is not any more."""

    root: str
    work: str
    is_free: bool = False


class Spots:
    """The places in a folder; from several threads at once."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, "overlay-spots")
        self._lock = threading.Lock()
        self._free: list[Spot] = []
        self._count = 0

    @contextlib.contextmanager
    def taken(self) -> Iterator[Spot]:
        """A place that nobody else uses meanwhile."""
        spot = self._take()
        spot.is_free = False
        yield spot
        if spot.is_free and _is_clean(spot.work):
            with self._lock:
                self._free.append(spot)

    def _take(self) -> Spot:
        with self._lock:
            if self._free:
                return self._free.pop()
            self._count += 1
            folder = os.path.join(self._folder, str(self._count))
        spot = Spot(os.path.join(folder, "root"), os.path.join(folder, "work"))
        with naming(folder):
            for path in (spot.root, spot.work):
                os.makedirs(path, 0o700)
        return spot


def _is_clean(work: str) -> bool:
    """Removes what a volatile mount leaves to keep others out; whether that was all there is."""
    try:
        os.unlink(f"{work}/work/incompat/volatile/dirty")
        os.rmdir(f"{work}/work/incompat/volatile")
    except OSError:
        return False
    return True
