"""Reads the members of a JSON object with the types that they ought to have.

`null` counts as a member that is missing, as it does for Go.
"""

from __future__ import annotations

from dflint.errors import BuildError
from dflint.oci.json_text import kind_of, read_object

#: The largest size, in bytes, that is believed of anything.
LARGEST_SIZE = 1 << 50


class Members:
    """The members of one JSON object; each that is asked for counts as known."""

    __slots__ = ("_known", "_values", "what")

    what: str

    def __init__(self, values: dict[str, object], what: str) -> None:
        self._values = values
        self.what = what
        self._known: set[str] = set()

    @classmethod
    def of(cls, data: bytes, what: str) -> Members:
        """The members of the object that a text is."""
        return cls(read_object(data, what), what)

    def value(self, name: str) -> object:
        """Whatever stands there; None when nothing does."""
        self._known.add(name)
        return self._values.get(name)

    def fail(self, name: str, expected: str) -> BuildError:
        """The error that says what was expected, and what is there."""
        found = kind_of(self._values.get(name))
        return BuildError(f"{self.what}: expected {expected} as `{name}`, found {found}")

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.fail(name, "a string")
        return value

    def flag(self, name: str) -> bool:
        """A truth value."""
        value = self.value(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of 64 bits."""
        value = self.value(name)
        if value is None:
            return default
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not -(1 << 63) <= value < 1 << 63
        ):
            raise self.fail(name, "a whole number")
        return value

    def size(self, name: str) -> int:
        """A number of bytes; it has to be there."""
        value = self.number(name, -1)
        if value < 0:
            raise self.fail(name, "a size in bytes")
        if value > LARGEST_SIZE:
            raise self.fail(name, f"a size of at most {LARGEST_SIZE} bytes")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise BuildError(f"{self.what}: expected strings only in `{name}`")
        return tuple(str(value) for value in values)

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an object that stands for a set, sorted."""
        return tuple(sorted(self._object(name)))

    def mapping(self, name: str) -> dict[str, str]:
        """An object whose values are strings."""
        values = self._object(name)
        for key, value in values.items():
            if not isinstance(value, str):
                found = kind_of(value)
                raise BuildError(
                    f"{self.what}: expected a string as `{key}` of `{name}`, found {found}"
                )
        return {key: str(value) for key, value in values.items()}

    def members(self, name: str) -> Members | None:
        """An object; None when it is missing."""
        if self.value(name) is None:
            return None
        return Members(self._object(name), f"{self.what}: `{name}`")

    def objects(self, name: str) -> tuple[Members, ...]:
        """A list of objects."""
        found = []
        for number, value in enumerate(self._list(name)):
            what = f"{self.what}: `{name}[{number}]`"
            if not isinstance(value, dict):
                raise BuildError(f"{what}: expected a JSON object, found {kind_of(value)}")
            found.append(Members(value, what))
        return tuple(found)

    def unknown(self) -> dict[str, object]:
        """The members that nobody has asked for."""
        return {name: value for name, value in self._values.items() if name not in self._known}

    def _list(self, name: str) -> list[object]:
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(name, "a list")
        return value

    def _object(self, name: str) -> dict[str, object]:
        value = self.value(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.fail(name, "an object")
        return value
