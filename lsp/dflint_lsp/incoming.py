"""What a client sends on standard input, read by the event loop itself.

pygls reads a file, and hands each line of it to a thread and back: three times for a message.
Where standard input is a pipe or a socket, as editors make it, the loop is told when there is
something to read.
"""

from __future__ import annotations

import asyncio
import os
import stat

from pygls.io_ import StdinAsyncReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from typing import BinaryIO


class Incoming:
    """A reader as pygls wants it: empty bytes are the end."""

    def __init__(self, file: BinaryIO, threads: ThreadPoolExecutor) -> None:
        self._file = file
        self._threads = threads
        self._stream: asyncio.StreamReader | None = None
        self._by_line: StdinAsyncReader | None = None

    async def readline(self) -> bytes:
        """One line, its end included."""
        if self._by_line is None and self._stream is None:
            await self._open()
        if self._stream is None:
            assert self._by_line is not None
            return await self._by_line.readline()
        return await self._stream.readline()

    async def readexactly(self, size: int) -> bytes:
        """So many bytes, or none where there are no more as many."""
        if self._stream is None:
            assert self._by_line is not None
            return await self._by_line.readexactly(size)
        # What was read ahead would be answered all at once, and nothing else in between.
        await asyncio.sleep(0)
        try:
            return await self._stream.readexactly(size)
        except asyncio.IncompleteReadError:
            return b""

    async def _open(self) -> None:
        if not _tells_when_ready(self._file):
            self._by_line = StdinAsyncReader(self._file, self._threads)
            return
        loop = asyncio.get_running_loop()
        stream = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), self._file)
        self._stream = stream


def _tells_when_ready(file: BinaryIO) -> bool:
    """Whether a loop can wait for it: a pipe or a socket, where the system knows how."""
    if os.name != "posix":
        return False
    mode = os.fstat(file.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
