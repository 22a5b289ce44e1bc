"""The shell programs that a RUN gives to its shell."""

from __future__ import annotations

from dflint.cst.parser.heredoc_words import heredoc_of
from dflint.semantic.occurrences import Occurrence
from dflint.shell.dialect import dialect_of_heredoc
from dflint.shell.script import Script, read_heredoc, read_shell_form
from dflint.shell.shell_text import compose, joined_lines
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction, Run
    from dflint.cst.reading import Reading
    from dflint.semantic.stage_shell import StageShell
    from dflint.shell.dialect import Dialect


def run_script(run: Run, shell: StageShell) -> Script | None:
    """The program of a RUN in shell form; None without one that a POSIX shell reads."""
    found = shell_form_script(Occurrence(run, run.reading), shell.dialect)
    return found[0] if found is not None else None


def shell_form_script(occurrence: Occurrence, dialect: Dialect) -> tuple[Script, Dialect] | None:
    """The program of a RUN in shell form, or of ONBUILD's, and the dialect that it is in.

    None without one that a POSIX shell reads. For `RUN <<EOF` it is the heredoc's body, and a
    shebang tells its dialect.
    """
    reading = occurrence.reading
    if reading.is_json or not reading.arguments or not dialect.is_posix:
        return None
    line = occurrence.instruction.line
    if line.memo is None:
        line.memo = (_read(occurrence.instruction, reading, dialect),)
    script: Script | None = line.memo[0]
    if script is None:
        return None
    if script.text.startswith("#!") and line.markers:
        dialect = dialect_of_heredoc(script.text, dialect)
    return script, dialect


def exec_form_script(occurrence: Occurrence) -> Script | None:
    """The command of a RUN in exec form, written as a shell would be given it."""
    instruction, reading = occurrence.instruction, occurrence.reading
    pieces: list[tuple[str, int]] = []
    for value, (begin, end) in zip(reading.arguments, reading.places, strict=True):
        start = instruction.line.offset(begin)
        if pieces:
            pieces.append((" ", start))
        close = instruction.line.offset_after(end) - 1
        raw = instruction.line.text[begin + 1 : end - 1]
        is_plain = value and raw == value and _PLAIN.get().fullmatch(value) is not None
        if is_plain:
            pieces += _runs(instruction, begin + 1, end - 1)
        else:
            pieces.append(("'", start))
            if raw == value and "'" not in value:
                pieces += _runs(instruction, begin + 1, end - 1)
            else:
                pieces += _escaped(instruction, value, begin + 1, end - 1)
            pieces.append(("'", close))
    return Script(compose(pieces)) if pieces else None


_PLAIN = LazyPattern(r"[A-Za-z0-9_./:=@%,+-]++")


def _runs(instruction: Instruction, begin: int, end: int) -> Iterator[tuple[str, int]]:
    """The characters of a place in the joined text, with their offsets in the file."""
    line = instruction.line
    if len(line.pieces) < 2:  # all of it stands on one line
        if begin < end:
            yield line.text[begin:end], line.offset(begin)
        return
    at = begin
    for index in range(begin + 1, end + 1):
        if index == end or line.offset(index) != line.offset(index - 1) + 1:
            yield line.text[at:index], line.offset(at)
            at = index


def _escaped(
    instruction: Instruction, value: str, begin: int, end: int
) -> Iterator[tuple[str, int]]:
    """A JSON string's value in single quotes, each character at the end of what stands for it."""
    line = instruction.line
    at = begin
    for character in value:
        if line.text[at] == "\\" and at + 1 < end:
            at += 6 if line.text[at + 1] == "u" else 2
        else:
            at += 1
        offset = line.offset(min(at, end) - 1)
        yield ("'\\''" if character == "'" else character), offset


def _read(instruction: Instruction, reading: Reading, dialect: Dialect) -> Script | None:
    line = instruction.line
    if line.markers and heredoc_of(reading.arguments[0]) is not None:
        start, end, _ = line.bodies[0]
        body = line.source[start:end]
        if not dialect_of_heredoc(body, dialect).is_posix:
            return None
        return read_heredoc(body, start, line.markers[0].chomp)
    head = reading.head
    if not line.markers:
        return Script(joined_lines(line.text, line.pieces, head.arguments, head.end))
    start = line.offset(head.arguments)
    return read_shell_form(line.source[start : line.stop], start, line.escape)
