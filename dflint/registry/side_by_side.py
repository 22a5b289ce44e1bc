"""Blobs that are moved several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

_Item = TypeVar("_Item")


def move_all(
    items: Iterable[_Item],
    move: Callable[[_Item], object],
    stop: threading.Event,
    parallel: int,
    name: str,
) -> None:
    """Move all items, so many at a time; `name` is what the threads are called.

    The first error sets `stop`, at which the others are to end, and is raised when they have.
    """
    with ThreadPoolExecutor(max(1, parallel), name) as pool:
        futures = [pool.submit(partial(move, one)) for one in items]
        try:
            done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
            for future in waiting:
                future.cancel()
            for future in done:
                future.result()
        except BaseException:
            stop.set()
            raise
