"""Checks sources in their order, some together, while ShellCheck reads the scripts of the next."""

from __future__ import annotations

from collections import deque

from dflint.engine.report import FileReport
from dflint.engine.session import TOGETHER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.engine.begun import Begun

    Item = str | FileReport

#: How many sources are begun before the first of them has to be finished: as many as have
#: scripts for several processes.
_MOST = 192


def in_turn(
    begin: Callable[[str], Begun | FileReport],
    finish: Callable[[Begun], FileReport],
    start: Callable[[], None],
    items: Iterable[Item],
) -> Iterator[FileReport]:
    """The report on each item, in their order; what is a report already passes through.

    `start` is called when nothing more will be begun.
    """
    begun: deque[Begun | FileReport] = deque()
    for item in items:
        begun.append(item if isinstance(item, FileReport) else begin(item))
        if len(begun) < TOGETHER:
            continue  # rules are asked of so many at once
        while begun:
            first = begun[0]
            if isinstance(first, FileReport):
                yield first
            elif first.is_done or len(begun) > _MOST:
                yield finish(first)
            else:
                break
            begun.popleft()
    start()
    while begun:
        first = begun.popleft()
        yield first if isinstance(first, FileReport) else finish(first)
