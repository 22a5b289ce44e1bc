"""The lines of a pull or a push, one a layer, in docker's words.

On a terminal they are drawn again in place, with how far each is; elsewhere a line is printed when
its state changes.
"""

from __future__ import annotations

import shutil
import threading
import time
from typing import TextIO

from dflint.text.go_units import byte_count

_SHOWN = 12
_INTERVAL = 0.1
_UP, _CLEAR_LINE = "\x1b[{}A", "\x1b[K"
_BAR = 30


class TransferLines:
    """Prints the states of layers; for several threads."""

    def __init__(self, out: TextIO, is_quiet: bool = False) -> None:
        self._out = out
        self._is_quiet = is_quiet
        self._is_terminal = out.isatty()
        self._lock = threading.Lock()
        self._states: dict[str, str] = {}
        self._drawn = 0
        self._when = 0.0

    def set(self, digest: str, state: str) -> None:
        """A layer has come into a state."""
        with self._lock:
            if self._states.get(digest) == state:
                return
            self._states[digest] = state
            if self._is_quiet:
                return
            if self._is_terminal:
                self._draw()
            else:
                self._out.write(f"{_short(digest)}: {state}\n")
                self._out.flush()

    def progress(self, digest: str, word: str, done: int, total: int) -> None:
        """So many bytes of a layer have gone; nothing to say of one that no state is known of."""
        with self._lock:
            if self._is_quiet or not self._is_terminal or digest not in self._states:
                return
            filled = _BAR * done // total if total else 0
            bar = ("=" * filled + ">")[:_BAR].ljust(_BAR)
            sizes = f"{byte_count(done)}/{byte_count(total)}"
            self._states[digest] = f"{word} [{bar}] {sizes}"
            if time.monotonic() - self._when >= _INTERVAL:
                self._draw()

    def end(self) -> None:
        """Leave what is drawn as it is; what follows begins anew."""
        with self._lock:
            if self._is_terminal and not self._is_quiet:
                self._draw()
            self._states.clear()
            self._drawn = 0

    def _draw(self) -> None:
        self._when = time.monotonic()
        width = max(shutil.get_terminal_size().columns, 20)
        text = _UP.format(self._drawn) if self._drawn else ""
        for digest, state in self._states.items():
            text += f"\r{f'{_short(digest)}: {state}'[: width - 1]}{_CLEAR_LINE}\n"
        self._drawn = len(self._states)
        self._out.write(text)
        self._out.flush()


def _short(digest: str) -> str:
    return digest.partition(":")[2][:_SHOWN]
