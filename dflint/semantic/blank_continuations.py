"""Blank lines in the midst of a continued instruction."""

from __future__ import annotations

from itertools import pairwise

from dflint.cst.instructions import keywords
from dflint.cst.parser.logical_lines import SPACE
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction


def blank_runs(instruction: Instruction) -> list[Span]:
    """List the runs of blank lines in an instruction, line ends included, in order."""
    line = instruction.line
    if len(line.pieces) < 2:
        return []
    source = line.source
    runs: list[Span] = []
    previous, last = line.pieces[0][1], line.pieces[-1][1]
    if source.count("\n", previous, last) < len(line.pieces):
        return runs  # No line between those that are read.
    for _, start in line.pieces[1:]:
        end = source.find("\n", previous, start)
        if end >= 0:
            runs += _blank_runs(source, end + 1, start)
        previous = start
    return runs


def unmeant_continuation(instruction: Instruction, runs: list[Span]) -> Span | None:
    """The escape character, with the blanks before it, of a line that was to be the last one.

    That is one above a run of blank lines below which another instruction begins: a keyword in
    upper case and a blank, which begins no command of a shell.
    """
    line = instruction.line
    source = line.source
    for (_, above), (_, below) in pairwise(line.pieces):
        run = next((one for one in runs if above < one.start < below), None)
        content = source[below : line.end].lstrip(SPACE)
        word, blank, _ = content.partition(" ")
        if run is None or not blank or word not in keywords():
            continue
        end = source.rfind(line.escape, above, run.start) + 1
        kept = source[above : end - 1].rstrip(" \t")
        # A comment between the two may hold the escape character as well.
        if "#" in source[above : run.start] or not kept:
            return None
        return Span(above + len(kept), end)
    return None


def _blank_runs(source: str, at: int, end: int) -> list[Span]:
    """List the runs of blank lines among the comment lines between two offsets."""
    runs: list[Span] = []
    begin = -1
    while at < end:
        close = source.find("\n", at, end) + 1 or end
        is_blank = not source[at:close].strip(SPACE)
        if is_blank and begin < 0:
            begin = at
        elif not is_blank and begin >= 0:
            runs.append(Span(begin, at))
            begin = -1
        at = close
    if begin >= 0:
        runs.append(Span(begin, end))
    return runs
