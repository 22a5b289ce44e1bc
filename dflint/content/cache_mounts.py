"""Cache mounts: folders that live between builds, shared as `RUN --mount=type=cache` says.

A mount of one id is one or more folders, as in BuildKit: with `sharing=private`, or where another
build has it for itself, there is one more. Each has a lock file beside it.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager, suppress

from dflint.content.database import storable
from dflint.content.files import (
    make_folder,
    naming,
    new_name,
    remove_tree,
    try_lock,
)
from dflint.content.layers import disk_size
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from dflint.content.database import Database
    from dflint.content.files import FileLock

_POLL = 0.02
_SHARINGS = ("shared", "private", "locked")


class CacheMounts:
    """The cache mounts of a store: `cache-mounts/HASH/N/dir`."""

    __slots__ = ("_database", "_root", "_trash")

    def __init__(self, root: str, database: Database) -> None:
        self._root = os.path.join(root, "cache-mounts")
        self._trash = os.path.join(root, "trash")
        self._database = database
        make_folder(self._root)

    def path(self, id: str) -> str:
        """The first folder of an id; made when it is not there, and not locked."""
        path = os.path.join(self._folder(id), "0", "dir")
        with naming(path):
            os.makedirs(path, mode=0o755, exist_ok=True)
        self._mark(id)
        return path

    @contextmanager
    def hold(
        self,
        id: str,
        sharing: str,
        seed: Callable[[str], None] | None,
        cancel: threading.Event | None,
    ) -> Iterator[str]:
        """A folder of an id for as long as one uses it."""
        if sharing not in _SHARINGS:
            raise BuildError(f"cache mount: expected sharing of {_SHARINGS}, found `{sharing}`")
        folder = self._folder(id)
        with naming(folder):
            slot, held = self._take(folder, sharing, cancel)
        with held:
            # Only now: a prune that removed the folder meanwhile has forgotten the id.
            self._mark(id)
            path = os.path.join(slot, "dir")
            if not os.path.isdir(path):
                self._fill(path, seed)
            if sharing == "shared":
                held.share()
            yield path

    def _take(
        self, folder: str, sharing: str, cancel: threading.Event | None
    ) -> tuple[str, FileLock]:
        """Lock one of the folders, or a new one; `locked` waits where another would do with it."""
        while True:
            slots = _slots(folder)
            if sharing != "locked" or not slots:
                slots.append(next(n for n in range(len(slots) + 1) if n not in slots))
            for number in slots:
                slot = os.path.join(folder, str(number))
                held = self._try(slot, sharing)
                if held is not None:
                    return slot, held
            if cancel is None:
                time.sleep(_POLL)
            elif cancel.wait(_POLL):
                raise BuildError("cache mount: gave up waiting for it, as another build holds it")

    def _try(self, slot: str, sharing: str) -> FileLock | None:
        path = os.path.join(slot, "lock")
        try:
            os.makedirs(slot, mode=0o700, exist_ok=True)
            is_filled = os.path.isdir(os.path.join(slot, "dir"))
            return try_lock(path, is_shared=sharing == "shared" and is_filled)
        except FileNotFoundError:  # a prune has removed the folder
            return None
        except FileExistsError:  # it did between two looks of makedirs
            if os.path.lexists(slot) and not os.path.isdir(slot):
                raise
            return None

    def _fill(self, path: str, seed: Callable[[str], None] | None) -> None:
        """Make a folder with what belongs in it from the start; it is there whole or not at all."""
        draft = f"{path}.new"
        remove_tree(draft)
        with naming(draft):
            os.mkdir(draft, 0o755)
            os.chmod(draft, 0o755)
            if seed is not None:
                seed(draft)
            os.rename(draft, path)

    def _folder(self, id: str) -> str:
        name = hashlib.sha256(id.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return os.path.join(self._root, name)

    def _mark(self, id: str) -> None:
        """Note that an id is used now."""
        now = time.time()
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO cache_mounts VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET used = excluded.used",
                (storable(id), os.path.basename(self._folder(id)), now, now),
            )

    def known(self) -> list[tuple[str, str, float]]:
        """The ids with their folders' names and when they were used last, oldest first."""
        rows = self._database.rows("SELECT id, folder, used FROM cache_mounts ORDER BY used")
        return [(str(id), str(folder), float(str(used))) for id, folder, used in rows]

    def unknown(self) -> list[str]:
        """The names of folders that no id has: a process ended before it had noted one."""
        known = {folder for _, folder, _ in self.known()}
        return sorted(set(os.listdir(self._root)) - known)

    def sweep(self) -> None:
        """Remove the folders that no id has, and nobody holds."""
        for folder in self.unknown():
            self.remove("", folder)

    def size(self, folder: str) -> int:
        """What the mounts of an id take on disk, in bytes."""
        return disk_size(os.path.join(self._root, folder))

    def remove(self, id: str, folder: str) -> bool:
        """Remove the folders of an id that nobody holds; whether that are all."""
        path = os.path.join(self._root, folder)
        held: dict[int, FileLock] = {}
        try:
            for number in _slots(path):
                slot = os.path.join(path, str(number))
                with naming(slot), suppress(FileNotFoundError):
                    found = try_lock(os.path.join(slot, "lock"))
                    if found is not None:
                        held[number] = found
            with self._database.transaction() as connection:
                is_whole = set(_slots(path)) <= set(held)
                if is_whole:
                    connection.execute("DELETE FROM cache_mounts WHERE id = ?", (id,))
            for number in held:
                self._discard(os.path.join(path, str(number)))
        finally:
            for each in held.values():
                each.release()
        with suppress(OSError):  # not empty, where a build has begun anew or holds one
            os.rmdir(path)
        return is_whole

    def _discard(self, slot: str) -> None:
        place = os.path.join(self._trash, new_name())
        with naming(slot):
            os.rename(slot, place)
        remove_tree(place)


def _slots(folder: str) -> list[int]:
    """The numbers of the folders of one id."""
    try:
        return sorted(int(name) for name in os.listdir(folder) if name.isdecimal())
    except FileNotFoundError:
        return []
