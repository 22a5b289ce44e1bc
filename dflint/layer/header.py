"""Tar headers, byte for byte as Go's `archive/tar` writes them (POSIX.1-2001 ustar and pax).

BuildKit asks for pax, which Go narrows to plain ustar wherever every field fits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK = 512
END_OF_ARCHIVE = bytes(2 * BLOCK)

FILE = b"0"
HARD_LINK = b"1"
SYMLINK = b"2"
CHARACTER_DEVICE = b"3"
BLOCK_DEVICE = b"4"
DIRECTORY = b"5"
FIFO = b"6"
PAX_HEADER = b"x"

XATTR = b"SCHILY.xattr."
"""What the pax record of an extended attribute is called, before the attribute's own name."""

_NAME, _PREFIX = 100, 155
_MAXIMUM_RECORDS = 1 << 20
_MODE_LIMIT = 1 << 21
SIZE_LIMIT = 1 << 33
"""The first size, and time, that an octal field does not hold."""
_TAIL = bytes(12)
_MAGIC = b"ustar\x0000" + bytes(64)


@dataclass(slots=True)
class Header:
    """One entry: `name` without a leading slash, `mtime` in whole seconds since 1970.

    `xattrs` are (name, value); `is_pax` asks for pax where ustar would do.
    """

    name: bytes
    type: bytes
    mode: int = 0
    uid: int = 0
    gid: int = 0
    size: int = 0
    mtime: int = 0
    link: bytes = b""
    major: int = 0
    minor: int = 0
    xattrs: list[tuple[bytes, bytes]] = field(default_factory=list)
    is_pax: bool = False


def encode(header: Header) -> bytes:
    """The blocks of an entry's header, its pax records first when it needs any.

    A BuildError names an entry that no tar of this format can hold.
    """
    name, prefix = header.name, b""
    link = header.link
    records: dict[bytes, bytes] = {}
    is_pax = header.is_pax
    if len(name) > _NAME or not name.isascii():
        records[b"path"] = name
        prefix, suffix = split_name(name)
        is_pax = is_pax or not prefix
    if len(link) > _NAME or not link.isascii():
        records[b"linkpath"] = link
        is_pax = True
    numbers = _numeric_records(header)
    if numbers or header.xattrs:
        is_pax = True
        records.update(numbers)
        records.update((XATTR + key, value) for key, value in header.xattrs)
    if not is_pax:
        return _block(header, suffix if prefix else name, prefix, link)
    block = _block(header, _ascii(name), b"", _ascii(link))
    return _records(name, records) + block if records else block


def split_name(name: bytes) -> tuple[bytes, bytes]:
    """A long name as ustar's (prefix, name); ("", "") when it cannot be split."""
    if len(name) <= _NAME or not name.isascii():
        return b"", b""
    length = len(name)
    if length > _PREFIX + 1:
        length = _PREFIX + 1
    elif name.endswith(b"/"):
        length -= 1
    at = name.rfind(b"/", 0, length)
    rest = len(name) - at - 1
    if at <= 0 or at > _PREFIX or not 0 < rest <= _NAME:
        return b"", b""
    return name[:at], name[at + 1 :]


def padding(size: int) -> bytes:
    """The zeros that fill a file of `size` bytes up to whole blocks."""
    return bytes(-size % BLOCK)


def _numeric_records(header: Header) -> dict[bytes, bytes]:
    records = {}
    for key, value, limit in (
        (b"uid", header.uid, _MODE_LIMIT),
        (b"gid", header.gid, _MODE_LIMIT),
        (b"size", header.size, SIZE_LIMIT),
        (b"mtime", header.mtime, SIZE_LIMIT),
    ):
        if not 0 <= value < limit:
            records[key] = b"%d" % value
    return records


def _records(name: bytes, records: dict[bytes, bytes]) -> bytes:
    data = b"".join(_record(key, value) for key, value in sorted(records.items()))
    if len(data) > _MAXIMUM_RECORDS:
        raise BuildError(
            f"the attributes of `{name.decode(errors='replace')}` take {len(data)} bytes,"
            f" a layer holds {_MAXIMUM_RECORDS} at most"
        )
    folder, _, base = name.rpartition(b"/")
    holder = _ascii(_joined((folder, b"PaxHeaders.0", base)))[:_NAME].rstrip(b"/")
    block = _block(Header(holder, PAX_HEADER, size=len(data)), holder, b"", b"")
    # archive/tar leaves out the device numbers of this header.
    block = _with_checksum(block[:329] + bytes(16) + block[345:])
    return block + data + padding(len(data))


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"/".join(part for part in parts if part)


def _record(key: bytes, value: bytes) -> bytes:
    """The record, `LENGTH KEY=VALUE` and a line feed; LENGTH counts itself."""
    rest = len(key) + len(value) + 3
    length = rest + len(str(rest))
    if rest + len(str(length)) != length:
        length = rest + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def _block(header: Header, name: bytes, prefix: bytes, link: bytes) -> bytes:
    block = b"".join(
        (
            _text(name, _NAME),
            _octal(header.mode, 8),
            _octal(header.uid, 8),
            _octal(header.gid, 8),
            _octal(header.size, 12),
            _octal(header.mtime, 12),
            b"        ",
            header.type,
            _text(link, _NAME),
            _MAGIC,
            _octal(header.major, 8),
            _octal(header.minor, 8),
            prefix.ljust(_PREFIX, b"\0"),
            _TAIL,
        )
    )
    return b"%s%06o\0 %s" % (block[:148], sum(block), block[156:])


def _with_checksum(block: bytes) -> bytes:
    total = sum(block[:148]) + 8 * 0x20 + sum(block[156:])
    return b"%s%06o\0 %s" % (block[:148], total, block[156:])


def _octal(value: int, width: int) -> bytes:
    if not 0 <= value < 1 << 3 * (width - 1):
        value = 0  # a pax record has it
    return b"%0*o\0" % (width - 1, value)


def _text(text: bytes, width: int) -> bytes:
    if len(text) <= width:
        return text.ljust(width, b"\0")
    text = text[:width]
    if text.endswith(b"/"):  # else some readers take a cut name for a directory's
        text = text[:-1].rstrip(b"/").ljust(width, b"\0")
    return text


def _ascii(text: bytes) -> bytes:
    return text if text.isascii() else bytes(byte for byte in text if byte < 0x80)
