"""The heredocs of an instruction; only on request is anything done to them."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.cst.parser.heredoc_words import heredoc_of
from dflint.shell.dialect import dialect_of_heredoc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.format.options import FormatOptions
    from dflint.shell.dialect import Dialect

NO_PROGRAM = "heredocs are left as they are: there is no `shfmt` (pip install 'dflint[shfmt]')"


class Heredocs:
    """Lays out heredocs that are the whole script of a RUN; `note` says why it does not."""

    __slots__ = ("_options", "_program", "note")

    def __init__(self, options: FormatOptions) -> None:
        self._options = options
        self._program: str | None = None
        self.note: str | None = None
        if options.heredocs:
            from dflint.format.shfmt import find_shfmt

            self._program = find_shfmt()
            self.note = NO_PROGRAM if self._program is None else None

    def text(self, instruction: Instruction, dialect: Dialect) -> str:
        """The heredocs of an instruction, with the lines that end them."""
        line = instruction.line
        start = line.bodies[0][0]
        whole = line.source[start : line.stop]
        if self._program is None or len(line.bodies) > 1 or not isinstance(instruction, Run):
            return whole
        marker = line.markers[0]
        # Of `<<-` every line may begin with tabs that are not the script's.
        is_script = heredoc_of(instruction.reading.arguments[0]) is not None
        if marker.chomp or not is_script or "\r" in whole:
            return whole
        from dflint.format.shfmt import format_script

        _, close, end = line.bodies[0]
        body = line.source[start:close]
        if not body.strip():
            return whole  # of nothing `shfmt` makes an empty line
        dialect = dialect_of_heredoc(body, dialect)
        made = format_script(self._program, body, dialect, self._options)
        if marker.name in made.split("\n"):
            return whole
        return made + line.source[close:end]
