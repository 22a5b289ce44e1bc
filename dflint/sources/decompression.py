"""Streams that may be compressed: gzip, bzip2, xz or zstd, told by how they begin."""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from dflint.errors import BuildError, UnsupportedError

#: How many bytes tell what a stream is.
START = 1024
_CHUNK = 1 << 16
_GZIP = 31


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> bytes:
        """What data become."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What came behind the end."""


def _gzip() -> _Decoder:
    return zlib.decompressobj(_GZIP)


def _zstd() -> _Decoder:
    try:
        import zstandard
    except ImportError:
        raise UnsupportedError(
            "zstandard is not installed: archives compressed by zstd need it"
        ) from None
    return zstandard.ZstdDecompressor().decompressobj()


def _errors(name: str) -> tuple[type[Exception], ...]:
    """What a decoder raises for damaged data."""
    errors = (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError)
    if name != "zstd":
        return errors
    _zstd()
    import zstandard

    return (*errors, zstandard.ZstdError)


_FORMATS: tuple[tuple[bytes, str, Callable[[], _Decoder]], ...] = (
    (b"\x1f\x8b\x08", "gzip", _gzip),
    (b"BZh", "bzip2", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ)),
    (b"\x28\xb5\x2f\xfd", "zstd", _zstd),
)


def is_archive(start: bytes) -> bool:
    """Tell by its first `START` bytes whether a stream is an archive, rather than a Dockerfile.

    It is one when it is compressed, or when it begins with the header of a tar.
    """
    if any(start.startswith(magic) for magic, _, _ in _FORMATS):
        return True
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], tarfile.ENCODING, "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


class Decompressed:
    """Reads what a stream holds; one that is not compressed is handed on.

    `start` are bytes of it that have been read already. Raises BuildError for more than `limit`
    bytes, and where the stream is damaged.
    """

    def __init__(self, stream: BinaryIO, start: bytes, limit: int) -> None:
        self._stream = stream
        self._waiting = start
        self._limit = limit
        self._count = 0
        self._ready = b""
        self._name, self._new = "", None
        for magic, name, new in _FORMATS:
            if start.startswith(magic):
                self._name, self._new = name, new
        self._errors = _errors(self._name)
        self._decoder = self._new() if self._new else None

    def read(self, size: int = -1) -> bytes:
        """At least one and at most `size` bytes, b"" at the end; as many as asked if they come."""
        parts: list[bytes] = []
        left = size if size >= 0 else self._limit + 1
        while left:
            data = self._ready or self._more()
            if not data:
                break
            parts.append(data[:left])
            self._ready = data[left:]
            left -= len(parts[-1])
        return b"".join(parts)

    def _more(self) -> bytes:
        data = self._next()
        self._count += len(data)
        if self._count > self._limit:
            raise BuildError(f"the archive holds more than {self._limit} bytes")
        return data

    def _next(self) -> bytes:
        while True:
            data = self._waiting or self._stream.read(_CHUNK)
            self._waiting = b""
            if self._decoder is None or self._new is None:
                return data
            if self._decoder.eof:
                # Members may follow one another; zeros and rubbish behind them do not count.
                if not data or not self._begins(data):
                    return b""
                self._decoder = self._new()
            elif not data:
                raise BuildError(f"the {self._name} stream ends too early")
            out = self._decode(self._decoder, data)
            if out:
                return out

    def _begins(self, data: bytes) -> bool:
        return any(data.startswith(magic) for magic, name, _ in _FORMATS if name == self._name)

    def _decode(self, decoder: _Decoder, data: bytes) -> bytes:
        try:
            out = decoder.decompress(data)
        except self._errors as error:
            raise BuildError(f"the {self._name} stream is damaged: {error}") from None
        if decoder.eof:
            self._waiting = decoder.unused_data
        return out
