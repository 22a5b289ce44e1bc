"""Facts: what was worked out before, such as the digest of a file."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dflint.content.database import Database

#: About 100 MB on disk.
_MOST_FACTS = 1_000_000
#: SQLite takes at least 999 values in one statement.
_ASKED_AT_ONCE = 500


class Facts:
    """The facts of a store: bytes by key, which may be forgotten at any time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str) -> bytes | None:
        """What was kept under a key; None when nothing was."""
        rows = self._database.rows("SELECT value FROM facts WHERE key = ?", key)
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def find_all(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What was kept under many keys; those that nothing was kept under are left out."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            part = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, value FROM facts WHERE key IN ({marks})"
            for key, value in self._database.rows(query, *part):
                if isinstance(value, bytes):
                    found[str(key)] = value
        return found

    def add(self, facts: Mapping[str, bytes]) -> None:
        """Keep values under keys. Of too many the oldest are forgotten."""
        now = time.time()
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)",
                [(key, value, now) for key, value in facts.items()],
            )
            (count,) = connection.execute("SELECT count(*) FROM facts").fetchone()
            if count > _MOST_FACTS:
                connection.execute(
                    "DELETE FROM facts WHERE key IN (SELECT key FROM facts ORDER BY used LIMIT ?)",
                    (count - _MOST_FACTS // 2,),
                )
