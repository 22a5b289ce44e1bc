"""Files of the store: written at once, locked between processes, removed whatever they are.

What is synced: a blob before it gets its name, `index.json` and its folder before a tag counts. A
power cut can lose what was written last, but never leaves half of it under its name.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from contextlib import contextmanager, suppress

from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

#: How often a lock that another process holds is asked for, in seconds.
_POLL = 0.02

REPAIR = "`dflint store verify` says what is lost, `dflint store repair` mends it"
"""What errors say of a store that is damaged."""


def failed(path: str, error: OSError) -> BuildError:
    """The error that names the path at fault, and what the system says of it."""
    reason = (error.strerror or str(error)).lower()
    return BuildError(f"`{path}`: {reason}")


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Turn an OSError into a BuildError that names the path."""
    try:
        yield
    except OSError as error:
        raise failed(path, error) from error


def make_folder(path: str) -> None:
    """Make a folder unless it is there; only its owner can look into it."""
    with naming(path):
        os.makedirs(path, mode=0o700, exist_ok=True)


def new_name() -> str:
    """A name that nobody has used."""
    return os.urandom(16).hex()


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all bytes, however many calls it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(path: str) -> None:
    """Have the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: str, data: bytes) -> None:
    """Put a file in its place at once and for good; others must be locked out.

    Until then it has `.new` after its name, which a process that is killed leaves to the next.
    """
    temporary = f"{path}.new"
    with naming(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            try:
                write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        sync_folder(os.path.dirname(path))


class FileLock:
    """A lock on a file that goes with its holder, however that ends (flock)."""

    __slots__ = ("_descriptor", "path")

    path: str

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def share(self) -> None:
        """Let others share it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def remove(self) -> None:
        """Remove the file, then let go of it."""
        with suppress(FileNotFoundError):
            os.unlink(self.path)
        self.release()

    def __enter__(self) -> FileLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def try_lock(path: str, *, is_shared: bool = False, creates: bool = True) -> FileLock | None:
    """Lock a file if nobody holds it; None when someone does, or it is not there and stays so."""
    kind = (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    while True:
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_CREAT if creates else 0)
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileNotFoundError:
            if creates:
                raise
            return None
        try:
            fcntl.flock(descriptor, kind)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return None
            raise
        if _is_current(path, descriptor):
            return FileLock(path, descriptor)
        # Its last holder has removed it since it was opened.
        os.close(descriptor)


def lock(path: str, *, cancel: threading.Event | None = None) -> FileLock:
    """Lock a file, waiting for it; BuildError when `cancel` is set meanwhile."""
    with naming(path):
        while True:
            found = try_lock(path)
            if found is not None:
                return found
            if cancel is None:
                time.sleep(_POLL)
            elif cancel.wait(_POLL):
                raise BuildError(f"store: gave up waiting for `{path}`, which another build holds")


def _is_current(path: str, descriptor: int) -> bool:
    ours = os.fstat(descriptor)
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        return False
    return (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino)


def remove_tree(path: str) -> None:
    """Remove a file, or a folder and all in it; no link is followed, and nothing there is no error.

    Folders may be of any depth and mode: each is moved to the top before it is emptied, so that
    neither the stack nor descriptors run out, and a process that is killed leaves less. BuildError
    when something cannot be removed, as files of other users are for an ordinary one.
    """
    with naming(path):
        try:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                os.unlink(path)
                return
            top = _open_folder(path, None)
        except FileNotFoundError:
            return
        try:
            while not _is_removed(path, top):
                pass
        finally:
            os.close(top)


def remove_work(path: str) -> None:
    """Remove what overlayfs made in a work folder; a volatile mount is known to leave a mark in it.

    That takes three calls, where `remove_tree` would look into each folder.
    """
    try:
        with suppress(FileNotFoundError):
            os.unlink(f"{path}/incompat/volatile/dirty")
            os.rmdir(f"{path}/incompat/volatile")
            os.rmdir(f"{path}/incompat")
        os.rmdir(path)
    except FileNotFoundError:
        return
    except OSError:  # something else is in it
        remove_tree(path)


def _is_removed(path: str, top: int) -> bool:
    """Empty and remove a folder; False if another process, removing the same, put more there."""
    _empty(top)
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
        return False
    return True


def _empty(top: int) -> None:
    """Remove everything in an open folder."""
    waiting = _remove_entries(top, top)
    while waiting:
        name = waiting.pop()
        try:
            folder = _open_folder(name, top)
        except FileNotFoundError:  # another process removes the same
            continue
        try:
            waiting += _remove_entries(folder, top)
        finally:
            os.close(folder)
        with suppress(FileNotFoundError):
            os.rmdir(name, dir_fd=top)


def _remove_entries(folder: int, top: int) -> list[str]:
    """Remove the files of a folder; its folders go to the top, and their names there are told."""
    moved = []
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        with suppress(FileNotFoundError):
            if not is_folder:
                os.unlink(name, dir_fd=folder)
            elif folder == top:
                moved.append(name)
            else:
                moved.append(_move_up(name, folder, top))
    return moved


def _move_up(name: str, folder: int, top: int) -> str:
    place = f".{new_name()}"
    try:
        os.rename(name, place, src_dir_fd=folder, dst_dir_fd=top)
    except PermissionError:  # a folder has to be writable for its `..` to change
        os.close(_open_folder(name, folder))
        os.rename(name, place, src_dir_fd=folder, dst_dir_fd=top)
    return place


def _open_folder(name: str, parent: int | None) -> int:
    """Open a folder to remove what is in it, with the permissions that this takes."""
    descriptor = os.open(
        name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent
    )
    try:
        itself = f"/proc/self/fd/{descriptor}"
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o700 != 0o700:
            with suppress(PermissionError):
                os.chmod(itself, 0o700)
        return os.open(itself, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    finally:
        os.close(descriptor)
