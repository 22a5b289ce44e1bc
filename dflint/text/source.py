"""Files as text."""

from __future__ import annotations

import os
import stat
import sys

from dflint.errors import SourceError

#: Larger files are refused: no Dockerfile is, and a mistaken path should not take the memory.
LARGEST_FILE = 64 * 1024 * 1024


class Source:
    """The text of one file, from which its bytes can be had back.

    `text` is the file decoded as UTF-8, with a byte order mark kept as its first character and
    bytes that are no UTF-8 kept as lone surrogates (PEP 383). `encoding_problem` is empty, or
    says which encoding the file seems to have instead. `is_stream` tells that the text came on
    standard input: `path` is then a name only.
    """

    __slots__ = ("encoding_problem", "is_stream", "path", "text")

    path: str
    text: str
    encoding_problem: str
    is_stream: bool

    def __init__(self, path: str, data: bytes, is_stream: bool = False) -> None:
        self.path = path
        self.is_stream = is_stream
        self.text = data.decode("utf-8", "surrogateescape")
        self.encoding_problem = _foreign_encoding(data)

    @classmethod
    def read(cls, path: str) -> Source:
        """The file at `path`; SourceError when it cannot be read as a file."""
        return cls(path, read_file(path))

    @classmethod
    def read_stdin(cls, path: str) -> Source:
        """What comes on standard input, under the name `path`."""
        try:
            return cls(path, sys.stdin.buffer.read(), is_stream=True)
        except OSError as error:
            raise SourceError(path, _why(error)) from None

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode("utf-8", "surrogateescape")


def read_file(path: str) -> bytes:
    """The bytes of the file at `path`; SourceError when it cannot be read as a file."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise SourceError(path, _why(error)) from None
    try:
        kind = os.fstat(descriptor)
        size = kind.st_size
        if not stat.S_ISREG(kind.st_mode):
            raise SourceError(path, f"expected a file, found {_kind(kind.st_mode)}")
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // (1024 * 1024)
            has = size // (1024 * 1024)
            raise SourceError(path, f"the file has {has} MiB, at most {limit} are read")
        return _read(descriptor, size)
    except OSError as error:
        raise SourceError(path, _why(error)) from None
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int) -> bytes:
    """All of an open file, which may have another size than it had."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def _foreign_encoding(data: bytes) -> str:
    if data.startswith(b"\xff\xfe"):
        return "UTF-16, little endian"
    if data.startswith(b"\xfe\xff"):
        return "UTF-16, big endian"
    head = data[:64]
    if b"\0" not in head or len(head) < 4:
        return ""
    if not any(head[1::2]) and all(head[::2]):
        return "UTF-16, little endian, without a byte order mark"
    if not any(head[::2]) and all(head[1::2]):
        return "UTF-16, big endian, without a byte order mark"
    return ""
