"""Tar archives of any producer, entry by entry: ustar, pax, GNU, star and the old format.

Reads like Go's `archive/tar`, which the engines use: pax global headers count for nothing, an
archive may end without its two zero blocks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from dflint.errors import BuildError
from dflint.layer import sparse
from dflint.layer.header import BLOCK, PAX_HEADER, XATTR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_LIMIT_OF_RECORDS = 1 << 20
_ZERO = bytes(BLOCK)
_GLOBAL_HEADER = b"g"
_GNU_NAME, _GNU_LINK, _GNU_SPARSE = b"L", b"K", b"S"
_WITHOUT_CONTENT = frozenset((b"1", b"2", b"3", b"4", b"5", b"6"))
_SECOND = 1_000_000_000


class Reader(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; b"" at the end."""


@dataclass(slots=True)
class Entry:
    """One entry of an archive, `name` as it is written there.

    `size` is what the file is long, `stored` how many bytes of the archive hold it; they differ
    for sparse files, whose `segments` are the (offset, length) of the data.
    """

    name: bytes
    type: bytes
    mode: int
    uid: int
    gid: int
    size: int
    mtime_ns: int
    link: bytes
    major: int
    minor: int
    stored: int
    xattrs: dict[bytes, bytes] = field(default_factory=dict)
    segments: list[tuple[int, int]] | None = None

    def __str__(self) -> str:
        return self.name.decode(errors="replace")


