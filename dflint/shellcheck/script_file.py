"""A script as a file for ShellCheck, and the way back from its lines and columns."""

from __future__ import annotations

from dflint.text.lines import LineIndex
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.semantic.made_directories import MadeDirectories
    from dflint.semantic.programs import Program
    from dflint.shell.script import Script
    from dflint.shell.splitting import Splitting

#: Bytes that are no UTF-8 stand as lone surrogates; ShellCheck is given a letter for each.
_LETTERS = {surrogate: "x" for surrogate in range(0xDC80, 0xDD00)}


class ScriptFile:
    """A script behind a `#!` line that tells its shell, and a line that sets what is set.

    `content` is what ShellCheck gets. Scripts with equal contents have equal findings.
    """

    __slots__ = (
        "_directories",
        "_inserted",
        "_lines",
        "_lists",
        "_make_directories",
        "_names",
        "_program",
        "_skipped",
        "_splitting",
        "content",
        "script",
        "shell",
    )

    def __init__(
        self,
        program: Program,
        shell: str,
        options: tuple[str, ...],
        names: tuple[str, ...],
        directories: Callable[[], MadeDirectories],
    ) -> None:
        script = program.script.shell_text
        self.shell = shell
        self._directories: MadeDirectories | None = None
        self._make_directories = directories
        self._program = program
        self.script = script
        text = script.text if script.text.isascii() else script.text.translate(_LETTERS)
        # A `#!` line of its own gives way to ours, which stands in the same place.
        self._skipped = 0
        if text.startswith("#!"):
            self._skipped = len(text) if "\n" not in text else text.index("\n") + 1
        lines = [f"#!/bin/{shell}\n"]
        body = text[self._skipped :]
        settings = list(options)
        if names:
            settings.append("export " + " ".join(f"{name}=1" for name in names))
        head = _directives_end(body) if settings else 0
        inserted = "; ".join(settings) + "\n" if settings else ""
        #: Where the settings stand: the line's number in the file, 0 without.
        self._inserted = 0
        if inserted:
            self._inserted = 2 + body.count("\n", 0, head)
        self.content = "".join((*lines, body[:head], inserted, body[head:], "\n"))
        self._lines: LineIndex | None = None
        self._names = names
        self._lists: dict[frozenset[str], frozenset[Span]] = {}
        self._splitting: Splitting | None = None

    def place(self, line: int, column: int, end_line: int, end_column: int) -> tuple[int, int]:
        """The place in the script's text; (-1, -1) for what is not its own text."""
        start = self._offset(line, column)
        end = self._offset(end_line, end_column)
        if start is None or end is None:
            return -1, -1
        text = self.script.text
        size = len(text)
        start = min(start, size)
        end = max(min(end, size), start)
        if start == end:
            # A place between two characters is shown at one of them.
            if end < size and text[end] != "\n":
                end += 1
            elif start > 0:
                start -= 1
        return start, end

    def edit_span(
        self, line: int, column: int, end_line: int, end_column: int, begins: bool
    ) -> Span | None:
        """The place in the Dockerfile of what is to be replaced; None of what is not in it.

        What stands at one place only is put before the character there where it `begins`
        something, else behind the one before it: continuations may lie between the two.
        """
        start = self._offset(line, column)
        end = self._offset(end_line, end_column)
        if start is None or end is None or not start <= end <= len(self.script.text):
            return None
        if start < end:
            return self.script.source_span(start, end)
        if begins:
            at = self.script.source_span(start, start + 1).start
        else:
            at = self.script.source_span(start - 1, start).end if start else 0
        return Span(at, at) if start or begins else None

    def lists(self, programs: frozenset[str]) -> frozenset[Span]:
        """The arguments, as places in the Dockerfile, of all commands that run these programs."""
        found = self._lists.get(programs)
        if found is None:
            found = self._lists[programs] = frozenset(
                word.span
                for command in self.parsed.commands_named(*programs)
                for word in command.arguments
            )
        return found

    @property
    def splitting(self) -> Splitting:
        """What is known of its expansions."""
        if self._splitting is None:
            from dflint.shell.splitting import Splitting

            self._splitting = Splitting(self.parsed, frozenset(self._names))
        return self._splitting

    @property
    def directories(self) -> MadeDirectories:
        """The directories that it can rely on."""
        if self._directories is None:
            self._directories = self._make_directories()
        return self._directories

    @property
    def parsed(self) -> Script:
        """The script as a program."""
        return self._program.script

    def _offset(self, line: int, column: int) -> int | None:
        """The offset in the script of a line and column of the file, both from 1."""
        if line <= 1 or line == self._inserted:
            return None
        line -= 1 if line < self._inserted or not self._inserted else 2
        if self._lines is None:
            self._lines = LineIndex(self.script.text[self._skipped :])
        if line > self._lines.count:
            return len(self.script.text)
        return self._skipped + self._lines.offset(line, column)


def _directives_end(body: str) -> int:
    """Where the comments end that stand before the first command.

    ShellCheck takes directives there for the whole script, and they must stay there.
    """
    if not body.lstrip().startswith("#"):
        return 0
    at = 0
    while at < len(body):
        close = body.find("\n", at) + 1
        line = body[at:close].strip()
        if not close or (line and not line.startswith("#")):
            break
        at = close
    return at
