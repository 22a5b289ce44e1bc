"""Headers of tars without anything that differs from one export to the next: time 0, owner 0."""

from __future__ import annotations

import tarfile

#: Where the device numbers and the checksum stand in a header (POSIX ustar).
_DEVICE, _CHECKSUM = slice(329, 345), slice(148, 156)
END_OF_ARCHIVE = bytes(2 * tarfile.BLOCKSIZE)


def directory_header(name: str) -> bytes:
    """The header of a directory with mode 0755."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
    return _encode(entry)


def file_header(name: str, size: int, mode: int) -> bytes:
    """The header of a regular file."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, mode
    return _encode(entry)


def padding(size: int) -> bytes:
    """The zeros that fill a file up to whole blocks."""
    return bytes(-size % tarfile.BLOCKSIZE)


def _encode(entry: tarfile.TarInfo) -> bytes:
    """A header as Go writes it: device numbers are zeros in octal, not NULs."""
    data = bytearray(entry.tobuf(tarfile.PAX_FORMAT))
    block = data[-tarfile.BLOCKSIZE :]
    block[_DEVICE] = b"0000000\0" * 2
    block[_CHECKSUM] = b" " * 8
    block[_CHECKSUM] = b"%06o\0 " % sum(block)
    data[-tarfile.BLOCKSIZE :] = block
    return bytes(data)
