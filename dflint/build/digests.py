"""Digests of content that was read before, kept in the store from one build to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.graph.vertex import digest_of
from dflint.kernel.file_content import StatKey


class Digests:
    """Digests by what tells content apart without reading it; for several threads.

    A file is told by its place, size and times, what is taken of a result by its layers, which
    never change. New ones are kept by `save`, at once.
    """

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._new: dict[str, bytes] = {}
        self._read: dict[str, bytes | None] = {}

    def expect(self, keys: list[StatKey]) -> None:
        """Read the digests of files that will be asked for."""
        names = [name for name in map(_name, keys) if name not in self._read]
        found = self._store.find_facts(names)
        self._read.update({name: found.get(name) for name in names})

    def get(self, key: StatKey) -> bytes | None:
        """The digest of a file; None when it is not known."""
        return self._find(_name(key))

    def put(self, key: StatKey, digest: bytes) -> None:
        """Keep the digest of a file."""
        with self._lock:
            self._new[_name(key)] = digest

    def of_result(self, layers: Result, taken: object, read: Callable[[], str]) -> str:
        """The digest of what is taken of a result; `read` works it out where it is not known."""
        name = f"result {digest_of((layers, taken))}"
        found = self._find(name)
        if found is not None:
            return found.decode()
        digest = read()
        with self._lock:
            self._new[name] = digest.encode()
        return digest

    def is_new(self, name: str) -> bool:
        """Whether a name is told for the first time, by this build or an earlier one."""
        if self._find(name) is not None:
            return False
        with self._lock:
            self._new[name] = b"1"
        return True

    def save(self) -> None:
        """Keep all that is new."""
        with self._lock:
            new, self._new = self._new, {}
        if new:
            self._store.add_facts(new)

    def _find(self, name: str) -> bytes | None:
        with self._lock:
            found = self._new.get(name)
        if found is None and name in self._read:
            return self._read[name]
        return self._store.find_fact(name) if found is None else found


def _name(key: StatKey) -> str:
    return "file " + ":".join(map(str, key))
