"""What is looked for in an image: secrets in all forms in which they may stand there."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote_from_bytes

_CHUNK = 1 << 20
#: Of what is compressed no more is looked at, in bytes.
_MOST = 1 << 28
_GZIP = b"\x1f\x8b\x08"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Needle:
    """A value that no image is to hold: `kind` is `argument`, `secret` or `file`."""

    kind: str
    name: str
    value: bytes

    def __str__(self) -> str:
        what = {"argument": "build argument", "secret": "secret", "file": "file of the context"}
        return f"{what[self.kind]} `{self.name}`"


class Haystack:
    """Finds needles as they are, and in base64, hexadecimal digits and URLs."""

    def __init__(self, needles: list[Needle]) -> None:
        self._forms: dict[bytes, tuple[Needle, str]] = {}
        for needle in needles:
            for form, name in forms(needle.value):
                self._forms.setdefault(form, (needle, name))
        words = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, words)) or b"(?!)")
        self._longest = max(map(len, words), default=1)

    def find(self, data: bytes) -> set[tuple[Needle, str]]:
        """The needles in some bytes, each with its form."""
        return {self._forms[one] for one in self._pattern.findall(data)}

    def hidden(self, text: str) -> str:
        """A text without the needles in it."""
        return self._pattern.sub(b"***", text.encode(errors="replace")).decode(errors="replace")

    def search(self, stream: BinaryIO) -> set[tuple[Needle, str]]:
        """The needles in a stream, in what it holds with gzip, too."""
        found: set[tuple[Needle, str]] = set()
        start = stream.read(len(_GZIP))
        stream.seek(0)
        found |= self._in_chunks(iter(lambda: stream.read(_CHUNK), b""))
        if start == _GZIP:
            stream.seek(0)
            unpacked = self._in_chunks(_unpacked(stream))
            found |= {(needle, f"gzip, {form}") for needle, form in unpacked}
        return found

    def _in_chunks(self, chunks: Iterator[bytes]) -> set[tuple[Needle, str]]:
        found: set[tuple[Needle, str]] = set()
        rest = b""
        for chunk in chunks:
            data = rest + chunk
            found |= self.find(data)
            rest = data[-self._longest :]
        return found


def forms(value: bytes) -> Iterator[tuple[bytes, str]]:
    """The forms of a value with their names: as it is, and encoded, wherever it stands in more."""
    yield value, "as it is"
    yield value.hex().encode(), "hexadecimal"
    yield value.hex().upper().encode(), "hexadecimal"
    encoded = quote_from_bytes(value, safe="").encode()
    if encoded != value:
        yield encoded, "URL encoding"
    for before in range(3):
        text = base64.b64encode(b"\0" * before + value)
        # Characters at both ends are made of other bytes, too.
        first = (0, 2, 3)[before]
        inner = text[first : (before + len(value)) * 8 // 6]
        yield inner, "base64"
        yield inner.translate(_URL_SAFE), "base64"


def _unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """The content of gzip members, as far as it can be read."""
    unpacker = zlib.decompressobj(wbits=31)
    total = 0
    while (data := stream.read(_CHUNK)) and total < _MOST:
        while data:
            try:
                out = unpacker.decompress(data, _CHUNK)
            except zlib.error:
                return
            total += len(out)
            yield out
            data = unpacker.unconsumed_tail
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=31)
