"""Where the cache is, and which files in that folder are its own.

A folder counts as the cache if its `CACHEDIR.TAG` is ours. A folder that holds anything else and
has no such tag is neither written to nor cleaned, so that a mistaken `--cache-dir` costs nobody a
file, and no backup leaves out a home folder for a tag in it.

Sources: XDG Base Directory Specification; Cache Directory Tagging Specification.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "DFLINT_CACHE_DIR"
"""The environment variable that names the folder."""

SUFFIX = ".dflint"
"""What follows the two digits in the names of the cache's files, whatever their format."""

_TAG = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n"
_TAG_TEXT = _SIGNATURE + b"# What dflint found out before. `dflint cache clean` removes it.\n"
_DIGITS = frozenset("0123456789abcdef")


def cache_folder(
    asked: str | None = None,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> str | None:
    """The folder of the cache: what was asked for, else the user's; None without a home."""
    asked = asked or environ.get(VARIABLE)
    if asked:
        return os.path.abspath(asked)
    below = ["dflint"]
    if platform == "win32":
        base = environ.get("LOCALAPPDATA", "")
        below = ["dflint", "Cache"]
    elif platform == "darwin":
        base = environ.get("HOME", "")
        below = ["Library", "Caches", "dflint"]
    else:
        base = environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            base = environ.get("HOME", "")
            below = [".cache", "dflint"]
    return os.path.join(base, *below) if os.path.isabs(base) else None


def prepare(folder: str) -> str | None:
    """Make the folder and its tag if they are not there; why that cannot be, or None.

    Raises OSError when the system refuses.
    """
    tag = os.path.join(folder, _TAG)
    if _is_tagged(folder):
        return None
    os.makedirs(folder, mode=0o700, exist_ok=True)
    names = os.listdir(folder)
    if not all(is_ours(name) for name in names):
        # Another process may have tagged it since.
        return None if _is_tagged(folder) else f"`{folder}` holds what is not the cache's"
    # Written whole or not at all, whatever happens meanwhile.
    write_file(tag, os.path.join(folder, f"ff{SUFFIX}"), (_TAG_TEXT,))
    return None


def write_file(path: str, temporary: str, parts: tuple[bytes, ...]) -> None:
    """Put a file in its place at once; `temporary` is the start of its name until then."""
    temporary = f"{temporary}.{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        try:
            for part in parts:
                left = memoryview(part)
                while left:
                    left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except BaseException:
        _remove(temporary)
        raise


def is_ours(name: str) -> bool:
    """Whether a file of that name in the folder is one of the cache's, the tag left aside."""
    return name[2 : 2 + len(SUFFIX)] == SUFFIX and _DIGITS.issuperset(name[:2])


def files(folder: str) -> Iterator[os.DirEntry[str]]:
    """The cache's files; none where there is no cache."""
    if not _is_tagged(folder):
        return
    with os.scandir(folder) as entries:
        yield from sorted((one for one in entries if is_ours(one.name)), key=lambda one: one.name)


def size_of(entry: os.DirEntry[str]) -> int:
    """How many bytes a file of the cache has; none if another process has taken it away."""
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0


def clean(folder: str) -> int | None:
    """Remove the cache; how many bytes that freed, or None if the folder is no cache of ours.

    Raises OSError if the system does not let it go.
    """
    if not os.path.lexists(folder):
        return 0
    if not _is_tagged(folder):
        return None
    freed = 0
    for entry in files(folder):
        if entry.is_file(follow_symlinks=False):
            size = size_of(entry)
            try:
                os.unlink(entry.path)
            except FileNotFoundError:
                continue
            freed += size
    _remove(os.path.join(folder, _TAG))
    try:
        os.rmdir(folder)
    except OSError:
        return freed  # something of another's is in it, or a run that goes on has written anew
    return freed


def _is_tagged(folder: str) -> bool:
    try:
        with open(os.path.join(folder, _TAG), "rb") as file:
            return file.read(len(_TAG_TEXT) + 1) == _TAG_TEXT
    except OSError:
        return False


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
