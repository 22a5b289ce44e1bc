"""Replaces a file's content so that it is never half-written."""

from __future__ import annotations

import os
import stat

from dflint.errors import SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BINARY = getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | getattr(os, "O_NOFOLLOW", 0)


class FileChanged(SourceError):
    """A file no longer has the content that the new one was made from; it is left as it is."""


def replace_file(path: str, data: bytes, expected_old: bytes) -> None:
    """Put `data` in the place of the content of the file at `path`.

    Whoever reads the file meanwhile gets all of the old or all of the new content. Mode, and where
    that is allowed owner, stay; a symbolic link stays one, and its target gets the content. Raises
    FileChanged when the file has other content than `expected_old` by now, SourceError when it
    cannot be written; nothing is left behind then.
    """
    # Where the last name is no link, the folders may be as they are: most are, and to follow
    # every name costs more than to write.
    target = os.path.realpath(path) if os.path.islink(path) else path
    folder, name = os.path.split(target)
    place = temporary = ""
    try:
        mode = os.stat(target)
        if not stat.S_ISREG(mode.st_mode):
            raise SourceError(path, "expected a file to write to")
        if not os.access(target, os.W_OK):
            raise SourceError(path, "the file is read-only")
        # In a folder of its own: ext4 without a journal passes over all inodes that were freed
        # lately in the part of the disk where a folder lies, and takes another part for a new one.
        # Nobody takes it for a Dockerfile, should the process be killed before it is renamed.
        made = os.path.join(folder, f".{name[:40]}.dflint-{os.urandom(6).hex()}.tmp")
        os.mkdir(made, 0o700)
        place = made
        temporary = os.path.join(place, "new")
        _write(temporary, data, mode)
        # As late as possible: what an editor saved while the new content was made is kept.
        if _content(target) != expected_old:
            raise FileChanged(path, "the file has changed meanwhile and is left as it is")
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        raise SourceError(path, _why(error, os.path.realpath(folder))) from None
    finally:
        if temporary:
            _remove(os.unlink, temporary)
        if place:
            _remove(os.rmdir, place)


def _write(path: str, data: bytes, like: os.stat_result) -> None:
    """Make a new file with the mode and owner of another one."""
    descriptor = os.open(path, _CREATE, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if hasattr(os, "fchown"):
            _keep_owner(descriptor, like)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_owner(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) == (like.st_uid, like.st_gid):
        return
    for owner, group in ((like.st_uid, like.st_gid), (-1, like.st_gid)):
        try:
            os.fchown(descriptor, owner, group)
        except OSError:  # only root may give files away
            continue
        return


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.readall()


def _remove(remove: Callable[[str], None], path: str) -> None:
    try:
        remove(path)
    except OSError:  # it was never made, or its folder went away
        return


def _why(error: OSError, folder: str) -> str:
    reason = (error.strerror or str(error)).lower()
    if isinstance(error, PermissionError) or reason == "read-only file system":
        return f"cannot be replaced: no file can be made in `{folder}` ({reason})"
    return f"cannot be replaced: {reason}"
