"""Replaces a file's content so that it is never half-written."""

from __future__ import annotations

import os
import stat

from dflint.errors import SourceError
from dflint.text.source import read_file

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
    replacer = Replacer()
    try:
        replacer.replace(path, data, expected_old)
    finally:
        replacer.close()


class Replacer:
    """Replaces files one after the other, and leaves nothing behind once it is closed.

    New content is written in a folder of its own beside the file, which files of one folder share.
    Nobody takes what is in there for a Dockerfile, should the process be killed.
    """

    # That it is a folder: ext4 without a journal passes over all inodes that were freed lately in
    # the part of the disk where a folder lies, and takes another part for a new one.

    __slots__ = ("_folder", "_place")

    def __init__(self) -> None:
        self._folder = ""
        self._place = ""

    def replace(self, path: str, data: bytes, expected_old: bytes) -> None:
        """Replace one file, as `replace_file` does."""
        target, temporary = path, ""
        try:
            mode = os.lstat(path)
            # Where the last name is no link, the folders may be as they are: most are, and to
            # follow every name costs more than to write.
            if stat.S_ISLNK(mode.st_mode):
                target = os.path.realpath(path)
                mode = os.stat(target)
            if not stat.S_ISREG(mode.st_mode):
                raise SourceError(path, "expected a file to write to")
            if not os.access(target, os.W_OK):
                raise SourceError(path, "the file is read-only")
            temporary = os.path.join(self._place_in(os.path.dirname(target)), "new")
            _write(temporary, data, mode)
            # As late as possible: what an editor saved while the new content was made is kept.
            if read_file(target) != expected_old:
                raise FileChanged(path, "the file has changed meanwhile and is left as it is")
            os.replace(temporary, target)
            temporary = ""
        except OSError as error:
            folder = os.path.realpath(os.path.dirname(target))
            raise SourceError(path, _why(error, folder)) from None
        finally:
            if temporary:
                _remove(os.unlink, temporary)
                self.close()  # something is wrong with it, or with what is around it

    def close(self) -> None:
        """Remove the folder that new files were written in; another one is made when needed."""
        if self._place:
            _remove(os.rmdir, self._place)
            self._place = ""

    def _place_in(self, folder: str) -> str:
        """The folder for the new files of one folder."""
        if not self._place or folder != self._folder:
            self.close()
            made = os.path.join(folder, f".dflint-{os.urandom(6).hex()}.tmp")
            os.mkdir(made, 0o700)
            self._folder, self._place = folder, made
        return self._place


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
