"""Enumerations that are made in no time, and whose members hash quickly.

Python's own take as long to make as a module takes to import, and a small file has little more to
be checked. To type checkers they are the same.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import Enum as Choice
else:

    class Choice:
        """The base of an enumeration: each of its class's texts becomes a member of that value.

        Members have `name` and `value` and are told apart by identity; `__members__` gives them
        by their names. There is no looking up by value.
        """

        def __init_subclass__(cls) -> None:
            cls.__members__ = {}
            for name, value in [*vars(cls).items()]:
                if name[0] != "_" and type(value) is str:
                    member = cls.__members__[name] = cls()
                    member.name = name
                    member.value = value
                    setattr(cls, name, member)

        def __repr__(self) -> str:
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

        def __str__(self) -> str:
            return f"{type(self).__name__}.{self.name}"

        def __reduce__(self) -> tuple[object, tuple[type, str]]:
            return getattr, (type(self), self.name)


__all__ = ["Choice"]
