"""Files that another process reads or copies, while this one does something else.

To read or copy thousands of files in Python takes its lock thousands of times, for which other
threads wait, or these for them. So another process does part of it: see
`dflint.kernel.file_program`.
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
from collections import deque

from dflint.errors import BuildError
from dflint.kernel.file_content import StatKey
from dflint.kernel.file_program import DIGEST, LENGTH, CopyJob, command, pack_jobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from dflint.files.tree import Entry, SourceTree

_CHUNK = 8192
#: So many lists of files wait, so that there is always one to go on with.
_WAITING = 2
#: So many files are given at once, and as few as
_PART, _LEAST = 32, 8
#: and none that is larger, as who ends the copying waits for it.
_LARGE = 1 << 22


class _Process:
    """A process of the file program; where none can be had, its output ends at once."""

    def __init__(self, verb: str, directories: tuple[int, ...], names: BinaryIO | None) -> None:
        import subprocess

        self._read = b""
        self._process: subprocess.Popen[bytes] | None = None
        with contextlib.suppress(OSError):  # then who wanted it does the work alone
            self._process = subprocess.Popen(
                command(verb, *map(str, directories)),
                stdin=names or subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=directories,
            )

    @property
    def has_said(self) -> bool:
        """Whether there is output that has not been read."""
        if self._read or self._process is None or self._process.stdout is None:
            return True
        ready = select.poll()
        ready.register(self._process.stdout, select.POLLIN)
        return bool(ready.poll(0))

    def read(self, size: int) -> bytes:
        """So many bytes of its output, fewer where it has ended; waits for them."""
        while len(self._read) < size:
            if self._process is None or self._process.stdout is None:
                break
            data = os.read(self._process.stdout.fileno(), _CHUNK)
            if not data:
                break
            self._read += data
        found, self._read = self._read[:size], self._read[size:]
        return found

    def write(self, data: bytes) -> bool:
        """Give it something to do; False where it has ended."""
        if self._process is None or self._process.stdin is None:
            return False
        try:
            while data:
                data = data[os.write(self._process.stdin.fileno(), data) :]
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Ends it, wherever it is."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


class ReadBeside:
    """What a process reads of a directory of a tree: all files that `unknown` says to read.

    It reads them in the order of `SourceTree.entries`, and each is asked for once, in that order.
    To be closed.
    """

    def __init__(
        self, tree: SourceTree, path: str, unknown: Callable[[list[Entry]], list[Entry]]
    ) -> None:
        self._tree = tree
        self._unknown = unknown
        self._asked: set[int] = set()
        self._found: dict[StatKey, bytes] = {}
        names = bytearray()
        directory = tree.open_directory(path)
        try:
            with contextlib.suppress(BuildError):  # who comes to it says so
                self._ask(path, directory, names)
        finally:
            os.close(directory)
        self._process: _Process | None = None
        if self._asked:
            with contextlib.suppress(OSError), open(os.memfd_create("names"), "r+b") as file:
                file.write(names)  # all at once, so that neither waits for the other
                file.seek(0)
                self._process = _Process("read", (tree.fd,), file)

    def get(self, key: StatKey) -> bytes | None:
        """The digest of a file; waits for it.

        None when it is not read here, or was not what it is now.
        """
        if key.inode not in self._asked:
            return None
        found = self._found.pop(key, None)
        while found is None and self._process is not None:
            reply = self._process.read(DIGEST.size)
            if len(reply) < DIGEST.size:
                self.close()
                break
            *numbers, digest = DIGEST.unpack(reply)
            read = StatKey(*numbers)
            if read == key:
                found = digest
            elif read.inode:
                self._found[read] = digest
        return found

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _ask(self, path: str, directory: int, names: bytearray) -> None:
        entries = self._tree.entries(path, directory)
        unknown = {one.name for one in self._unknown(entries)}
        is_entered = False
        for entry in entries:
            if stat.S_ISDIR(entry.status.st_mode):
                is_entered = False
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                try:
                    below = os.open(entry.name, flags, dir_fd=directory)
                except OSError:
                    continue
                try:
                    self._ask(entry.path, below, names)
                finally:
                    os.close(below)
            elif entry.name in unknown:
                if not is_entered:
                    names += os.fsencode(f"/{path}\0")
                    is_entered = True
                names += os.fsencode(f"{entry.name}\0")
                self._asked.add(entry.status.st_ino)


class CopyBeside:
    """A process that copies files from below one directory to below another; to be closed.

    It says that it has begun before it is given anything, as nobody shall wait for that.
    """

    def __init__(self, source: int, target: int) -> None:
        self._process = _Process("copy", (source, target), None)
        self._given: deque[tuple[int, Callable[[list[int]], None]]] = deque()
        self._has_begun = self._has_ended = False

    @property
    def is_free(self) -> bool:
        """Whether it should be given something; calls `done` of what has been done."""
        if not self._has_begun:
            self._has_begun = self._process.has_said
            self._has_ended = self._has_begun and self._reply() is None
        while self._given and self._process.has_said:
            self._take()
        return self._has_begun and not self._has_ended and len(self._given) < _WAITING

    def give(
        self, source: str, target: str, jobs: list[CopyJob], done: Callable[[list[int]], None]
    ) -> None:
        """Have files copied between directories with these paths below those of the process.

        Only when it is free. `done` is called, in this thread, with the numbers of those that
        were not copied.
        """
        self._given.append((len(jobs), done))
        if not self._process.write(pack_jobs(source, target, jobs)):
            self.wait()

    def wait(self) -> None:
        """Wait until everything that was given is done."""
        while self._given:
            self._take()

    def close(self) -> None:
        """Ends the process."""
        self._process.close()

    def _take(self) -> None:
        count, done = self._given.popleft()
        failed = self._reply()
        done(list(range(count)) if failed is None else failed)

    def _reply(self) -> list[int] | None:
        """The numbers of a reply; None where the process has ended."""
        size = self._process.read(LENGTH.size)
        if len(size) < LENGTH.size:
            self._has_ended = True
            return None
        return [int(one) for one in self._process.read(*LENGTH.unpack(size)).split()]


def parts_of(entries: list[Entry]) -> Iterator[tuple[list[Entry], bool]]:
    """What is in a directory in parts, with whether another process is to copy them.

    Those are several files. Everything else is a part each.
    """
    part: list[Entry] = []
    for entry in entries:
        if _is_plain(entry.status):
            part.append(entry)
            if len(part) == _PART:
                yield part, True
                part = []
        else:
            yield [entry], False
    if part:
        yield part, len(part) >= _LEAST


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_size <= _LARGE
