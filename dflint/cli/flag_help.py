"""How `--help` shows options in docker's syntax."""

from __future__ import annotations

import textwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.docker_flags import Flag

_COLUMN = 34


def flag_lines(groups: Iterable[tuple[str, Iterable[Flag]]]) -> Iterator[str]:
    """The lines on some groups of options, each with its title."""
    for title, flags in groups:
        yield from ("", f"{title}:")
        for flag in flags:
            head = "  " + (f"{flag.short}, " if flag.short else "    ")
            head += " ".join(part for part in (flag.name, flag.value) if part)
            text = textwrap.wrap(flag.help, 100 - _COLUMN)
            if len(head) < _COLUMN:
                head = head.ljust(_COLUMN) + text.pop(0)
            yield head
            for line in text:
                yield " " * _COLUMN + line
