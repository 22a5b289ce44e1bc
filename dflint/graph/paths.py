"""Paths as the builder hands them on."""

from __future__ import annotations

from dflint.graph.symbols import is_symbolic


def clean_source(path: str) -> str:
    """A path below the root of a context, a stage or an image: `a`, `./a/` and `/a` are one."""
    parts = path.split("/")
    if is_symbolic(path):
        if ".." in parts:
            return path
        return "/" + "/".join(part for part in parts if part not in ("", "."))
    kept: list[str] = []
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)


def ends_in_directory(path: str) -> bool:
    """Whether a destination is meant as a directory."""
    return path in ("", ".") or path.endswith(("/", "/."))
