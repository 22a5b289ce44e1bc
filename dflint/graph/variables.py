"""The variables that a stage has at some place, as a value that may be kept."""

from __future__ import annotations

from functools import lru_cache

from dflint.graph.sha256 import sha256
from dflint.graph.symbols import of_base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL = (1 << 256) - 1


class Variables:
    """An environment before some instruction: ENV's variables and the build arguments in scope.

    Setting one makes another value that knows this one, so that a file of many ENVs costs no
    more than their number. `checksum` is equal for equal variables, whatever their order: the
    sum of the digests of all. What is not set has the base image's value; `scratch` has none.
    """

    __slots__ = ("_index", "_latest", "_parent", "checksum", "has_base")

    def __init__(self, has_base: bool) -> None:
        self.has_base = has_base
        self.checksum = 0
        self._parent: Variables | None = None
        self._latest: tuple[str, str, bool] | None = None
        # Shared by all that follow one another; each name's settings by their number.
        self._index: dict[str, str] | None = {}

    def get(self, name: str) -> str | None:
        """The value of a variable; of one that the Dockerfile does not set, the base's."""
        found = self._values().get(name)
        if found is None and self.has_base:
            return of_base("variable", name)
        return found

    def find(self, name: str) -> str | None:
        """The value that the Dockerfile sets, None for none."""
        return self._values().get(name)

    def set(self, name: str, value: str, is_env: bool) -> Variables:
        """The variables with one more, or one changed."""
        values = self._values()
        checksum = self.checksum
        before = values.get(name)
        if before is not None:
            checksum -= _checksum(name, before)
        new = Variables(self.has_base)
        new.checksum = (checksum + _checksum(name, value)) & _ALL
        new._parent = self
        new._latest = (name, value, is_env)
        # The newest value has the index; an older one that is asked makes its own again.
        self._index = None
        values[name] = value
        new._index = values
        return new

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and values, sorted by name."""
        return tuple(sorted(self._values().items()))

    def __iter__(self) -> Iterator[tuple[str, str, bool]]:
        """Every setting in order: name, value, and whether it is ENV's."""
        settings = []
        variables: Variables | None = self
        while variables is not None:
            if variables._latest is not None:
                settings.append(variables._latest)
            variables = variables._parent
        return reversed(settings)

    def _values(self) -> dict[str, str]:
        if self._index is None:
            self._index = {name: value for name, value, _ in self}
        return self._index


@lru_cache(maxsize=4096)
def _checksum(name: str, value: str) -> int:
    return int.from_bytes(sha256(ascii((name, value)).encode("ascii")).digest(), "big")
