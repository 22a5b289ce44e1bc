"""What ADD unpacks, told by the first bytes of a file."""

from __future__ import annotations

#: So many bytes tell: the header of a tar archive.
ENOUGH = 512
#: Where a header of tar keeps the sum of all its bytes, as an octal number.
_SUM = slice(148, 156)
#: What files begin with that gzip, bzip2, xz and zstd have made.
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


def may_be_archive(first: bytes) -> bool:
    """Tell whether a file is a tar archive, or compressed and so perhaps one.

    An archive has a header with the right sum, whatever wrote it.
    """
    if first.startswith(_COMPRESSED) or first[1:4] == b"\x2a\x4d\x18":
        return True
    if len(first) < ENOUGH:
        return False
    header = first[:ENOUGH]
    try:
        stated = int(header[_SUM].strip(b"\0 ") or b"0", 8)
    except ValueError:
        return False
    total = sum(header) - sum(header[_SUM]) + 8 * ord(" ")
    signed = total - 256 * sum(byte > 127 for at, byte in enumerate(header) if not 148 <= at < 156)
    return stated in (total, signed)
