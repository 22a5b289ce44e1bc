"""What a process of its own does with files, so that another need not wait for it.

    read ROOT              the digests of what the input names, in this order
    copy SOURCE TARGET     files from below one directory to below another
    sync FILE TEXT         writes a line to a file when the file system that it is on is synced

Directories are descriptors. No link is followed below them. What cannot be done is
said to whom it was done for, who does it then and says why. Whoever reads or copies ends with its
input, or when nobody takes its output.
It loads little, so that it begins at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
import sys
from typing import NamedTuple

import dflint
from dflint.errors import BuildError
from dflint.kernel.file_content import (
    StatKey,
    check_unchanged,
    copy_data,
    read_xattrs,
    set_xattrs,
    stat_key,
)

#: The `StatKey` of a file and the SHA-256 of its content: the reply to a name that is to be read.
DIGEST = struct.Struct("=QQqqq32s")
#: The length in bytes of what follows, to and from a process that copies.
LENGTH = struct.Struct("=I")

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from dflint.kernel.file_program import main; main()"
)


class CopyJob(NamedTuple):
    """A regular file that is to be copied to the same name in another directory.

    `key` is what it was. `owner` is None where it is to stay what it is; `time` is in
    nanoseconds. `clears` removes what is there before, `has_xattrs` copies extended attributes.
    """

    name: str
    key: StatKey
    mode: int
    owner: tuple[int, int] | None
    time: int
    clears: bool
    has_xattrs: bool


def command(verb: str, *arguments: str) -> list[str]:
    """The command of a process that does something; the descriptors have to be passed to it."""
    place = os.path.dirname(os.path.dirname(os.path.abspath(dflint.__file__)))
    return [sys.executable, "-I", "-S", "-c", _PROGRAM, place, verb, *arguments]


def main() -> None:
    """Do what the arguments say."""
    verb, *arguments = sys.argv[1:]
    with contextlib.suppress(BrokenPipeError):
        if verb == "read":
            _read_files(int(arguments[0]))
        elif verb == "copy":
            _copy_files(int(arguments[0]), int(arguments[1]))
        else:
            _sync_and_say(*arguments)


def _sync_and_say(path: str, text: str) -> None:
    """Sync, alone: whoever has asked may have ended, and somebody wait for its descriptors."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.setsid()
    os.chdir("/")
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    sync(file)
    os.write(file, text.encode() + b"\n")


def sync(descriptor: int) -> None:
    """Write what is new on the file system of an open file to disk, and wait; raises OSError."""
    if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _read_files(root: int) -> None:
    """Read what the input names, each before a NUL; `/path` is the directory of what follows."""
    os.nice(5)  # the steps of a build that run meanwhile take longer than this
    place = _Place(root)
    for name in sys.stdin.buffer.read().split(b"\0")[:-1]:
        try:
            if name.startswith(b"/"):
                place.enter(name)
                continue
            reply = _read(name, place.directory)
        except (OSError, BuildError):
            reply = bytes(DIGEST.size)
        sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()


def _read(name: bytes, directory: int) -> bytes:
    import hashlib

    file = os.open(name, _FILE, dir_fd=directory)
    try:
        before = os.fstat(file)
        if not stat.S_ISREG(before.st_mode):
            return bytes(DIGEST.size)
        digest = hashlib.sha256()
        count = 0
        while data := os.read(file, _CHUNK):
            digest.update(data)
            count += len(data)
        check_unchanged(before, os.fstat(file), count, "")
        return DIGEST.pack(*stat_key(before), digest.digest())
    finally:
        os.close(file)


def pack_jobs(source: str, target: str, jobs: list[CopyJob]) -> bytes:
    """What a process that copies is told: two directories, and what to copy between them."""
    words = [source, target]
    for job in jobs:
        owner = job.owner or (-1, -1)
        numbers = (*job.key, job.mode, *owner, job.time, job.clears, job.has_xattrs)
        words += [job.name, " ".join(map(str, map(int, numbers)))]
    data = os.fsencode("\0".join(words))
    return LENGTH.pack(len(data)) + data


def unpack_jobs(data: bytes) -> tuple[bytes, bytes, list[CopyJob]]:
    """What `pack_jobs` has packed, without its length."""
    source, target, *words = data.split(b"\0")
    jobs = []
    for name, text in zip(words[::2], words[1::2], strict=True):
        dev, ino, size, mtime, ctime, mode, uid, gid, time, clears, xattrs = map(int, text.split())
        key = StatKey(dev, ino, size, mtime, ctime)
        owner = None if uid < 0 else (uid, gid)
        flags = bool(clears), bool(xattrs)
        jobs.append(CopyJob(os.fsdecode(name), key, mode, owner, time, *flags))
    return source, target, jobs


def _copy_files(source: int, target: int) -> None:
    """Copy what is asked for; a reply has the numbers of what was not done, the first has none."""
    places = _Place(source), _Place(target)
    _reply(b"")
    while size := sys.stdin.buffer.read(LENGTH.size):
        *paths, jobs = unpack_jobs(sys.stdin.buffer.read(*LENGTH.unpack(size)))
        for place, path in zip(places, paths, strict=True):
            with contextlib.suppress(OSError):  # then no file can be opened
                place.enter(path)
        failed = []
        for number, job in enumerate(jobs):
            try:
                copy_one(job, places[0].directory, places[1].directory)
            except (OSError, BuildError):
                failed.append(number)
        _reply(" ".join(map(str, failed)).encode())


def _reply(data: bytes) -> None:
    sys.stdout.buffer.write(LENGTH.pack(len(data)) + data)
    sys.stdout.buffer.flush()


def copy_one(job: CopyJob, source: int, target: int) -> None:
    """Do a job; OSError or BuildError where it cannot be done, and then no file is left of it."""
    if job.clears:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(job.name, dir_fd=target)
    data = os.open(job.name, _FILE, dir_fd=source)
    try:
        status = os.fstat(data)
        if stat_key(status) != job.key or not stat.S_ISREG(status.st_mode):
            raise BuildError(f"{job.name} changed while it was read")
        file = os.open(job.name, _CREATE, 0o600, dir_fd=target)
        try:
            _fill(job, data, status, file)
        except BaseException:
            os.unlink(job.name, dir_fd=target)
            raise
        finally:
            os.close(file)
    finally:
        os.close(data)


def _fill(job: CopyJob, data: int, status: os.stat_result, file: int) -> None:
    count = copy_data(data, file, status)
    check_unchanged(status, os.fstat(data), count, job.name)
    if job.owner is not None:
        os.fchown(file, *job.owner)
    os.fchmod(file, job.mode)
    if job.has_xattrs:
        set_xattrs(file, read_xattrs(data))
    os.utime(file, ns=(job.time, job.time))


class _Place:
    """The directory below a root that was entered last; -1 where that was not possible."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._path: bytes | None = None
        self.directory = -1

    def enter(self, path: bytes) -> None:
        """Open a directory, name by name; raises OSError."""
        if path == self._path:
            return
        if self.directory >= 0:
            os.close(self.directory)
        self.directory, self._path = -1, None
        found = os.dup(self._root)
        for name in filter(None, path.split(b"/")):
            above = found
            try:
                found = os.open(name, _DIRECTORY, dir_fd=above)
            finally:
                os.close(above)
        self.directory, self._path = found, path
