"""Cache records: which layers the result of a step has, by the step's cache key."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dflint.content.database import Database, storable
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.layers import LayerFolder
    from dflint.content.leases import Leases


@dataclass(frozen=True, slots=True)
class Record:
    """What a cache key has led to: the ids of a result's layers, bottom to top.

    `created` and `used` are in seconds since 1970.
    """

    key: str
    layers: tuple[str, ...]
    description: str
    created: float
    used: float


class Records:
    """The records of a store."""

    def __init__(self, database: Database, layers: LayerFolder, leases: Leases) -> None:
        self._database = database
        self._layers = layers
        self._leases = leases

    def find(self, key: str) -> Record | None:
        """What a key has led to, if all layers are still there; marks it used."""
        key = storable(key)
        if not self._database.rows("SELECT 1 FROM records WHERE key = ?", key):
            return None  # most keys of a new build: no need to lock the tables for them
        with self._database.transaction() as connection:
            self._leases.keep("record", key)
            rows = self._database.rows(
                "SELECT description, created FROM records WHERE key = ?", key
            )
            if not rows:
                return None
            layers = self._layers_of(key)
            if not self._layers.have(layers):
                connection.execute("DELETE FROM records WHERE key = ?", (key,))
                connection.execute("DELETE FROM record_layers WHERE key = ?", (key,))
                return None
            now = time.time()
            connection.execute("UPDATE records SET used = ? WHERE key = ?", (now, key))
        description, created = rows[0]
        return Record(key, layers, str(description), float(str(created)), now)

    def add(self, key: str, layers: tuple[str, ...], description: str) -> None:
        """Say what a key leads to from now on; BuildError when a layer is not there."""
        now = time.time()
        key, description = storable(key), storable(description)
        with self._database.transaction() as connection:
            self._leases.keep("record", key)
            if not self._layers.have(layers):
                raise BuildError(f"store: a layer of the result of `{description}` is missing")
            connection.execute("DELETE FROM record_layers WHERE key = ?", (key,))
            connection.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (key, description, now, now)
            )
            connection.executemany(
                "INSERT INTO record_layers VALUES (?, ?, ?)",
                [(key, position, layer) for position, layer in enumerate(layers)],
            )

    def all(self) -> tuple[Record, ...]:
        """All records, the ones that were used last at the end."""
        query = "SELECT key, description, created, used FROM records ORDER BY used, key"
        with self._database.transaction():
            return tuple(
                Record(str(key), self._layers_of(str(key)), str(text), float(str(c)), float(str(u)))
                for key, text, c, u in self._database.rows(query)
            )

    def _layers_of(self, key: str) -> tuple[str, ...]:
        query = "SELECT layer FROM record_layers WHERE key = ? ORDER BY position"
        return tuple(str(layer) for (layer,) in self._database.rows(query, key))
