"""Variables: which value a name has at which instruction."""

from __future__ import annotations

from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Build arguments that every build has without declaring them ("Predefined ARGs").
PREDEFINED = frozenset(
    name
    for base in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (base, base.lower())
)
#: The platform arguments of the global scope ("Automatic platform ARGs in the global scope").
PLATFORM = (
    "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
    "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT",
    "TARGETSTAGE",
)  # fmt: skip
#: What BuildKit sets in a stage whose image sets nothing.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Variable:
    """One setting of a variable.

    `value` is None for an ARG without a default that nothing else gives one. `is_env` tells ENV
    from ARG; `order` is the index of its instruction in the file.
    """

    __slots__ = ("is_env", "name", "order", "value")

    name: str
    value: str | None
    is_env: bool
    order: int

    def __init__(self, name: str, value: str | None, is_env: bool, order: int) -> None:
        self.name = name
        self.value = value
        self.is_env = is_env
        self.order = order


class Scope:
    """The variables of a stage, by the instruction that sets them.

    The latest setting counts, be it ARG or ENV: that is what BuildKit does, whatever the
    reference says of ENV's precedence. A stage built on another goes on with all of its
    variables, ARGs included. Looking a name up costs the same however long the file is.

    `variables` are what it begins with, no name twice.
    """

    __slots__ = ("_parent", "_settings")

    def __init__(self, parent: Scope | None = None, variables: Iterable[Variable] = ()) -> None:
        # A chain of stages that set nothing is as short as its first member's.
        while parent is not None and not parent._settings and parent._parent is not None:
            parent = parent._parent
        self._parent: Scope | None = parent
        self._settings: dict[str, list[Variable]] = {}
        for one in variables:
            self._settings[one.name] = [one]

    def set(self, variable: Variable) -> None:
        """Add a setting; settings come in the order of the file."""
        settings = self._settings.get(variable.name)
        if settings is None:
            self._settings[variable.name] = [variable]
        else:
            settings.append(variable)

    def find(self, name: str, before: int | None = None) -> Variable | None:
        """The setting of `name` that counts before the instruction `before`, else at the end."""
        settings = self._settings.get(name)
        if settings:
            at = len(settings)
            if before is not None:
                at = bisect_left(settings, before, key=_order)
            if at:
                return settings[at - 1]
        scope = self._parent
        while scope is not None:
            settings = scope._settings.get(name)
            if settings:
                return settings[-1]
            scope = scope._parent
        return None

    def names(self) -> Iterator[str]:
        """Every name that is set anywhere in the scope."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope._settings
            scope = scope._parent


def _order(variable: Variable) -> int:
    return variable.order


class Environment:
    """A scope as it is before one instruction: a mapping for word expansion."""

    __slots__ = ("_before", "_extra", "_scope")

    def __init__(self, scope: Scope, before: int, extra: dict[str, str] | None = None) -> None:
        self._scope = scope
        self._before = before
        self._extra = extra

    def get(self, name: str) -> str | None:
        """The value of a name, or None when it is not set."""
        if self._extra is not None and name in self._extra:
            return self._extra[name]
        variable = self._scope.find(name, self._before)
        return None if variable is None else variable.value
