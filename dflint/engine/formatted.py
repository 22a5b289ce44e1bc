"""Which files are known, from earlier runs, to be formatted or not to be."""

from __future__ import annotations

from dflint.cache.store import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cache.store import Store
    from dflint.format.options import FormatOptions

_VALUES = {b"format:same": True, b"format:other": False}


class FormattedCache:
    """Answers in a store, given by the code with a certain identity.

    A file that there is nothing to say of but whether it is formatted has one of two answers;
    others have none.
    """

    __slots__ = ("_code", "_head", "_options", "_store")

    def __init__(self, store: Store, code: bytes) -> None:
        self._store = store
        self._code = code
        self._options: FormatOptions | None = None
        self._head = b""

    def key(self, data: bytes, options: FormatOptions) -> bytes:
        """What the answer on a file of some bytes under some options is found by."""
        if options is not self._options:  # most files share theirs
            self._options = options
            self._head = b"\0".join((b"format", self._code, repr(options).encode(), b""))
        return digest(self._head + data)

    def is_formatted(self, key: bytes) -> bool | None:
        """Whether the file is formatted; None if that is not known."""
        value = self._store.get(key)
        return None if value is None else _VALUES.get(value)

    def keep(self, key: bytes, is_formatted: bool) -> None:
        """Keep an answer for later runs."""
        value = next(one for one, meaning in _VALUES.items() if meaning == is_formatted)
        self._store.put_many(((key, value),))
