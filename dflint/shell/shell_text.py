"""What a shell reads of a Dockerfile, and where each character of it stands there.

The builder joins the lines of an instruction before a shell sees them (Dockerfile reference,
"Format" and "escape"). A grammar for shells cannot be given the lines as they stand: a word may
go on over a continuation, and a comment of the shell runs on to the end of the *joined* line.
So the text is joined as the builder joins it, and the way back is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What the builder trims and takes for a blank line: Unicode's white space, as Go knows it.
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TRIMMED = _BLANKS.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))

# The escape character at the end of a line, the line's end, and the blank lines and comment
# lines that follow and that the builder leaves out. Where an escape character stands before it,
# it is none.
_CONTINUATION = r"""
    {escape} [ \t]*+ \r*+
    (?: \n (?: [{blanks}]*+ (?: \# [^\n]*+ )? (?: \n | \Z ) )*+ | \Z )
"""
_INNER_BLANKS = _BLANKS.replace("\n", "").replace(" ", r"\ ")
_BACKTICK = LazyPattern(_CONTINUATION.format(escape="`", blanks=_INNER_BLANKS), re.VERBOSE)
_BACKSLASH = LazyPattern(_CONTINUATION.format(escape=r"\\", blanks=_INNER_BLANKS), re.VERBOSE)

_LEADING_TABS = LazyPattern(r"^\t++", re.MULTILINE)


class ShellText:
    """A text as the shell reads it, made of pieces of a Dockerfile.

    `text` is what the shell reads. `starts` holds the offset in `text` of each piece, ascending
    and beginning with 0; `shifts` what to add to an offset in that piece to get the offset in
    the Dockerfile.
    """

    __slots__ = ("_shifts", "_starts", "text")

    def __init__(self, text: str, starts: list[int], shifts: list[int]) -> None:
        self.text = text
        self._starts = starts
        self._shifts = shifts

    def source_offset(self, offset: int) -> int:
        """Where the character at `offset` of `text` stands in the Dockerfile."""
        return offset + self._shifts[bisect_right(self._starts, offset) - 1]

    def source_span(self, start: int, end: int) -> Span:
        """Give the Dockerfile's characters from that of `start` to that before `end`.

        Continuations and comment lines between two of them are inside the span, those before
        the first and after the last are not.
        """
        starts, shifts = self._starts, self._shifts
        if len(starts) == 1:
            first = start + shifts[0]
            return Span(first, end + shifts[0] if end > start else first)
        index = bisect_right(starts, start)
        first = start + shifts[index - 1]
        if end <= start:
            return Span(first, first)
        if index < len(starts) and end > starts[index]:
            index = bisect_right(starts, end - 1, index)
        return Span(first, end + shifts[index - 1])

    def pieces(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Give the characters from `start` to `end` in runs, each with its place in the Dockerfile.

        What `compose` makes a text of.
        """
        index = bisect_right(self._starts, start) - 1
        while start < end:
            index += 1
            stop = self._starts[index] if index < len(self._starts) else end
            stop = min(stop, end)
            yield self.text[start:stop], start + self._shifts[index - 1]
            start = stop


def compose(pieces: Iterable[tuple[str, int]]) -> ShellText:
    """Make a text of runs of characters, each with the offset in the Dockerfile of its first.

    A run need not stand there to the letter: an escape may stand for the character that it means.
    """
    starts: list[int] = []
    shifts: list[int] = []
    parts: list[str] = []
    length = 0
    for text, offset in pieces:
        if text:
            starts.append(length)
            shifts.append(offset - length)
            parts.append(text)
            length += len(text)
    return ShellText("".join(parts), starts, shifts) if parts else ShellText("", [0], [0])


def joined_lines(text: str, pieces: list[tuple[int, int]], begin: int, end: int) -> ShellText:
    """Give a part of lines that are joined already.

    `text` are the joined lines, `begin` and `end` offsets into it; `pieces` are the offset in the
    text and in the Dockerfile of each line.
    """
    if len(pieces) == 1:
        return ShellText(text[begin:end], [0], [pieces[0][1] - pieces[0][0] + begin])
    starts = [0]
    shifts = [0]
    for at, source in pieces:
        if at <= begin:
            shifts[0] = source - at + begin
        elif at < end:
            starts.append(at - begin)
            shifts.append(source - at + begin)
    return ShellText(text[begin:end], starts, shifts)


def join_lines(body: str, base: int = 0, escape: str = "\\") -> ShellText:
    """Give the shell form of an instruction as the builder gives it to the shell.

    `body` is the argument as it stands in the Dockerfile, `base` its offset there, `escape` the
    file's escape character. Lines are joined up to the first line that is not continued; what
    follows that line are the bodies of heredocs, which the shell reads as they stand.
    """
    if "\n" not in body and not body.rstrip(_TRIMMED).endswith(escape):
        text = body.lstrip(_TRIMMED)
        return ShellText(text.rstrip(_TRIMMED), [0], [base + len(body) - len(text)])
    pieces: list[tuple[int, int]] = []
    at = len(body) - len(body.lstrip(_TRIMMED))
    continuation = _BACKTICK if escape == "`" else _BACKSLASH
    for match in continuation.get().finditer(body, at):
        begin = match.start()
        if begin > 0 and body[begin - 1] == escape:
            continue
        if body.find("\n", at, begin) >= 0:
            break
        pieces.append((at, begin))
        at = match.end()
    line_end = body.find("\n", at)
    if line_end >= 0 and body[line_end:].strip(_TRIMMED):
        pieces += (at, at + len(body[at:line_end].rstrip(_TRIMMED))), (line_end, len(body))
    else:
        pieces.append((at, len(body)))
    joined = _shell_text(body, pieces, base)
    joined.text = joined.text.rstrip(_TRIMMED)
    return joined


def strip_heredoc(body: str, base: int = 0, chomp: bool = False) -> ShellText:
    """Give a heredoc's body as the shell reads it.

    `chomp` is for `<<-`: tabs at the beginning of each line go. Nothing else is touched; in a
    heredoc the builder neither joins lines nor drops comments.
    """
    if not chomp:
        return ShellText(body, [0], [base])
    pieces: list[tuple[int, int]] = []
    at = 0
    for match in _LEADING_TABS.get().finditer(body):
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, len(body)))
    return _shell_text(body, pieces, base)


def _shell_text(body: str, pieces: list[tuple[int, int]], base: int) -> ShellText:
    starts: list[int] = []
    shifts: list[int] = []
    parts: list[str] = []
    length = 0
    for start, end in pieces:
        if start < end:
            starts.append(length)
            shifts.append(base + start - length)
            parts.append(body[start:end])
            length += end - start
    if not parts:
        return ShellText("", [0], [base])
    return ShellText("".join(parts), starts, shifts)
