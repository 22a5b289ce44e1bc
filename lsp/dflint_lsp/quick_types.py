"""Imports `lsprotocol.types` in half of the time that it takes by itself.

Its five hundred classes get their methods from source text that `attrs` compiles anew in every
process: half of what the server needs to start. The compiled code is kept on disk between
processes, by the text that it came from, beside the results of checks.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
from functools import partial
from types import CodeType

from dflint.cache.location import SUFFIX, prepare, write_file

_NAME = f"ee{SUFFIX}-lsprotocol"


def import_types(folder: str | None) -> None:
    """Import the module; `folder` is where compiled code is kept, None for nowhere.

    What is kept is only used by the interpreter that has made it. A file that cannot be read or
    written costs time and nothing else.
    """
    if "lsprotocol.types" in sys.modules:
        return
    kept = _Kept(folder)
    import attr._make as attrs_make
    import attrs

    kept.read()
    define = attrs.define
    # `attrs` looks the name up in its module before it finds the built-in function.
    attrs_make.compile = kept.compile  # type: ignore[attr-defined]
    # With slots each class is made twice, and none of ours needs them.
    attrs.define = partial(define, slots=False)
    try:
        import lsprotocol.types  # noqa: F401
    finally:
        attrs.define = define
        del attrs_make.compile  # type: ignore[attr-defined]
    kept.write()


class _Kept:
    """Compiled code by the text that it came from."""

    def __init__(self, folder: str | None) -> None:
        tag = f"{_NAME}-{sys.implementation.cache_tag}-{sys.hexversion:x}"
        self._folder = folder
        self._path = None if folder is None else os.path.join(folder, tag)
        self._code: dict[tuple[str, str], CodeType] = {}
        self._is_new = False

    def compile(self, source: str, filename: str, mode: str) -> CodeType:
        """As the built-in function, from what is kept where that can be."""
        key = (source, filename)
        code = self._code.get(key)
        if code is None:
            code = compile(source, filename, mode)
            assert isinstance(code, CodeType)
            self._code[key] = code
            self._is_new = True
        return code

    def read(self) -> None:
        """Take in what is kept, if nobody else could have written it."""
        if self._path is None:
            return
        try:
            with open(self._path, "rb") as file:
                if not _is_private(os.fstat(file.fileno())):
                    return
                data = file.read()
        except OSError:
            return
        seal, body = data[:32], data[32:]
        if hashlib.sha256(body).digest() == seal:  # a damaged one could end the process
            self._code = marshal.loads(body)

    def write(self) -> None:
        """Keep what had to be compiled."""
        if self._folder is None or self._path is None or not self._is_new:
            return
        body = marshal.dumps(self._code)
        try:
            if prepare(self._folder) is None:
                write_file(self._path, self._path, (hashlib.sha256(body).digest(), body))
        except OSError:
            return


def _is_private(status: os.stat_result) -> bool:
    """Whether a file is the user's, and for nobody else to write; code is run from it."""
    if not hasattr(os, "getuid"):
        return True  # where access is not told by mode, the folder is the user's
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
