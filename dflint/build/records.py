"""The results of earlier builds, in the store."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dflint.build.digests import Digests
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.graph.vertex import Vertex


class StoreRecords:
    """Leads from keys to results. `name_of` says how a vertex is described to people.

    `import_result` is asked for keys that the store does not know: other places may. `digests`
    keeps which steps were ever done; without it all may have been, in another place.
    """

    def __init__(
        self,
        store: ContentStore,
        name_of: Callable[[Vertex], str],
        import_result: Callable[[str], Result | None],
        digests: Digests | None,
    ) -> None:
        self._store = store
        self._name_of = name_of
        self._import_result = import_result
        self._digests = digests
        #: The keys of this build, with what they led to: what a cache export takes along.
        self.used: dict[str, Result] = {}
        self._lock = threading.Lock()
        self._new: list[tuple[str, Result, Vertex]] = []

    def find(self, key: str) -> Result | None:
        """The result that a key leads to, if all of it is still there."""
        self.write()
        record = self._store.find_record(key)
        found = record.layers if record is not None else self._import_result(key)
        if found is not None:
            self.used[key] = found
        return found

    def add(self, key: str, result: Result, vertex: Vertex) -> None:
        """Keep a result, from the next `write` or `find` on."""
        with self._lock:
            self._new.append((key, result, vertex))
        self.used[key] = result

    def write(self) -> None:
        """Write what is to be kept; what cannot be written is tried again the next time."""
        with self._lock:
            while self._new:
                key, result, vertex = self._new[0]
                self._store.add_record(key, result, self._name_of(vertex))
                del self._new[0]

    def is_new(self, step: str) -> bool:
        """Whether no result is kept of a step, whatever it takes in; it is known from now on."""
        return self._digests is not None and self._digests.is_new(f"step {step}")
