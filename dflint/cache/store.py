r"""Values under keys in a folder, for several processes at once, for which nothing is vital.

The values are spread over a fixed number of files by their keys. A file is only ever replaced as
a whole, by one that was written beside it: what a reader opens is complete, a process that is
killed leaves the old one, and of two that write at once one wins and the other's values are
missed once. Everything is held against a checksum before it is believed; what does not hold is
as if it were not there, and is gone with the next write. No failure of the disk is an error.

    file    = "dflint1\n", number of rows: 4, checksum of the rows: 8, rows by key, values
    row     = key: 16, checksum of the value: 8, offset: 4, length: 4, last use in seconds: 4
"""

from __future__ import annotations

import os
from time import time

from dflint.cache.location import SUFFIX, files, prepare, write_file

try:
    # `hashlib` takes a millisecond to import and gives the same function.
    from _blake2 import blake2b
except ImportError:  # an interpreter with another implementation
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Row = tuple[bytes, int, bytes]

LIMIT = 64 << 20
"""How many bytes the files may have together."""

_FILES = 64
_FORMAT = "1"
_MAGIC = b"dflint1\n"
_HEAD = len(_MAGIC) + 4 + 8
_ROW = 16 + 8 + 4 + 4 + 4
#: How exactly the last use of a value is known, so that reading alone seldom writes.
_DAY = 86400
#: A file that was to replace another and is older, in seconds, was left by a killed process.
_ABANDONED = 3600
#: So many bytes wait at most until they are written.
_WAITING = 8 << 20


def digest(data: bytes) -> bytes:
    """Sixteen bytes that stand for the data."""
    return blake2b(data, digest_size=16).digest()


def _place(key: bytes) -> bytes:
    """The sixteen bytes that a value is found by: the key, where it is a digest already."""
    return key if len(key) == 16 else digest(key)


