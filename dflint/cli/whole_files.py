"""Writes files that readers find whole: the one before, or the new one."""

from __future__ import annotations

import os

from dflint.errors import UsageError


def write_whole(option: str, path: str, data: bytes) -> None:
    """Write a file as a whole; UsageError, which names the option, when that cannot be done."""
    temporary = f"{path}.tmp-{os.getpid()}"
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            # A pipe or a device is no name to be taken over.
            with open(path, "wb") as file:
                file.write(data)
            return
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise UsageError(f"{option}: cannot write `{path}`: {error.strerror}") from None
