"""What bytes hold in another form: packed, in an archive, or written in other characters.

Nothing here has to be right about what it is given: who looks for a value decodes whatever can be,
and what was none decodes to rubbish, or to nothing.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import unquote_to_bytes

#: Of one container no more is unpacked, in bytes.
_MOST = 1 << 28
_PIECE = 1 << 16
#: A stream may begin in the middle, as behind a script; so many places are tried.
_MOST_STARTS = 64
#: Rare forms are looked for in text of so many bytes.
_MOST_WORDS = 1 << 18
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LEAST_LINE = 20

_PRINTABLE = re.compile(rb"[\t\n\r -~]{20,}+")
_WORD = re.compile(rb"[!-~]{20,}+")
#: Characters of base64 with a line end now and then; a line more than it does no harm.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{20,}+(?:\r?\n[ \t]*+[A-Za-z0-9+/_-]++)*+")
_BASE32 = re.compile(rb"[A-Z2-7]{24,}+|[a-z2-7]{24,}+")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){10,}+(?:\r?\n[ \t]*+(?:[0-9A-Fa-f]{2})++)*+")
_DUMP = re.compile(
    rb"^[ \t]*+(?:[0-9A-Fa-f]{6,}:?[ \t]++)?((?:(?:[0-9A-Fa-f]{2}){1,2}(?:[ \t]{1,2}|$)){4,}+)",
    re.MULTILINE,
)
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_QUOTED_PRINTABLE = re.compile(rb"(?:=[0-9A-F]{2}){3}")
_ESCAPES = re.compile(
    rb"(?:\\x[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}|&#x[0-9A-Fa-f]{2};|&#[0-9]{2,3};)"
)
_NUMBERS = re.compile(rb"[0-9]{1,3}(?:[, \t\r\n]++[0-9]{1,3}){11,}+")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")

Buffer = bytes | memoryview
#: The name of a form, and the bytes that stand in it.
Decoded = tuple[str, bytes]


def contents(data: bytes) -> Iterator[Decoded]:
    """What is packed in some bytes, or in files of an archive that they are."""
    view = memoryview(data)
    for name, magic, unpack in _STREAMS:
        for start in _starts(data, magic) if name != "lzma" else _lzma_start(data):
            yield from ((name, one) for one in unpack(view[start:]) if one)
    if data.startswith(b"PACK"):
        for match in _ZLIB.finditer(data):
            yield "git pack", b"".join(_inflated(view[match.start() :], 15))
    elif len(data) > 2 and _ZLIB.match(data) and int.from_bytes(data[:2], "big") % 31 == 0:
        yield "zlib", b"".join(_inflated(data, 15))
    if b"PK\5\6" in data[-(1 << 16) :]:
        yield from (("zip", one) for one in _zipped(data))
    if data[257:262] == b"ustar":
        yield from (("tar", one) for one in _archived(data))
    if data.startswith(b"!<arch>\n"):
        yield from (("ar", one) for one in _members(data))


def printable(data: bytes) -> bytes:
    """The runs of text in some bytes that are long enough to be of use, with breaks between."""
    return b"\0".join(_PRINTABLE.findall(data))


def texts(data: bytes, text: bytes) -> Iterator[Decoded]:
    """What is written in other characters; all runs of one form in one, with breaks between.

    `text` is what is printable of the data.
    """
    if not text:
        return
    for name, runs in (
        ("base64", _base64_runs(text)),
        ("base32", (_base32(one[0]) for one in _BASE32.finditer(text))),
        ("hexadecimal", (_unhexed(one[0]) for one in _HEX.finditer(text))),
        ("hexadecimal dump", [b"".join(_unhexed(one[1]) for one in _DUMP.finditer(text))]),
        ("numbers", (_numbered(one[0]) for one in _NUMBERS.finditer(text))),
        ("URL encoding", _written(_PERCENT, unquote_to_bytes, text)),
        ("escapes", _written(_ESCAPES, lambda word: _ESCAPES.sub(_unescaped, word), text)),
        ("quoted-printable", _written(_QUOTED_PRINTABLE, binascii.a2b_qp, text)),
    ):
        found = [one for one in runs if one]
        if found:
            yield name, b"\0".join(found)
    if len(data) <= _MOST_WORDS and text == data:
        yield from _rare_texts(data)


def packed_runs(text: bytes) -> Iterator[Decoded]:
    """What runs of base64 and hexadecimal digits hold, each by itself, where that is packed."""
    runs = [("base64", one) for one in _base64_runs(text)]
    runs += [("hexadecimal", _unhexed(one[0])) for one in _HEX.finditer(text)]
    for name, run in runs:
        if run.startswith(_PACKED) or run[257:262] == b"ustar":
            yield name, run


def _written(
    mark: re.Pattern[bytes], decode: Callable[[bytes], bytes], text: bytes
) -> Iterator[bytes]:
    """The words that have a mark, decoded."""
    if mark.search(text):
        yield from (decode(word) for word in _WORD.findall(text) if mark.search(word))


def _rare_texts(data: bytes) -> Iterator[Decoded]:
    """Forms that any text may have, which takes time to find out."""
    words = [one for one in data.split() if len(one) >= _LEAST_LINE]
    for name, decode in (("base85", base64.b85decode), ("Ascii85", base64.a85decode)):
        found = [one for word in words if (one := _tried(decode, word))]
        if found:
            yield name, b"\0".join(found)
    if b"begin " in data:
        lines = data.partition(b"begin ")[2].splitlines()[1:]
        yield "uuencode", b"".join(_tried(binascii.a2b_uu, one) for one in lines)


def _tried(decode: Callable[[bytes], bytes], word: bytes) -> bytes:
    try:
        return decode(word)
    except (ValueError, binascii.Error):
        return b""


def _starts(data: bytes, magic: bytes) -> Iterator[int]:
    at = -1
    for _ in range(_MOST_STARTS):
        at = data.find(magic, at + 1)
        if at < 0:
            return
        yield at


def _lzma_start(data: bytes) -> Iterator[int]:
    """The beginning, if that is a header of the old format: with a size that may be."""
    size = int.from_bytes(data[5:13], "little")
    if data.startswith(b"\x5d\0\0") and (size == (1 << 64) - 1 or size < 1 << 36):
        yield 0


def _gunzipped(data: Buffer) -> Iterator[bytes]:
    yield b"".join(_inflated(data, 31))


def _inflated(data: Buffer, wbits: int) -> Iterator[bytes]:
    """The content of a gzip or zlib stream and of those behind it, as far as it can be read."""
    unpacker = zlib.decompressobj(wbits=wbits)
    view, total = memoryview(data), 0
    for at in range(0, len(view), _PIECE):
        piece: Buffer = view[at : at + _PIECE]
        while piece:
            try:
                out = unpacker.decompress(piece)
            except zlib.error:
                return
            total += len(out)
            yield out
            piece = b""
            if unpacker.eof:
                piece, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=wbits)
        if total > _MOST:
            return


def _bunzipped(data: Buffer) -> Iterator[bytes]:
    try:
        yield bz2.BZ2Decompressor().decompress(data, _MOST)
    except (OSError, EOFError, ValueError):
        return


def _unxzed(data: Buffer) -> Iterator[bytes]:
    try:
        yield lzma.LZMADecompressor().decompress(data, _MOST)
    except (lzma.LZMAError, EOFError, MemoryError):
        return


def _unzstded(data: Buffer) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError:
        return
    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            yield reader.read(_MOST)
    except zstandard.ZstdError:
        return


def _zipped(data: bytes) -> Iterator[bytes]:
    import zipfile

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield "\0".join(one.filename for one in archive.infolist()).encode(errors="replace")
            for member in archive.infolist():
                with archive.open(member) as file:
                    yield file.read(_MOST)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, *_DAMAGED):
        return


def _archived(data: bytes) -> Iterator[bytes]:
    import tarfile

    try:
        with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None:
                    yield file.read(_MOST)
    except (tarfile.TarError, ValueError, *_DAMAGED):
        return


def _members(data: bytes) -> Iterator[bytes]:
    """The members of an `ar` archive, as Debian's packages are."""
    at = 8
    while len(data) >= at + 60:
        digits = data[at + 48 : at + 58].strip()
        if not digits.isdigit():
            return
        size = int(digits)
        yield data[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def _base64_runs(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        run = match[0]
        yield _base64(b"".join(run.split()))
        lines = run.split()
        if len(lines) > 1:  # the first may be no part of it
            yield _base64(b"".join(lines[1:]))
            yield from (_base64(one) for one in lines if len(one) >= _LEAST_LINE)


def _base64(run: bytes) -> bytes:
    text = run.translate(_URL_SAFE)
    whole = text[: len(text) - (1 if len(text) % 4 == 1 else 0)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _base32(run: bytes) -> bytes:
    whole = run[: len(run) - (1 if len(run) % 8 in (1, 3, 6) else 0)]
    return _tried(base64.b32decode, whole.upper() + b"=" * (-len(whole) % 8))


def _unhexed(run: bytes) -> bytes:
    digits = b"".join(run.split())
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _unescaped(match: re.Match[bytes]) -> bytes:
    text = match[0]
    if text.startswith(b"&#"):
        digits = text[2:-1]
        number = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    elif text[1:2] in b"xu":
        number = int(text[2:], 16)
    else:
        number = int(text[1:], 8)
    return bytes([number & 255])


def _numbered(run: bytes) -> bytes:
    return bytes(int(one) & 255 for one in re.findall(rb"[0-9]+", run))


_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
#: Each stream's name, how it begins, and what unpacks it.
_STREAMS: tuple[tuple[str, bytes, Callable[[Buffer], Iterator[bytes]]], ...] = (
    ("gzip", b"\x1f\x8b\x08", _gunzipped),
    ("bzip2", b"BZh", _bunzipped),
    ("xz", b"\xfd7zXZ\0", _unxzed),
    ("lzma", b"\x5d\0\0", _unxzed),
    ("zstd", b"\x28\xb5\x2f\xfd", _unzstded),
)
_PACKED = (
    *(magic for _, magic, _ in _STREAMS), b"PK\3\4", b"PACK", b"!<arch>\n",
    b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda",
)  # fmt: skip
