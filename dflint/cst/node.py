"""The base of every node: field order is the syntax.

A node's annotated fields, in order, are the text it owns: each is a `str`, a node, a tuple of
nodes, or None. `code` is their concatenation; children, spans, visiting and dumping derive from
the same order, so that no node states its shape twice.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar, Self, dataclass_transform
else:

    def dataclass_transform(**_: object) -> object:  # typing costs 4 ms of start-up
        """Tell type checkers how nodes are constructed; nothing at run time."""
        return lambda cls: cls


_set = object.__setattr__


@dataclass_transform(frozen_default=True, eq_default=False)
class NodeType(type):
    """The class of node classes: turns the annotated fields into slots, in order."""

    _fields: tuple[str, ...]

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], slots: bool = True
    ) -> NodeType:
        """Derive `__slots__` and `_fields` from the annotations of the class body.

        Without `slots` the fields are for the class to keep, so that it can make them later.
        """
        own = tuple(
            field
            for field, kind in namespace.get("__annotations__", {}).items()
            if not str(kind).startswith("ClassVar")
        )
        namespace["__slots__"] = (own if slots else ()) + tuple(namespace.get("__slots__", ()))
        cls = super().__new__(mcls, name, bases, namespace)
        inherited = next((base._fields for base in bases if isinstance(base, NodeType)), ())
        cls._fields = inherited + own
        return cls


class Node(metaclass=NodeType):
    """A piece of a Dockerfile's text with a meaning.

    Nodes are immutable and compare by identity; `deep_equals` compares by value. A node does
    not know its position, so that it can be reused and moved: see `dflint.cst.positions`.
    """

    if TYPE_CHECKING:
        _fields: ClassVar[tuple[str, ...]]
    else:

        def __init__(self, *values: object, **named: object) -> None:
            fields = self._fields
            for field, value in zip(fields, values, strict=False):
                _set(self, field, value)
            for field in fields[len(values) :]:
                if field not in named:
                    raise TypeError(f"{type(self).__name__}() needs a value for `{field}`")
                _set(self, field, named.pop(field))
            if named or len(values) > len(fields):
                raise TypeError(f"{type(self).__name__}() takes the fields {', '.join(fields)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"nodes are immutable: use with_changes({name}=…)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("nodes are immutable")

    def __repr__(self) -> str:
        code = self.code
        return f"<{type(self).__name__} {code if len(code) < 60 else code[:57] + '...'!r}>"

    @property
    def code(self) -> str:
        """The text of the node: the concatenation of its fields."""
        pieces: list[str] = []
        self._collect(pieces)
        return "".join(pieces)

    def _collect(self, pieces: list[str]) -> None:
        for field in self._fields:
            value = getattr(self, field)
            if isinstance(value, str):
                pieces.append(value)
            elif isinstance(value, tuple):
                for item in value:
                    item._collect(pieces)
            elif value is not None:
                value._collect(pieces)

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly below this one, in source order."""
        below: list[Node] = []
        for field in self._fields:
            value = getattr(self, field)
            if isinstance(value, tuple):
                below.extend(value)
            elif isinstance(value, Node):
                below.append(value)
        return tuple(below)

    def fields(self) -> Iterator[tuple[str, object]]:
        """The name and the value of each field, in source order."""
        for field in self._fields:
            yield field, getattr(self, field)

    def with_changes(self, **changes: object) -> Self:
        """A copy with some fields replaced; the original stays as it is."""
        cls: Any = type(self)
        values = {field: changes.pop(field, value) for field, value in self.fields()}
        return cls(**values, **changes)  # type: ignore[no-any-return]  # cls is Self's class

    def deep_equals(self, other: Node) -> bool:
        """Whether the two have the same class, shape and text."""
        if type(self) is not type(other):
            return False
        return all(
            _equal(mine, theirs)
            for (_, mine), (_, theirs) in zip(self.fields(), other.fields(), strict=True)
        )


def _equal(mine: object, theirs: object) -> bool:
    if isinstance(mine, Node):
        return isinstance(theirs, Node) and mine.deep_equals(theirs)
    if isinstance(mine, tuple):
        return (
            isinstance(theirs, tuple)
            and len(mine) == len(theirs)
            and all(_equal(one, other) for one, other in zip(mine, theirs, strict=True))
        )
    return mine == theirs
