"""Where results are kept: what one script's findings are, by a digest of all that decides them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class ResultStore(Protocol):
        """Anything that keeps bytes under keys. It may forget, and may not fail."""

        def get(self, key: bytes) -> bytes | None:
            """What is kept under a key, or None."""

        def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
            """Keep some values under their keys."""


class MemoryStore:
    """Keeps everything for as long as it lives."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """What is kept under a key, or None."""
        return self._values.get(key)

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep some values under their keys."""
        self._values.update(items)
