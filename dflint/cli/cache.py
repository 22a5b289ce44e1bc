"""`dflint cache`."""

from __future__ import annotations

import sys

from dflint.cache.location import cache_folder, clean, files, size_of
from dflint.cache.store import LIMIT, Store
from dflint.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cli.options import Arguments

_ACTIONS = ("info", "dir", "clean")


def cache(arguments: Arguments) -> int:
    """Say where the cache is and what it holds, or remove it."""
    words = arguments.paths or ["info"]
    if len(words) > 1 or words[0] not in _ACTIONS:
        raise UsageError(f"cache: expected one of {', '.join(f'`{one}`' for one in _ACTIONS)}")
    folder = cache_folder(arguments.text("cache_dir"))
    if folder is None:
        raise UsageError("cache: there is none without a home folder; name one: `--cache-dir`")
    try:
        sys.stdout.write(_done(words[0], folder))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cache {words[0]}: `{folder}`: {reason}") from None
    return 0


def _done(action: str, folder: str) -> str:
    """Do what is asked for and say what came of it."""
    if action == "dir":
        return f"{folder}\n"
    if action == "clean":
        freed = clean(folder)
        if freed is None:
            raise UsageError(f"cache clean: `{folder}` is no cache of dflint's; nothing is removed")
        return f"{folder}: {_size(freed)} freed\n"
    used = sum(map(size_of, files(folder)))
    kept = Store(folder).rows()
    return f"{folder}: {kept} results in {_size(used)}, at most {_size(LIMIT)}\n"


def _size(count: int) -> str:
    """A number of bytes for people."""
    if count < 1 << 10:
        return f"{count} bytes"
    return f"{count / (1 << 10):.1f} KiB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MiB"
