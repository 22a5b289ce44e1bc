"""Lays out one instruction, and sees that it still reads the same."""

from __future__ import annotations

from dflint.format.cut import cut
from dflint.format.emit import emit
from dflint.format.heredocs import Heredocs
from dflint.format.layout import Layout
from dflint.format.same import Expected, read_again, reads_same
from dflint.format.tidy import is_tidy
from dflint.shell.dialect import Dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.format.options import FormatOptions


class LaidOut:
    """What became of the instructions of a file that is laid out again and again.

    It is for one set of options; what is not met again is forgotten the next time.
    """

    __slots__ = ("_known", "_met", "options")

    def __init__(self, options: FormatOptions) -> None:
        self.options = options
        self._known: dict[Hashable, tuple[str, Expected]] = {}
        self._met: dict[Hashable, tuple[str, Expected]] = {}

    def begin(self) -> None:
        """Go through the file once more."""
        self._known, self._met = self._met, {}

    def get(self, key: Hashable) -> tuple[str, Expected] | None:
        """What is known of an instruction."""
        found = self._known.get(key)
        if found is not None:
            self._met[key] = found
        return found

    def keep(self, key: Hashable, result: tuple[str, Expected]) -> None:
        """Know it the next time."""
        self._met[key] = result


class InstructionFormatter:
    """Lays out the instructions of a file; `notes` says which could not be.

    With `known` it takes what was made of instructions that are written and read alike.
    """

    def __init__(
        self,
        escape: str,
        shells: Shells,
        options: FormatOptions,
        newline: str,
        known: LaidOut | None = None,
    ) -> None:
        self._known = None if options.heredocs else known
        self._options = options
        self._newline = newline
        self._escape = escape
        self._shells = shells
        self._heredocs = Heredocs(options)
        self.notes: list[str] = []

    def format(self, instruction: Instruction, whole: str) -> tuple[str, Expected]:
        """The text of an instruction from its first line on, and what is read there.

        `whole` is that text before. It comes back where nothing is to be done or can be.
        """
        if is_tidy(instruction, whole, self._options):
            return whole, Expected(instruction.line)
        known = self._known
        if known is None:
            return self._format(instruction, whole)
        is_posix = self._shells.is_posix(instruction)
        key = (whole, is_posix, self._escape, self._newline)
        found = known.get(key)
        if found is None:
            notes = len(self.notes)
            found = self._format(instruction, whole)
            if len(self.notes) == notes:  # a note names the line
                known.keep(key, found)
        return found

    def _format(self, instruction: Instruction, whole: str) -> tuple[str, Expected]:
        line = instruction.line
        source = line.source
        body_start = line.bodies[0][0] if line.bodies else line.stop
        head, bodies = source[line.start : body_start], source[body_start : line.stop]
        if bodies:
            bodies = self._laid_out_bodies(instruction)
        for reads_shell in (True, False):
            made = self._laid_out(instruction, head, reads_shell)
            if made is None:
                return whole, Expected(line)
            made += bodies
            if made == whole:
                return whole, Expected(line)
            again = read_again(made, 0, self._escape)
            if again.line.stop == len(made) and reads_same(instruction, again):
                return made, Expected(again.line)
        number = source.count("\n", 0, line.start) + 1
        self.notes.append(f"line {number}: left as it is, as it would read otherwise")
        return whole, Expected(line)

    def _laid_out(self, instruction: Instruction, head: str, reads_shell: bool) -> str | None:
        """The lines of an instruction that are no heredoc's; None if it is to be left."""
        pieces = cut(instruction, lambda: reads_shell and self._shells.is_posix(instruction))
        if pieces is None:
            return None
        Layout(pieces, self._options).arrange()
        made = emit(pieces, self._options, self._escape).replace("\n", self._newline)
        return made + self._newline if head.endswith("\n") else made

    def _laid_out_bodies(self, instruction: Instruction) -> str:
        if not self._options.heredocs:
            line = instruction.line
            return line.source[line.bodies[0][0] : line.stop]
        if self._heredocs.note is not None and self._heredocs.note not in self.notes:
            self.notes.append(self._heredocs.note)
        return self._heredocs.text(instruction, self._shells.dialect(instruction))


class Shells:
    """The shells of the instructions of a file, told when somebody asks.

    `tree` gives the file; it is None where every shell is one of POSIX.
    """

    def __init__(self, tree: Callable[[], Dockerfile] | None) -> None:
        self._tree = tree
        self._dialects: dict[int, Dialect] = {}

    def is_posix(self, instruction: Instruction) -> bool:
        """Whether the shell form of an instruction is read by a shell of POSIX."""
        return self._tree is None or self.dialect(instruction).is_posix

    def dialect(self, instruction: Instruction) -> Dialect:
        """The language of the shell form of an instruction."""
        if self._tree is None:
            return Dialect.SH
        if not self._dialects:
            from dflint.semantic.stage_shell import stage_shells

            shells = stage_shells(self._tree())
            self._dialects = {one.line.start: shell.dialect for one, shell in shells.items()}
        return self._dialects[instruction.line.start]
