"""The shell programs that a RUN gives to its shell."""

from __future__ import annotations

from dflint.cst.parser.heredoc_words import heredoc_of
from dflint.shell.dialect import dialect_of_heredoc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Run
    from dflint.semantic.stage_shell import StageShell
    from dflint.shell.dialect import Dialect
    from dflint.shell.script import Script


def run_script(run: Run, shell: StageShell) -> Script | None:
    """The program of a RUN in shell form; None without one that a POSIX shell reads.

    For `RUN <<EOF` it is the heredoc's body, unless a shebang names another interpreter.
    """
    reading = run.reading
    dialect = shell.dialect
    if reading.is_json or not reading.arguments or not dialect.is_posix:
        return None
    known = run.line.memo
    if known is None:
        known = run.line.memo = (_read(run, dialect),)
    script: Script | None = known[0]
    return script


def _read(run: Run, dialect: Dialect) -> Script | None:
    from dflint.shell.script import read_heredoc, read_shell_form

    line = run.line
    reading = run.reading
    if line.markers and heredoc_of(reading.arguments[0]) is not None:
        start, end, _ = line.bodies[0]
        body = line.source[start:end]
        if not dialect_of_heredoc(body, dialect).is_posix:
            return None
        return read_heredoc(body, start, line.markers[0].chomp)
    start = line.offset(reading.head.arguments)
    end = line.stop if line.markers else line.end
    return read_shell_form(line.source[start:end], start, line.escape)
