"""Leases: what a running build has used is not removed by another process.

A lease is a locked file; the table says what it holds. When its process ends, however it does, the
lock is gone, and so is what it held. A lease of a folder holds for as long as the folder is there.
"""

from __future__ import annotations

import os
import threading

from dflint.content.files import make_folder, naming, new_name, try_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.content.database import Database
    from dflint.content.files import FileLock


_OF_FOLDER = "folder:"


class Leases:
    """The leases of one store object, and those of other processes."""

    __slots__ = ("_active", "_database", "_folder", "_lock", "_root")

    def __init__(self, root: str, database: Database) -> None:
        self._root = root
        self._folder = os.path.join(root, "leases")
        self._database = database
        self._active: tuple[Lease, ...] = ()
        self._lock = threading.Lock()
        make_folder(self._folder)

    def new(self) -> Lease:
        """A lease that holds everything this store object gives or takes from now on."""
        return Lease(self, self._folder, self._database)

    def keep(self, kind: str, *names: str) -> None:
        """Have every active lease hold something: a `layer`, `blob` or `record`."""
        for lease in self._active:
            lease.keep(kind, names)

    def unproved(self, layers: Iterable[str]) -> tuple[str, ...]:
        """The layers that have to be looked for: an active lease has not held them when they were.

        What a lease holds stays there. Without a lease it is all of them.
        """
        active = self._active
        if not active:
            return tuple(layers)
        return tuple(id for id in layers if any(id not in each.proved for each in active))

    def prove(self, layers: Iterable[str]) -> None:
        """Say of layers that they were there when the active leases held them."""
        for lease in self._active:
            lease.prove(layers)

    def hold_for(self, folder: str, items: Iterable[tuple[str, str]]) -> None:
        """Hold things, each a kind and a name, while a folder is there (a path in the store)."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO lease_items VALUES (?, ?, ?)",
                [(_OF_FOLDER + folder, *item) for item in items],
            )

    def enter(self, lease: Lease) -> None:
        """Count a lease as active."""
        with self._lock:
            self._active += (lease,)

    def leave(self, lease: Lease) -> None:
        """Count it no longer."""
        with self._lock:
            self._active = tuple(each for each in self._active if each is not lease)

    def held(self, kind: str) -> set[str]:
        """What leases hold; call it after `forget_dead`, in one transaction."""
        rows = self._database.rows("SELECT name FROM lease_items WHERE kind = ?", kind)
        return {str(name) for (name,) in rows}

    def forget_dead(self) -> None:
        """Drop what leases of dead processes held."""
        named = {str(name) for (name,) in self._database.rows("SELECT lease FROM lease_items")}
        for name in sorted(named.union(os.listdir(self._folder))):
            if name.startswith(_OF_FOLDER):
                self._forget_folder(name)
                continue
            path = os.path.join(self._folder, name)
            with naming(path):
                is_there = os.path.exists(path)
                held = try_lock(path, creates=False)
            if held is None and is_there and os.path.exists(path):
                continue
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM lease_items WHERE lease = ?", (name,))
            if held is not None:
                held.remove()

    def _forget_folder(self, name: str) -> None:
        if not os.path.isdir(os.path.join(self._root, name.removeprefix(_OF_FOLDER))):
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM lease_items WHERE lease = ?", (name,))


class Lease:
    """A context manager: within it, what the store object gives and takes is held."""

    __slots__ = ("_database", "_folder", "_held", "_items", "_leases", "_name", "proved")

    proved: set[str]

    def __init__(self, leases: Leases, folder: str, database: Database) -> None:
        self._leases = leases
        self._folder = folder
        self._database = database
        self._name = ""
        self._held: FileLock | None = None
        self._items: set[tuple[str, str]] = set()
        self.proved = set()

    def __enter__(self) -> Lease:
        self._name = new_name()
        path = os.path.join(self._folder, self._name)
        with naming(path):
            while self._held is None:
                self._held = try_lock(path)
        self._leases.enter(self)
        return self

    def keep(self, kind: str, names: tuple[str, ...]) -> None:
        """Hold something; when this returns, no other process will remove it."""
        new = [(kind, name) for name in names if (kind, name) not in self._items]
        if not new:
            return
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO lease_items VALUES (?, ?, ?)",
                [(self._name, *item) for item in new],
            )
        self._items.update(new)

    def prove(self, layers: Iterable[str]) -> None:
        """Remember which layers were there; it counts for those that are held."""
        self.proved.update(id for id in layers if ("layer", id) in self._items)

    def __exit__(self, *_: object) -> None:
        self._leases.leave(self)
        try:
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM lease_items WHERE lease = ?", (self._name,))
        finally:
            if self._held is not None:
                self._held.remove()
                self._held = None
            self._items.clear()
            self.proved.clear()
