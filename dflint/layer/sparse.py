"""Where the data of sparse files lies: GNU's old header and the three ways of its pax records."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.layer.header import BLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NAME = b"GNU.sparse.name"
MAP = b"GNU.sparse.map"
REPEATED = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")
"""The records of version 0.0, which stand once for each segment, one after the other."""

_SEGMENTS_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Sparse:
    """A file of `size` bytes whose data is in `segments` (offset, length); the rest is zero.

    `used` is how many bytes of the content the map itself took.
    """

    size: int
    segments: list[tuple[int, int]]
    used: int = 0

    def fits(self, stored: int) -> bool:
        """Whether the segments are in order, within the file, and `stored` bytes in all."""
        end = 0
        for offset, length in self.segments:
            if offset < end or length < 0:
                return False
            end = offset + length
        return end <= self.size and sum(length for _, length in self.segments) == stored


def is_described(records: dict[bytes, bytes]) -> bool:
    """Whether pax records tell of a sparse file."""
    return MAP in records or records.get(b"GNU.sparse.major") == b"1"


def of_records(records: dict[bytes, bytes], next_block: Callable[[], bytes]) -> Sparse | None:
    """The map of versions 0.0 and 0.1 (in the records) or 1.0 (before the content)."""
    try:
        size = int(records.get(b"GNU.sparse.realsize") or records[b"GNU.sparse.size"])
        if MAP in records:
            numbers = [int(part) for part in records[MAP].split(b",") if part]
            return Sparse(size, _pairs(numbers))
        return _before_content(size, next_block)
    except (KeyError, ValueError):
        return None


def of_old_header(block: bytes, next_block: Callable[[], bytes]) -> Sparse | None:
    """The map in a header of type S, and in the blocks that follow it."""
    segments: list[tuple[int, int]] = []
    table, more = block[386:482], block[482]
    size = _number(block[483:495])
    while True:
        for at in range(0, len(table) - 23, 24):
            if not table[at]:
                break
            offset, length = _number(table[at : at + 12]), _number(table[at + 12 : at + 24])
            if offset is None or length is None:
                return None
            segments.append((offset, length))
        if not more or len(segments) > _SEGMENTS_LIMIT:
            break
        block = next_block()
        if len(block) < BLOCK:
            return None
        table, more = block[:504], block[504]
    return Sparse(size, segments) if size is not None else None


def _before_content(size: int, next_block: Callable[[], bytes]) -> Sparse | None:
    text = b""
    used = 0
    wanted = 1
    while text.count(b"\n") < wanted:
        block = next_block()
        used += len(block)
        if len(block) < BLOCK or used > _SEGMENTS_LIMIT * 24:
            return None
        text += block
        if wanted == 1 and b"\n" in text:
            wanted = 1 + 2 * int(text.partition(b"\n")[0])
            if not 1 <= wanted <= 2 * _SEGMENTS_LIMIT:
                return None
    numbers = [int(line) for line in text.split(b"\n")[1:wanted]]
    return Sparse(size, _pairs(numbers), used)


def _pairs(numbers: list[int]) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _number(text: bytes) -> int | None:
    if text[0] & 0x80:
        return int.from_bytes(text[1:], "big")
    try:
        return int(text.strip(b" \0") or b"0", 8)
    except ValueError:
        return None
