"""Compressed streams: gzip, zstd, bzip2 and xz, known by how they begin.

What is written depends on the content and the level alone: gzip carries no name and no time.
"""

from __future__ import annotations

import bz2
import contextlib
import hashlib
import lzma
import zlib
from dataclasses import dataclass
from typing import Any, Protocol

from dflint.errors import BuildError, UnsupportedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.layer.reader import Reader
    from dflint.layer.writer import Writer

NAMES = ("none", "gzip", "zstd")
"""What can be written."""

_MAGICS = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_CHUNK = 1 << 20
_INPUT = 1 << 18
_GZIP = 31
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 3
_IGZIP_HIGHEST = 3


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Decompressor(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Compressed:
    """A compressed stream: digest and size of what came out, digest and size of what went in.

    The digest of a layer's tar that went in is its diff ID.
    """

    digest: str
    size: int
    diff_id: str
    diff_size: int


class CompressingWriter:
    """Compresses what is written to it; knows the digests of both sides.

    `name` is none, gzip or zstd; `level` as each has it, None for its usual one. gzip is made by
    isal where that is installed, else by zlib. An UnsupportedError when zstd is not installed.
    """

    def __init__(self, out: Writer, name: str = "gzip", level: int | None = None) -> None:
        self._out = out
        self._compressor = _compressor(name, level)
        self._inner, self._outer = hashlib.sha256(), hashlib.sha256()
        self._inner_size = self._outer_size = 0

    def write(self, data: bytes) -> int:
        """Take all of `data`."""
        self._inner.update(data)
        self._inner_size += len(data)
        self._put(self._compressor.compress(data) if self._compressor else data)
        return len(data)

    def finish(self) -> Compressed:
        """Write what is left; `out` stays open."""
        if self._compressor:
            self._put(self._compressor.flush())
        return Compressed(
            f"sha256:{self._outer.hexdigest()}",
            self._outer_size,
            f"sha256:{self._inner.hexdigest()}",
            self._inner_size,
        )

    def _put(self, data: bytes) -> None:
        if data:
            self._outer.update(data)
            self._outer_size += len(data)
            self._out.write(data)


class DecompressingReader:
    """Reads what a stream holds, decompressed.

    `compression` says what was found: none, gzip, zstd, bzip2 or xz. Concatenated members are read
    as one. A BuildError when the stream is damaged or cut off.
    """

    def __init__(self, stream: Reader) -> None:
        self._stream = stream
        self._waiting = _first_bytes(stream)
        self.compression = sniff(self._waiting)
        self._new = _decompressor(self.compression)
        self._current = self._new() if self._new else None
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, all that is left when negative; b"" at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        while not self._ready and size:
            more = self._more()
            if more is None:
                return b""
            self._ready = more
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _more(self) -> bytes | None:
        data = self._waiting or self._stream.read(_INPUT)
        self._waiting = b""
        if self._new is None or self._current is None:
            return data or None
        if self._current.eof:
            if not data.strip(b"\0"):  # padding after the last member
                return b"" if data else None
            self._current = self._new()
        elif not data:
            raise BuildError(f"the {self.compression} stream is cut off")
        try:
            result = self._current.decompress(data)
        except _errors() as error:
            raise BuildError(f"the {self.compression} stream is damaged: {error}") from None
        if self._current.eof:
            self._waiting = self._current.unused_data
        return result


def decompress(stream: Reader) -> DecompressingReader:
    """A reader of what a stream holds, whatever it is compressed with."""
    return DecompressingReader(stream)


def compress(
    stream: Reader, out: Writer, name: str = "gzip", level: int | None = None
) -> Compressed:
    """Compress a stream in one pass."""
    writer = CompressingWriter(out, name, level)
    while data := stream.read(_CHUNK):
        writer.write(data)
    return writer.finish()


def sniff(start: bytes) -> str:
    """The name of the compression that a stream with this start has; "none" when it has none."""
    return next((name for magic, name in _MAGICS if start.startswith(magic)), "none")


def _first_bytes(stream: Reader) -> bytes:
    start = b""
    while len(start) < 6 and (data := stream.read(_INPUT)):
        start += data
    return start


def _compressor(name: str, level: int | None) -> _Compressor | None:
    if name == "none":
        return None
    if name == "gzip":
        return _gzip_compressor(_GZIP_LEVEL if level is None else level)
    if name == "zstd":
        _need_zstandard()
        import zstandard

        made: _Compressor = zstandard.ZstdCompressor(
            level=_ZSTD_LEVEL if level is None else level
        ).compressobj()
        return made
    raise BuildError(f"unknown compression `{name}`, expected one of {', '.join(NAMES)}")


def _gzip_compressor(level: int) -> _Compressor:
    if not 0 <= level <= 9:
        raise BuildError(f"gzip has the levels 0 to 9, not {level}")
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    made: _Compressor = isal_zlib.compressobj(min(level, _IGZIP_HIGHEST), isal_zlib.DEFLATED, _GZIP)
    return made


def _decompressor(name: str) -> Callable[[], _Decompressor] | None:
    if name == "gzip":
        return _gzip_decompressor
    if name == "zstd":
        _need_zstandard()
        import zstandard

        return lambda: zstandard.ZstdDecompressor().decompressobj()
    return {"bzip2": bz2.BZ2Decompressor, "xz": lzma.LZMADecompressor}.get(name)


def _gzip_decompressor() -> _Decompressor:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompressobj(_GZIP)
    made: _Decompressor = isal_zlib.decompressobj(_GZIP)
    return made


def _need_zstandard() -> None:
    try:
        import zstandard  # noqa: F401
    except ImportError:
        raise UnsupportedError("zstd needs the package zstandard: install dflint[build]") from None


def _errors() -> tuple[type[Exception], ...]:
    """What the decompressors raise on damaged input."""
    found: list[type[Exception]] = [OSError, EOFError, ValueError, zlib.error, lzma.LZMAError]
    with contextlib.suppress(ImportError):
        from isal import isal_zlib

        igzip_error: Any = isal_zlib.error  # typed as an instance by its stubs
        found.append(igzip_error)
    with contextlib.suppress(ImportError):
        from zstandard import ZstdError

        found.append(ZstdError)
    return tuple(found)
