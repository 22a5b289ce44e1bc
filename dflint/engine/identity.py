"""Which code makes the reports: dflint, its rules, the plug-ins, and what they run on.

A module counts as changed when the time or the size of its file does, as for Python itself: a
version says nothing of code that is being worked on. Of other distributions, which plug-ins may
use, the version has to do.
"""

from __future__ import annotations

import os
import sys

import dflint
from dflint.cache.store import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    File = tuple[str, int, int]


def code_identity(distributions: Iterable[str], plugins: Iterable[tuple[str, str]]) -> bytes:
    """Sixteen bytes that change with the code, never because a module was imported."""
    plugins = sorted(plugins)
    tops = {module.partition(".")[0] for _, module in plugins}
    code = [
        (top, place, sorted(_files_below(place)))
        for top in sorted({dflint.__name__, *tops})
        for place in _places(top)
    ]
    known = sorted({os.path.basename(place) for place in distributions})
    parts = (dflint.__version__, sys.version, known, plugins, code)
    return digest(repr(parts).encode("utf-8", "surrogatepass"))


def _places(module: str) -> list[str]:
    """The folders of a package or the file of a module, which is not imported for that."""
    for finder in sys.meta_path:
        spec = finder.find_spec(module, None) if hasattr(finder, "find_spec") else None
        if spec is not None:
            places = spec.submodule_search_locations
            return list(places or ([spec.origin] if spec.origin else []))
    return []


def _files_below(place: str) -> Iterator[tuple[str, list[File]]]:
    """The folders from a place on, each with its files; what is no folder is taken itself."""
    pending = [place]
    linked = set()
    while pending:
        folder = pending.pop()
        found: list[File] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.is_dir():
                        try:
                            stat = entry.stat()
                        except OSError:  # a link to nowhere, with which editors lock files
                            stat = entry.stat(follow_symlinks=False)
                        found.append((entry.name, stat.st_mtime_ns, stat.st_size))
                    elif entry.is_symlink():
                        real = os.path.realpath(entry.path)
                        if real not in linked:  # links can lead in a circle
                            linked.add(real)
                            pending.append(real)
                    elif entry.name != "__pycache__":
                        pending.append(entry.path)
        except OSError:
            found.append(_outer_file(folder))
        found.sort()
        yield folder, found


def _outer_file(place: str) -> File:
    """A module's file, or the archive around it."""
    while True:
        try:
            found = os.stat(place)
        except OSError:
            outer = os.path.dirname(place)
            if outer == place:
                return place, 0, 0
            place = outer
        else:
            return place, found.st_mtime_ns, found.st_size
