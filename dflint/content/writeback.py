"""Writing to disk what is new while more is made, so that whoever syncs at the end waits less.

Nothing depends on it: what counts after a power cut is decided by the sync at the end.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import suppress

#: So many new bytes are worth it; less is written at the end in no time.
_ENOUGH = 32 << 20


def sync_file_system(folder: str) -> None:
    """Write all that is new on the file system of a folder, and wait for it; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


class Writeback:
    """Has the file system of a folder written to disk by a thread, which starts when it is needed.

    For several threads.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._changed = threading.Condition()
        self._new = 0
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def told(self, count: int) -> None:
        """Hear of new bytes."""
        with self._changed:
            self._new += count
            if self._new < _ENOUGH or self._is_closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writeback", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._new >= _ENOUGH or self._is_closed)
                if self._is_closed:
                    return
                self._new = 0
            with suppress(OSError):  # the sync that counts says what is wrong
                sync_file_system(self._folder)
