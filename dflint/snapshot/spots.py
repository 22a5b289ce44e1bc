"""Where overlays are mounted, one after the other: a directory, and overlayfs' work folder.

To remove a directory takes as long as the disk wants that is told of each block that gets free.
Nobody waits for that here: what was used is moved aside, and removed beside what follows.
Each place is in a part of the disk of its own, as a mount makes and frees half a dozen inodes.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.content.files import naming, new_name, remove_work
from dflint.errors import BuildError
from dflint.kernel.spreading import spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


@dataclass(slots=True)
class Spot:
    """A place for a mount; `is_free` is said when it was mounted, and is not any more."""

    root: str
    work: str
    is_free: bool = False


class Spots:
    """The places in a folder on the disk of a store; from several threads at once.

    Whoever names the folder removes it, after `close`.
    """

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, "overlay-spots")
        self._lock = threading.Lock()
        self._free: list[Spot] = []
        self._aside: list[str] = []
        self._remover: ThreadPoolExecutor | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[Spot]:
        """A place that nobody else uses meanwhile."""
        with self._lock:
            spot = self._free.pop() if self._free else None
        if spot is None:
            spot = self._make()
        spot.is_free = False
        yield spot
        if spot.is_free:
            self._move_aside(f"{spot.work}/work")
            with self._lock:
                self._free.append(spot)

    def _make(self) -> Spot:
        with naming(self._folder):
            if not os.path.isdir(self._folder):
                os.makedirs(self._folder, 0o700, exist_ok=True)
                spread(self._folder)
            folder = self._new_name()
            spot = Spot(f"{folder}/root", f"{folder}/work")
            for path in (folder, spot.root, spot.work):
                os.mkdir(path, 0o700)
        return spot

    def _move_aside(self, path: str) -> None:
        """Has a folder removed by one of the next `clean`, or by `close`."""
        place = self._new_name()
        with naming(path):
            os.rename(path, place)
        with self._lock:
            self._aside.append(place)

    def clean(self) -> None:
        """Begins to remove what was moved aside; nobody waits for that before `close`."""
        with self._lock:
            aside, self._aside = self._aside, []
            if aside and self._remover is None:
                from concurrent.futures import ThreadPoolExecutor

                self._remover = ThreadPoolExecutor(1, "remover")
            for place in aside:
                assert self._remover is not None
                self._remover.submit(_remove, place)

    def close(self) -> None:
        """Waits for what is being removed."""
        self.clean()
        with self._lock:
            remover, self._remover = self._remover, None
        if remover is not None:
            remover.shutdown()

    def _new_name(self) -> str:
        return os.path.join(self._folder, new_name())


def _remove(path: str) -> None:
    with contextlib.suppress(BuildError):  # whoever removes all of the folder says why that fails
        remove_work(path)
