"""Where overlays are mounted, one after the other: a directory, and overlayfs' work folder.

To remove a directory takes as long as the disk wants that is told of each block that gets free.
Nobody waits for that here: what was used is moved aside, and removed beside what follows.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.content.files import naming, remove_work
from dflint.errors import BuildError

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
        self._count = 0
        self._remover: ThreadPoolExecutor | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[Spot]:
        """A place that nobody else uses meanwhile."""
        with self._lock:
            spot = self._free.pop() if self._free else None
        if spot is None:
            folder = self._new_name()
            spot = Spot(f"{folder}/root", f"{folder}/work")
            with naming(folder):
                os.makedirs(spot.root, 0o700)
                os.mkdir(spot.work, 0o700)
        spot.is_free = False
        yield spot
        if spot.is_free:
            self._move_aside(f"{spot.work}/work")
            with self._lock:
                self._free.append(spot)

    def _move_aside(self, path: str) -> None:
        """Has a folder removed, some time before `close` has ended."""
        place = self._new_name()
        with naming(path):
            os.rename(path, place)
        with self._lock:
            if self._remover is None:
                from concurrent.futures import ThreadPoolExecutor

                self._remover = ThreadPoolExecutor(1, "remover")
            self._remover.submit(_remove, place)

    def close(self) -> None:
        """Waits for what is being removed."""
        with self._lock:
            remover, self._remover = self._remover, None
        if remover is not None:
            remover.shutdown()

    def _new_name(self) -> str:
        with self._lock:
            self._count += 1
            return os.path.join(self._folder, str(self._count))


def _remove(path: str) -> None:
    with contextlib.suppress(BuildError):  # whoever removes all of the folder says why that fails
        remove_work(path)
