"""Digests of content: `sha256:` or `sha512:` and hexadecimal digits.

Source: OCI image-spec, descriptor.md, "Digests".
"""

from __future__ import annotations

import hashlib
import re

from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash

_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_GRAMMAR = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+")
_HEXADECIMAL = re.compile(r"[0-9a-f]+")


class Digest(str):
    """A digest whose algorithm is one we can compute, and whose form is right."""

    __slots__ = ()

    @property
    def algorithm(self) -> str:
        """`sha256`, `sha384` or `sha512`."""
        return self.partition(":")[0]

    @property
    def encoded(self) -> str:
        """The hexadecimal digits, in lower case."""
        return self.partition(":")[2]


def parse_digest(text: str) -> Digest:
    """Read a digest that content can be checked with; BuildError when it is none."""
    check_grammar(text)
    algorithm = text.partition(":")[0]
    if algorithm not in _LENGTHS:
        known = ", ".join(_LENGTHS)
        raise BuildError(f"digest `{shorten(text)}`: expected one of {known}, found `{algorithm}`")
    return Digest(text)


def check_grammar(text: str) -> None:
    """Raise BuildError unless a text is a digest, perhaps of an algorithm that we do not know."""
    if _GRAMMAR.fullmatch(text) is None:
        raise BuildError(f"expected a digest like `sha256:...`, found `{shorten(text)}`")
    algorithm, _, encoded = text.partition(":")
    length = _LENGTHS.get(algorithm)
    if length is None:
        return
    if len(encoded) != length:
        raise BuildError(
            f"digest `{shorten(text)}`: expected {length} digits of {algorithm}, "
            f"found {len(encoded)}"
        )
    if _HEXADECIMAL.fullmatch(encoded) is None:
        raise BuildError(
            f"digest `{shorten(text)}`: expected hexadecimal digits in lower case after the colon"
        )


def digest_of(data: bytes, algorithm: str = "sha256") -> Digest:
    """The digest of some bytes."""
    return finish(hashlib.new(algorithm, data), algorithm)


def new_hash(algorithm: str) -> _Hash:
    """A hash to feed; `finish` makes the digest of it."""
    if algorithm not in _LENGTHS:
        raise BuildError(f"digests of `{algorithm}` cannot be computed")
    return hashlib.new(algorithm)


def finish(state: _Hash, algorithm: str = "sha256") -> Digest:
    """The digest of what a hash was fed."""
    return Digest(f"{algorithm}:{state.hexdigest()}")


def chain_ids(diff_ids: tuple[str, ...]) -> tuple[Digest, ...]:
    """The chain ids of an image's layers, bottom to top (image-spec, "Layer ChainID")."""
    chain: list[Digest] = []
    for diff_id in diff_ids:
        this = parse_digest(diff_id)
        chain.append(digest_of(f"{chain[-1]} {this}".encode()) if chain else this)
    return tuple(chain)


def shorten(text: str, length: int = 80) -> str:
    """A text for a message, cut when it is long."""
    return text if len(text) <= length else text[:length] + "..."
