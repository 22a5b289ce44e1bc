"""Executors by their names."""

from __future__ import annotations

from dflint.errors import BuildError, UnsupportedError
from dflint.executor.namespaces import NamespacesExecutor
from dflint.executor.process import Executor
from dflint.kernel.privileges import CAP_SYS_ADMIN, has_capability

NAMES = ("auto", "namespaces", "runc", "crun", "bwrap")


def choose(name: str = "auto") -> Executor:
    """The executor of this name; `auto` is the one that needs nothing installed.

    Make it before the first thread starts, and inside the mount namespace or user namespace that
    the mounts are made in. Raises UnsupportedError when this machine cannot do it, BuildError for
    a name that is none of them.
    """
    if name not in NAMES:
        raise BuildError(f"unknown executor `{name}`, expected one of {', '.join(NAMES)}")
    if not has_capability(CAP_SYS_ADMIN):
        raise UnsupportedError(
            "steps cannot be run without the capability SYS_ADMIN, in the system's user namespace "
            "or in one of dflint's own; `dflint doctor` says what is missing"
        )
    if name in {"auto", "namespaces"}:
        return NamespacesExecutor()
    if name == "bwrap":
        from dflint.executor.bubblewrap import BubblewrapExecutor

        return BubblewrapExecutor()
    from dflint.executor.runtime import RuntimeExecutor

    return RuntimeExecutor(name)