class Store:
    """What is kept in one folder, which is made with the first value.

    `problem` says why something could not be read or written, None if all went well. Values that
    are put are written by `flush`; `take` hands them to another process instead, to be put there.
    A key of sixteen bytes is taken for a digest. A value that would take a great part of a file is
    not kept.
    """

    __slots__ = ("_limit", "_loaded", "_now", "_used", "_waiting", "_waits", "folder", "problem")

    def __init__(self, folder: str, limit: int = LIMIT, now: float | None = None) -> None:
        self.folder = folder
        self.problem: str | None = None
        self._limit = limit
        self._now = min(max(int(time() if now is None else now), 0), (1 << 32) - 1)
        self._loaded: dict[int, _Table] = {}
        self._waiting: dict[bytes, bytes] = {}
        self._waits = 0
        self._used: set[bytes] = set()

    def get(self, key: bytes) -> bytes | None:
        """The value under the key; None when there is none, or none that can be trusted."""
        place = _place(key)
        if place in self._waiting:
            return self._waiting[place]
        number = place[0] % _FILES
        table = self._loaded.get(number)
        if table is None:
            table = self._loaded[number] = self._load(number)
        value, last_use = table.value(place)
        if value is not None and abs(self._now - last_use) >= _DAY:
            self._used.add(place)
        return value

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Put values under keys, to be written with the next `flush`."""
        self.put_taken([(_place(key), value) for key, value in items])

    def put_taken(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Put what `take` gave."""
        for place, value in items:
            if len(value) <= self._limit // _FILES // 4:
                self._waiting[place] = value
                self._waits += len(value)
        if self._waits > _WAITING:
            self.flush()

    def take(self) -> list[tuple[bytes, bytes]]:
        """What waits to be written, which this store then no longer has."""
        waiting = list(self._waiting.items())
        self._waiting.clear()
        self._waits = 0
        return waiting

    def flush(self) -> None:
        """Write what waits, and which old values were of use; a full disk only costs the cache."""
        changed: dict[int, dict[bytes, bytes]] = {}
        for place, value in self._waiting.items():
            changed.setdefault(place[0] % _FILES, {})[place] = value
        for place in self._used:
            changed.setdefault(place[0] % _FILES, {})
        used = self._used
        self._waiting, self._waits, self._used = {}, 0, set()
        if not changed:
            return
        try:
            refusal = prepare(self.folder)
            if refusal is not None:
                self.problem = refusal
                return
            for number, values in changed.items():
                self._replace(number, values, used)
            self._sweep()
        except OSError as error:
            self._failed(error)

    def rows(self) -> int:
        """How many values there are, for people."""
        return sum(self._load(number).count for number in range(_FILES))

    def _path(self, number: int) -> str:
        return os.path.join(self.folder, f"{number:02x}{SUFFIX}{_FORMAT}")

    def _load(self, number: int) -> _Table:
        try:
            with open(self._path(number), "rb", buffering=0) as file:
                return _Table(file.read())
        except (FileNotFoundError, NotADirectoryError):
            return _Table(b"")
        except OSError as error:
            self._failed(error)
            return _Table(b"")

    def _replace(self, number: int, values: dict[bytes, bytes], used: set[bytes]) -> None:
        """Write a file anew; another process may have written it since it was loaded."""
        table = self._loaded[number] = self._load(number)
        rows: list[tuple[int, bytes, bytes, bytes]] = []
        for place, checksum, last_use, value in table.entries():
            if place not in values:
                rows.append((self._now if place in used else last_use, place, checksum, value))
        for place, value in values.items():
            rows.append((self._now, place, _checksum(value), value))
        path = self._path(number)
        write_file(path, path, _parts(_kept(rows, self._limit // _FILES, self._now)))

    def _sweep(self) -> None:
        """Remove what processes that were killed have left."""
        for entry in files(self.folder):
            if entry.name.count(".") > 1:
                try:
                    if abs(time() - entry.stat().st_mtime) > _ABANDONED:
                        os.unlink(entry.path)
                except FileNotFoundError:
                    continue

    def _failed(self, error: OSError) -> None:
        self.problem = f"`{self.folder}`: {(error.strerror or str(error)).lower()}"


class _Table:
    """The rows of one file and their values; of none if the file is not as it was written."""

    __slots__ = ("_data", "_values", "count")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.count = int.from_bytes(data[8:12], "little")
        self._values = _HEAD + self.count * _ROW
        sound = (
            data.startswith(_MAGIC)
            and len(data) >= self._values
            and data[12:_HEAD] == _checksum(data[_HEAD : self._values])
        )
        if not sound:
            self.count = 0

    def value(self, place: bytes) -> tuple[bytes | None, int]:
        """The value under a key and when it was last of use; None if there is no sound one."""
        if not self.count:
            return None, 0
        data = self._data
        row = data.find(place, _HEAD, self._values)  # faster than to halve the rows, even of many
        while row >= 0 and (row - _HEAD) % _ROW:
            row = data.find(place, row + 1, self._values)
        if row < 0:
            return None, 0
        _, checksum, last_use, value = self._entry(row)
        return (value if _checksum(value) == checksum else None), last_use

    def entries(self) -> Iterable[tuple[bytes, bytes, int, bytes]]:
        """Key, checksum, last use and value of each row."""
        for row in range(_HEAD, _HEAD + self.count * _ROW, _ROW):
            yield self._entry(row)

    def _entry(self, row: int) -> tuple[bytes, bytes, int, bytes]:
        data = self._data
        numbers = int.from_bytes(data[row + 24 : row + 36], "little")
        start = self._values + (numbers & 0xFFFFFFFF)
        end = start + (numbers >> 32 & 0xFFFFFFFF)
        return data[row : row + 16], data[row + 16 : row + 24], numbers >> 64, data[start:end]


def _kept(
    rows: list[tuple[int, bytes, bytes, bytes]], limit: int, now: int
) -> list[tuple[int, bytes, bytes, bytes]]:
    """The rows that fit into a file: once they do not, the latest used, with room for new ones.

    A use that is still to come, by this clock, counts as the longest ago: otherwise what was
    written while the clock was wrong would stay for ever.
    """
    size = _HEAD + sum(len(row[3]) + _ROW for row in rows)
    if size <= limit:
        return rows
    kept = []
    room = limit - limit // 8 - _HEAD
    rows.sort(key=lambda row: row[0] if row[0] <= now + _DAY else 0, reverse=True)
    for row in rows:
        room -= len(row[3]) + _ROW
        if room < 0:
            break
        kept.append(row)
    return kept


def _parts(rows: list[tuple[int, bytes, bytes, bytes]]) -> tuple[bytes, ...]:
    """The file of the rows: its head, the rows, the values."""
    rows.sort(key=lambda row: row[1])
    table: list[bytes] = []
    offset = 0
    for last_use, place, checksum, value in rows:
        numbers = offset | len(value) << 32 | last_use << 64
        table.append(place + checksum + numbers.to_bytes(12, "little"))
        offset += len(value)
    listed = b"".join(table)
    head = _MAGIC + len(rows).to_bytes(4, "little") + _checksum(listed)
    return (b"".join((head, listed, *(row[3] for row in rows))),)


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=8).digest()