class TarReader:
    """The entries of an archive that is read from a stream once, front to back.

    `digest` and `size` tell of all bytes read, after `drain` of the whole stream.
    """

    def __init__(self, stream: Reader) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._buffer = b""
        self._at = 0
        self._total = 0
        self._left = 0
        self._padding = 0
        self._last = ""

    @property
    def digest(self) -> str:
        """The digest of what was read, `sha256:…`."""
        return f"sha256:{self._digest.hexdigest()}"

    @property
    def size(self) -> int:
        """How many bytes were read."""
        return self._total

    def __iter__(self) -> Iterator[Entry]:
        while (entry := self._next()) is not None:
            self._last = str(entry)
            self._left, self._padding = entry.stored, -entry.stored % BLOCK
            yield entry
            self._skip()

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the current entry's content; b"" at its end."""
        size = min(size, self._left)
        if not size:
            return b""
        if self._at == len(self._buffer):
            self._fill()
        data = self._buffer[self._at : self._at + size]
        if not data:
            raise self._truncated()
        self._at += len(data)
        self._left -= len(data)
        return data

    def drain(self) -> None:
        """Read what follows the end of the archive: it counts for the digest."""
        while self._buffer:
            self._fill()
        self._at = 0

    def _fill(self) -> None:
        self._buffer = self._stream.read(_CHUNK)
        self._at = 0
        self._digest.update(self._buffer)
        self._total += len(self._buffer)

    def _take(self, size: int) -> bytes:
        """The next `size` bytes of the archive; fewer only where it ends."""
        end = self._at + size
        if end <= len(self._buffer):
            data = self._buffer[self._at : end]
            self._at = end
            return data
        parts = [self._buffer[self._at :]]
        missing = size - len(parts[0])
        while missing:
            self._fill()
            if not self._buffer:
                break
            parts.append(self._buffer[:missing])
            self._at = len(parts[-1])
            missing -= self._at
        return b"".join(parts)

    def _skip(self) -> None:
        while self.read(_CHUNK):
            pass
        if len(self._take(self._padding)) < self._padding:
            raise self._truncated()

    def _truncated(self) -> BuildError:
        where = f"in `{self._last}`" if self._last else "in its first header"
        return BuildError(f"the archive is cut off {where}, after {self._total} bytes")

    def _next(self) -> Entry | None:
        records: dict[bytes, bytes] = {}
        name = link = None
        while (block := self._block()) is not None:
            kind = block[156:157]
            if kind in (PAX_HEADER, _GLOBAL_HEADER, _GNU_NAME, _GNU_LINK):
                data = self._special(block)
                if kind == PAX_HEADER:
                    records = self._records(data)
                elif kind == _GNU_NAME:
                    name = data.partition(b"\0")[0]
                elif kind == _GNU_LINK:
                    link = data.partition(b"\0")[0]
                continue
            entry = self._entry(block)
            entry.name = entry.name if name is None else name
            entry.link = entry.link if link is None else link
            self._last = str(entry)
            self._merge(entry, records)
            self._find_segments(entry, block, records)
            return entry
        if records or name is not None or link is not None:
            raise self._truncated()
        return None

    def _block(self) -> bytes | None:
        block = self._take(BLOCK)
        if not block:
            return None
        if len(block) < BLOCK:
            raise self._truncated()
        if block == _ZERO:
            following = self._take(BLOCK)
            if following not in (b"", _ZERO):
                raise self._bad("a zero block stands in its midst")
            return None
        total = sum(block) - sum(block[148:156]) + 8 * 0x20
        if self._number(block[148:156], "checksum") not in (total, _signed_total(block)):
            raise self._bad("a header has a wrong checksum")
        return block

    def _bad(self, what: str) -> BuildError:
        after = f" after `{self._last}`" if self._last else ""
        return BuildError(f"this is no tar archive, or a damaged one: {what}{after}")

    def _number(self, text: bytes, what: str) -> int:
        if text[0] & 0x80:
            value = int.from_bytes(text, "big", signed=False)
            bits = 8 * len(text)
            if text[0] & 0x40:
                return value - (1 << bits)
            return value - (1 << bits - 1)
        digits = text.strip(b" \0").partition(b"\0")[0]
        try:
            return int(digits, 8) if digits else 0
        except ValueError:
            raise self._bad(f"the {what} of a header is `{digits!r}`, no octal number") from None

    def _special(self, block: bytes) -> bytes:
        size = self._number(block[124:136], "size")
        if not 0 <= size <= _LIMIT_OF_RECORDS:
            raise self._bad(
                f"an extended header of {size} bytes (at most {_LIMIT_OF_RECORDS} are read)"
            )
        data = self._take(size + -size % BLOCK)
        if len(data) < size + -size % BLOCK:
            raise self._truncated()
        return data[:size]

    def _records(self, data: bytes) -> dict[bytes, bytes]:
        records: dict[bytes, bytes] = {}
        offsets: list[bytes] = []
        while data:
            length, _, _ = data[:21].partition(b" ")
            end = int(length) if length.isdigit() else 0
            record = data[len(length) + 1 : end]
            key, equals, value = record[:-1].partition(b"=")
            if end > len(data) or record[-1:] != b"\n" or not equals or not key:
                raise self._bad("a pax record is malformed")
            data = data[end:]
            if key in sparse.REPEATED:
                offsets.append(value)
            records[key] = value
        if offsets:
            records[sparse.MAP] = b",".join(offsets)
        return records

    def _entry(self, block: bytes) -> Entry:
        name = block[:100].partition(b"\0")[0]
        major = minor = 0
        magic = block[257:265]
        if magic[:5] == b"ustar":
            major = self._number(block[329:337], "device number")
            minor = self._number(block[337:345], "device number")
        if magic[:6] == b"ustar\0":
            length = 131 if block[508:] == b"tar\0" else 155
            prefix = block[345 : 345 + length].partition(b"\0")[0]
            name = prefix + b"/" + name if prefix else name
        kind = block[156:157]
        if kind in (b"\0", b"7"):
            kind = b"5" if name.endswith(b"/") else b"0"
        size = self._number(block[124:136], "size")
        return Entry(
            name,
            kind,
            self._number(block[100:108], "mode"),
            self._number(block[108:116], "owner"),
            self._number(block[116:124], "group"),
            size,
            self._number(block[136:148], "time") * _SECOND,
            block[157:257].partition(b"\0")[0],
            major,
            minor,
            size,
        )

    def _merge(self, entry: Entry, records: dict[bytes, bytes]) -> None:
        for key, value in records.items():
            if key.startswith(XATTR):
                entry.xattrs[key[len(XATTR) :]] = value
        if not records:
            self._check_size(entry)
            return
        entry.name = records.get(b"path") or entry.name
        entry.link = records.get(b"linkpath") or entry.link
        try:
            entry.uid = int(records.get(b"uid") or entry.uid)
            entry.gid = int(records.get(b"gid") or entry.gid)
            entry.size = entry.stored = int(records.get(b"size") or entry.size)
            if records.get(b"mtime"):
                entry.mtime_ns = _nanoseconds(records[b"mtime"])
        except ValueError:
            raise self._bad("a pax record holds no number where one belongs") from None
        self._check_size(entry)

    def _check_size(self, entry: Entry) -> None:
        if entry.type in _WITHOUT_CONTENT:
            entry.size = entry.stored = 0
        if entry.size < 0:
            raise self._bad(f"`{entry}` has a size of {entry.size} bytes")

    def _find_segments(self, entry: Entry, block: bytes, records: dict[bytes, bytes]) -> None:
        if entry.type == _GNU_SPARSE:
            entry.type = b"0"
            found = sparse.of_old_header(block, lambda: self._take(BLOCK))
        elif sparse.is_described(records):
            entry.name = records.get(sparse.NAME, entry.name)
            self._left = entry.stored
            found = sparse.of_records(records, lambda: self._take(BLOCK))
            entry.stored -= found.used if found is not None else 0
        else:
            return
        if found is None or not found.fits(entry.stored):
            raise self._bad(f"the map of the sparse file `{entry}` is malformed")
        entry.size, entry.segments = found.size, found.segments


def _signed_total(block: bytes) -> int:
    total = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:])
    return total + 8 * 0x20


def _nanoseconds(text: bytes) -> int:
    """A pax time, `-12.25`, in nanoseconds."""
    whole, _, fraction = text.partition(b".")
    nanoseconds = int(fraction[:9].ljust(9, b"0")) if fraction else 0
    seconds = int(whole)
    return seconds * _SECOND + (-nanoseconds if whole.startswith(b"-") else nanoseconds)
