"""Imports `lsprotocol.types` without making its five hundred classes.

`attrs` writes the methods of a class as source text and compiles it, and resolving the names in
its annotations takes as long again: together most of what the server needs to start. A session
uses a fifth of the classes; each is made when it is first used.
"""

from __future__ import annotations

import sys
import threading
from typing import TypeVar

_Class = TypeVar("_Class", bound=type)

#: What `attrs` calls the list of a class's fields; asking for it makes the class.
_FIELDS = "__attrs_attrs__"
_MAKING = threading.RLock()


def import_types() -> None:
    """Import the module, its classes to be made by `attrs` when they are used."""
    if "lsprotocol.types" in sys.modules:
        return
    import attrs

    define = attrs.define
    attrs.define = _put_off  # type: ignore[assignment]
    try:
        import lsprotocol.types  # noqa: F401
    finally:
        attrs.define = define
    from lsprotocol import _hooks

    # It would go through all classes; each resolves its own names when it is made.
    _hooks._resolved_forward_references = True


def _put_off(cls: _Class) -> _Class:
    """Have a class made by `attrs.define` when it is called, or asked for its fields."""
    cls.__init__ = _make_and_init  # type: ignore[misc]
    setattr(cls, _FIELDS, _FIELDS_OF_UNMADE)
    return cls


def _make(cls: type) -> None:
    """Make a class for good, unless another thread just did."""
    import attrs
    import lsprotocol.types as types

    with _MAKING:
        if vars(cls)["__init__"] is _make_and_init:
            # With slots it would be another class. The stand-in is no `__init__` to be kept.
            attrs.define(slots=False, init=True)(cls)
            attrs.resolve_types(cls, types.ALL_TYPES_MAP)


def _make_and_init(self: object, *args: object, **kwargs: object) -> None:
    """The `__init__` of a class that is not made yet."""
    _make(type(self))
    type(self).__init__(self, *args, **kwargs)


class _FieldsOfUnmade:
    """The fields of a class that is not made yet: looking at them makes it."""

    def __get__(self, instance: object, owner: type) -> object:
        _make(owner)
        return getattr(owner, _FIELDS)


_FIELDS_OF_UNMADE = _FieldsOfUnmade()
