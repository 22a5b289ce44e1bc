"""The store's tables: layers, records, cache mounts, leases.

SQLite with a write-ahead log. `synchronous=NORMAL`: a killed process loses nothing it was told is
done, a power cut may lose the last changes but leaves the tables whole.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from contextlib import contextmanager

from dflint.content.files import REPAIR, lock
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
"""The version of the tables, kept in `user_version`."""

_WAIT = 60.0
_DAMAGE = frozenset(
    (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ)
)
_FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE))
_TABLES = """
CREATE TABLE layers (
    id TEXT PRIMARY KEY, diff_id TEXT NOT NULL, size INTEGER NOT NULL, disk INTEGER,
    created REAL NOT NULL, used REAL NOT NULL, boot TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE chains (chain_id TEXT PRIMARY KEY, layer TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE layer_blobs (
    diff_id TEXT NOT NULL, digest TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (diff_id, digest, media_type)
) WITHOUT ROWID;
CREATE TABLE records (
    key TEXT PRIMARY KEY, description TEXT NOT NULL, created REAL NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE record_layers (
    key TEXT NOT NULL, position INTEGER NOT NULL, layer TEXT NOT NULL, PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TABLE cache_mounts (
    id TEXT PRIMARY KEY, folder TEXT NOT NULL, created REAL NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE facts (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE lease_items (
    lease TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (lease, kind, name)
) WITHOUT ROWID;
"""

TABLES = tuple(re.findall(r"CREATE TABLE (\w+)", _TABLES))
"""The names of the tables."""


class Database:
    """The tables of one store, for all threads of a process."""

    __slots__ = ("_connection", "_depth", "_lock", "_process", "path")

    path: str

    def __init__(self, root: str) -> None:
        self.path = os.path.join(root, "dflint.db")
        self._lock = threading.RLock()
        self._depth = 0
        self._process = os.getpid()
        with lock(os.path.join(root, "lock")):
            self._connection = self._open()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is changed meanwhile is changed at once, or not at all; they can be nested."""
        with self._lock, self._naming():
            self._check_process()
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._connection
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                if self._depth == 1 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """The rows that a query finds."""
        with self._lock, self._naming():
            self._check_process()
            return self._connection.execute(query, values).fetchall()

    def execute(self, statement: str, *values: object) -> None:
        """Run a statement at once, outside of transactions."""
        with self._lock, self._naming():
            self._connection.execute(statement, values)

    def close(self) -> None:
        """Close the file; nothing can be asked any more."""
        with self._lock:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        with self._naming():
            connection = sqlite3.connect(
                self.path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise BuildError(
                f"store: `{self.path}` is of version {version}, which another version of dflint "
                f"has made: expected {VERSION}"
            )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        if version == 0:
            connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version={VERSION};COMMIT;")

    def _check_process(self) -> None:
        if self._process != os.getpid():
            raise BuildError(f"store: `{self.path}` was opened by another process")

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise table_error(self.path, error) from error


def table_error(path: str, error: sqlite3.Error) -> BuildError:
    """The error that names the tables' file, and says what helps."""
    reason = str(error)
    if getattr(error, "sqlite_errorcode", 0) in _FULL:
        reason = "no space left on device (`dflint buildcache prune` makes room)"
    elif is_damage(error):
        reason += f" ({REPAIR})"
    return BuildError(f"store: `{path}`: {reason}")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is damaged, or no file of SQLite's at all."""
    code = getattr(error, "sqlite_errorcode", 0)  # errors of the module itself have none
    return code in _DAMAGE or code & 0xFF == sqlite3.SQLITE_CORRUPT


def storable(text: str) -> str:
    """A text as SQLite takes it: bytes that are no UTF-8, lone surrogates here, are written out."""
    return text.encode("utf-8", "backslashreplace").decode()
