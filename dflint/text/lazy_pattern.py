"""Regular expressions that are compiled when they are first needed.

Compiling a pattern takes about as long as importing a module, and most files need few of them.
"""

from __future__ import annotations

import re


class LazyPattern:
    """A pattern and its flags; `get` compiles it once."""

    __slots__ = ("_compiled", "_flags", "_source")

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def get(self) -> re.Pattern[str]:
        """The compiled pattern."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return self._compiled
