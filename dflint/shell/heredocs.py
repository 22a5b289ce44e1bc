"""Heredocs inside a shell text (POSIX.1-2017, Shell Command Language, 2.7.4).

The grammar for shells stumbles over a good part of them: a descriptor before `<<`, a list or a
pipeline that goes on after the delimiter, a command that comes after it. As their contents are no
program, they are cut before the grammar sees the text.
"""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

_TOKEN = LazyPattern(
    r"""
      \\ (?s:.)
    | ' [^']*+ '?
    | " (?: [^"\\] | \\ (?s:.) )*+ "?
    | (?<! [^\s;&|()] ) \# [^\n]*+
    | <<<
    | (?: (?<! [^\s;&|()] ) (?P<descriptor> [0-9]++ ) )?+
      << (?P<chomp> -? ) [ \t]*+ (?! \# )
      (?P<delimiter> (?: [^\s;&|<>()'"\\`$] | \\ [^\n] | '[^'\n]*+' | "[^"\n]*+" )++ )
    | (?P<newline> \n )
    """,
    re.VERBOSE,
)
_QUOTING = LazyPattern(r"\\(.)|['\"]", re.DOTALL)


class Heredoc:
    """A heredoc of a shell text; all offsets are into that text.

    `marker` is where `<<` stands, `descriptor` the digits before it. The contents are `start` to
    `end`; the line of the delimiter goes on to `close`, where its newline or the text's end is.
    `expands` is false when the delimiter is quoted, `chomps` true for `<<-`.
    """

    __slots__ = (
        "chomps",
        "close",
        "delimiter",
        "descriptor",
        "end",
        "expands",
        "marker",
        "start",
    )

    def __init__(
        self, marker: int, descriptor: str, delimiter: str, expands: bool, chomps: bool
    ) -> None:
        self.marker = marker
        self.descriptor = descriptor
        self.delimiter = delimiter
        self.expands = expands
        self.chomps = chomps
        self.start = self.end = self.close = -1


def find_heredocs(text: str) -> tuple[Heredoc, ...]:
    """Give the heredocs of `text` whose contents end with their delimiter, in order.

    Those within double quotes (`"$(cat <<EOF …)"`) are not looked for, and those that nothing
    ends are left out.
    """
    found: list[Heredoc] = []
    waiting: list[Heredoc] = []
    endless: set[str] = set()
    at = 0
    while (match := _TOKEN.get().search(text, at)) is not None:
        at = match.end()
        word = match["delimiter"]
        if word is not None:
            waiting.append(_heredoc(match, word))
        elif waiting and match["newline"]:
            for heredoc in waiting:
                if heredoc.delimiter not in endless and _close(heredoc, text, at):
                    found.append(heredoc)
                    at = heredoc.close + 1
                else:
                    endless.add(heredoc.delimiter)
            waiting.clear()
    return tuple(found)


def _heredoc(match: re.Match[str], word: str) -> Heredoc:
    descriptor = match["descriptor"] or ""
    delimiter = _QUOTING.get().sub(r"\1", word)
    marker = match.start() + len(descriptor)
    return Heredoc(marker, descriptor, delimiter, delimiter == word, bool(match["chomp"]))


def _close(heredoc: Heredoc, text: str, start: int) -> bool:
    """Look for the line that ends a heredoc whose contents begin at `start`."""
    at = start - 1
    delimiter = heredoc.delimiter
    while at >= 0:
        line = at + 1
        if heredoc.chomps:
            while text.startswith("\t", line):
                line += 1
        if text.startswith(delimiter, line):
            after = line + len(delimiter)
            after += text.startswith("\r\n", after)
            if after == len(text) or text[after] == "\n":
                heredoc.start, heredoc.end, heredoc.close = start, at + 1, after
                return True
        at = text.find("\n", line)
    return False
