"""What is looked for in an image: secrets in all forms in which they may stand there."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote_from_bytes

from dflint.verify.audit.encodings import contents, packed_runs, printable, texts

#: So much is looked at in one, and so much of it once more with what follows.
_CHUNK, _OVERLAP = 1 << 26, 1 << 16
#: So many forms may stand in one another, and so many of them in other characters.
_DEEPEST, _DEEPEST_TEXT = 6, 3
#: So much is decoded of what is looked at in one.
_MOST = 1 << 29
#: So many bytes many values have in common.
_START = 6
_URL_SAFE = bytes.maketrans(b"+/", b"-_")

_KINDS = {
    "argument": "build argument", "secret": "secret", "file": "file of the context",
    "text": "text of the Dockerfile",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needle:
    """A value that no image is to hold: `kind` is `argument`, `secret`, `file` or `text`.

    The last is one that stands in the Dockerfile itself.
    """

    kind: str
    name: str
    value: bytes

    def __str__(self) -> str:
        return f"{_KINDS[self.kind]} `{self.name}`"


class Haystack:
    """Finds needles as they are, encoded, packed, and any of it within another."""

    def __init__(self, needles: list[Needle]) -> None:
        self._forms: dict[bytes, tuple[Needle, str]] = {}
        for needle in needles:
            for form, name in forms(needle.value):
                self._forms.setdefault(form, (needle, name))
        words = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, words)) or b"(?!)")
        self._starts: dict[bytes, list[bytes]] = {}
        for form in words:
            self._starts.setdefault(form[:_START], []).append(form)
        self._needles = frozenset(needles)
        self._left = 0

    def find(self, data: bytes) -> set[tuple[Needle, str]]:
        """The needles in some bytes, each with its form."""
        return {
            self._forms[form]
            for start, ones in self._starts.items()
            if start in data
            for form in ones
            if form in data
        }

    def hidden(self, text: str) -> str:
        """A text without the needles in it."""
        return self._pattern.sub(b"***", text.encode(errors="replace")).decode(errors="replace")

    def search(self, stream: BinaryIO) -> set[tuple[Needle, str]]:
        """The needles in a stream, in what it packs and in other forms of writing, too."""
        found: set[tuple[Needle, str]] = set()
        rest = b""
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            found |= self.within(data)
            rest = data[-_OVERLAP:]
        return found

    def within(self, data: bytes, depth: int = 0) -> set[tuple[Needle, str]]:
        """The needles in some bytes, and in what these hold in other forms, one in another.

        What stands there plainly is not told again in a form.
        """
        found = self.find(data)
        if depth == _DEEPEST or not self._forms:
            return found
        plain = {needle for needle, _ in found}
        if not depth:
            self._left = _MOST
        self._left -= len(data)
        if plain.issuperset(self._needles) or self._left < 0:
            return found
        inner: set[tuple[Needle, str]] = set()
        text = printable(data)
        for name, decoded in (*contents(data), *packed_runs(text)):
            inner |= {(one, f"{name}, {form}") for one, form in self.within(decoded, depth + 1)}
        for name, decoded in texts(data, text):
            again = self.within(decoded, depth + 1) if depth < _DEEPEST_TEXT else self.find(decoded)
            inner |= {(one, f"{name}, {form}".removesuffix(", as it is")) for one, form in again}
        return found | {(needle, form) for needle, form in inner if needle not in plain}


def forms(value: bytes) -> Iterator[tuple[bytes, str]]:
    """The forms of a value with their names: as it is, and encoded, wherever it stands in more."""
    yield value, "as it is"
    yield value.hex().encode(), "hexadecimal"
    yield value.hex().upper().encode(), "hexadecimal"
    encoded = quote_from_bytes(value, safe="").encode()
    if encoded != value:
        yield encoded, "URL encoding"
    text = value.decode("latin-1")
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield text.encode(name), name[:6].upper()
    yield codecs.encode(text, "rot13").encode("latin-1"), "ROT13"
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + value)
        # Characters at both ends are made of other bytes, too.
        first = (0, 2, 3)[before]
        inner = encoded[first : (before + len(value)) * 8 // 6]
        yield inner, "base64"
        yield inner.translate(_URL_SAFE), "base64"
