"""The programs of RUN that no shell can read, with the place and the reason."""

from __future__ import annotations

from dflint.shell.dialect import Dialect
from dflint.shell.words import PartKind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.semantic.programs import Program
    from dflint.shell.script import Script
    from dflint.text.span import Span

_JUDGED = (Dialect.SH, Dialect.ASH, Dialect.BASH)
# What only `cmd` expands, paths with a drive, and what sets variables there.
_OF_CMD = LazyPattern(r"%\w++%|\b[A-Za-z]:\\|\bsetx\b")
# The grammar takes these for names of commands where they are misplaced.
_CLOSING = ("then", "elif", "else", "fi", "do", "done", "esac", "}")


def unreadable_programs(programs: Sequence[Program]) -> Iterator[tuple[Span, str]]:
    """Those in which the grammar finds an error and the shell's own rules say which."""
    for program in programs:
        script = program.script
        if (
            script.is_plain
            or program.is_exec_form
            or program.dialect not in _JUDGED
            or not script.is_readable
        ):
            continue
        if program.is_readable and not _has_misplaced(script):
            continue
        if program.parent is not None and not _is_exact(program):
            continue
        if _is_for_cmd(program):
            continue
        from dflint.shell.syntax import find_fault

        fault = find_fault(script.text)
        if fault is not None:
            yield script.source_span(fault.start, fault.end), fault.reason


def _is_for_cmd(program: Program) -> bool:
    """Whether a script is for Windows' `cmd`, on a base that only a build argument names."""
    return not program.base_image and _OF_CMD.get().search(program.script.text) is not None


def _has_misplaced(script: Script) -> bool:
    if script.mentions(*_CLOSING):
        for command in script.commands:
            if command.name_value in _CLOSING or command.program in _CLOSING:
                return True
    return False


def _is_exact(program: Program) -> bool:
    """Whether an inner program is the text that stands there: nothing is put into it before."""
    text = program.script.text
    if "$" not in text and "`" not in text:
        return True
    assert program.caller is not None
    span = program.script.source_span(0, len(text))
    return any(
        part.kind is PartKind.SINGLE_QUOTED
        for word in program.caller.arguments
        if word.span.start <= span.start <= word.span.end
        for part in word.parts
    )
