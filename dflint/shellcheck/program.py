"""Where the ShellCheck program is."""

from __future__ import annotations

import os
import sys

_NAME = "shellcheck.exe" if os.name == "nt" else "shellcheck"


class Program:
    """The program at a path; `identity` changes when another one is put there."""

    __slots__ = ("identity", "path")

    path: str
    identity: str

    def __init__(self, path: str, identity: str) -> None:
        self.path = path
        self.identity = identity


def find_program(path: str | None = None) -> Program | None:
    """The program at `path` if one is given, else that beside the interpreter or on PATH."""
    if path is not None:
        return _program(path) if os.path.dirname(path) else _on_path(path)
    beside = os.path.join(os.path.dirname(sys.executable), _NAME)
    return _program(beside) or _on_path(_NAME)


def _on_path(name: str) -> Program | None:
    for folder in os.get_exec_path():
        found = _program(os.path.join(folder, name))
        if found is not None:
            return found
    return None


def _program(path: str) -> Program | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        return None
    return Program(path, f"{os.path.realpath(path)}:{status.st_size}:{status.st_mtime_ns}")


def program_identity(path: str | None = None) -> str:
    """What changes when another program is found, `none` when there is none."""
    found = find_program(path)
    return "none" if found is None else found.identity
