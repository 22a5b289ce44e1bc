"""Finds the modules of this distribution with fewer looks at the disk than Python needs.

Checking a small file takes about as long as importing what checks it: some 150 modules. Python
looks for each in all the shapes that a module can have and asks for the same file several times.
Ours are source files with their compiled form beside them, which is what is tried first here:
one question for the source, by whose time and size Python itself tells whether the compiled form
is up to date, and one reading. Whatever is not just so is left to Python.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # what importlib itself uses
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

#: The packages of this distribution.
_OURS = ("dflint.", "dflint_rules.", "dflint_lsp.")
#: No module of ours is as long; of a longer one only the beginning would be read.
_LONGEST = 100_000
#: What a compiled form begins with that is good for one time and size of its source (PEP 552).
_MAGIC = MAGIC_NUMBER + b"\0\0\0\0"
_HEADER = 16
_SUFFIX = f".{sys.implementation.cache_tag}.pyc"
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class QuickLoader(SourceFileLoader):
    """A loader that has the code at hand when it is first asked to run it."""

    code: CodeType | None = None

    def exec_module(self, module: ModuleType) -> None:
        """Run the code in a module."""
        code, self.code = self.code, None
        if code is None:
            super().exec_module(module)
        else:
            exec(code, module.__dict__)


class QuickFinder:
    """Finds modules of ours that have an up-to-date compiled form beside them, and nothing else."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module with its code; None for what is to be found in the usual way."""
        if path is None or len(path) != 1 or not name.startswith(_OURS):
            return None
        folder = path[0]
        last = name[name.rindex(".") + 1 :]
        source = f"{folder}{os.sep}{last}.py"
        is_package = False
        try:
            status = os.stat(source)
        except OSError:
            folder, last, is_package = f"{folder}{os.sep}{last}", "__init__", True
            source = f"{folder}{os.sep}__init__.py"
        try:
            if is_package:
                status = os.stat(source)
            cached = f"{folder}{os.sep}__pycache__{os.sep}{last}{_SUFFIX}"
            data = _read(cached)
        except OSError:
            return None
        times = int(status.st_mtime) & 0xFFFFFFFF | (status.st_size & 0xFFFFFFFF) << 32
        if data[:_HEADER] != _MAGIC + times.to_bytes(8, "little") or len(data) == _LONGEST:
            return None
        loader = QuickLoader(name, source)
        loader.code = loads(memoryview(data)[_HEADER:])
        # Distributions are compiled where they are made, and may be used elsewhere.
        _fix_co_filename(loader.code, source)
        spec = ModuleSpec(name, loader, origin=source, is_package=is_package)
        spec.has_location = True
        spec.cached = cached
        if is_package:
            spec.submodule_search_locations = [folder]
        return spec


def _read(file: str) -> bytes:
    descriptor = os.open(file, _FLAGS)
    try:
        return os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)


def install() -> None:
    """Have modules of ours found quickly, where Python keeps compiled forms beside sources."""
    if sys.pycache_prefix is None and not sys.flags.optimize:
        sys.meta_path.insert(0, QuickFinder)
