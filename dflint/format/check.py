"""Whether a file is formatted, told at the first thing that is not.

What most files have is seen to at first sight: a pattern passes over lines that are laid out
already, and the instructions that it stops at are looked at in the order of what that costs,
scripts last. What is told is what `format_source` would tell.
"""

from __future__ import annotations

from dflint.cst.instructions import Arg, From, Shell
from dflint.cst.parser.build import escape_of, instruction_on, parse
from dflint.cst.parser.logical_lines import directives_end, logical_lines
from dflint.format.formatter import (
    Formatter,
    format_source,
    has_mixed_ends,
    indent_before,
    line_end,
)
from dflint.format.instruction import InstructionFormatter, Shells
from dflint.format.regions import MARK, Regions
from dflint.format.same import has_open_heredoc
from dflint.format.tidy import is_plainly_other, tidy_lines
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.format.options import FormatOptions
    from dflint.text.source import Source

#: What can make a shell another one than that of POSIX.
_FOREIGN = ("windows", "servercore", "nanoserver", "ltsc20", "microsoft", "winamd64")
_SCRIPTS = frozenset(("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"))


def is_formatted(source: Source, options: FormatOptions, is_many: bool = False) -> bool:
    """Whether `format_source` would change nothing; of many files it is told faster."""
    text = source.text
    if source.encoding_problem or not text:
        return True
    is_odd = has_mixed_ends(text) or text.rstrip()[-1:] in ("\\", "`")
    if is_odd or text.strip() == "\ufeff":
        return not format_source(source, options).changed
    has_marks = MARK in text or options.heredocs
    if not has_marks and _is_other_at_sight(text, options):
        return False
    found = None if has_marks else _Check(text, options, is_many).is_formatted()
    return Formatter(source, options, None).is_formatted() if found is None else found


def _is_other_at_sight(text: str, options: FormatOptions) -> bool:
    """Whether a file lacks its line end or has too many empty lines; false says nothing."""
    last = text[-1]
    lacks_end = options.final_newline and not (last.isspace() or last in "\\`")
    if not lacks_end and "\n\n\n" not in text:
        return False
    return "<<" not in text and (lacks_end or _has_gap(text))


def _has_gap(text: str) -> bool:
    """Whether more than one empty line stands below the end of an instruction."""
    at = text.find("\n\n\n")
    while at > 0:
        line = text[text.rfind("\n", 0, at) + 1 : at].strip()
        if line and line[0] != "#" and line[-1] not in "\\`":
            return True
        at = text.find("\n\n\n", at + 3)
    return False


class _Check:
    """Looks at one text that has no comments for the formatter."""

    def __init__(self, text: str, options: FormatOptions, is_many: bool) -> None:
        self.text = text
        self.options = options
        self.is_many = is_many
        self.newline = line_end(text)
        self.top = 1 if text.startswith("\ufeff") else 0
        spans, self.start = directives_end(text, self.top)
        self.escape = escape_of(text, spans)
        self.sets_shells = False
        self.scripts: list[tuple[Instruction, str]] = []
        self._names_foreign: bool | None = None

    def is_formatted(self) -> bool | None:
        """Whether it is; None if that cannot be told in this way."""
        found = self._are_others_formatted()
        if not found or not self.scripts:
            return found
        text = self.text
        is_foreign = self.sets_shells or self._is_foreign()
        shells = Shells((lambda: parse(text)) if is_foreign else None)
        if is_foreign and any(
            is_plainly_other(*one, self.options, shells.is_posix) for one in self.scripts
        ):
            return False
        instructions = InstructionFormatter(self.escape, shells, self.options, self.newline)
        self.scripts.sort(key=_size)
        return all(instructions.format(one, given)[0] == given for one, given in self.scripts)

    def _are_others_formatted(self) -> bool | None:
        """The same for all but scripts, which are put by."""
        text, top, at = self.text, self.top, self.start
        regions = Regions(text, self.newline)
        instructions = InstructionFormatter(self.escape, Shells(None), self.options, self.newline)
        skip = None
        if self.newline == "\n":
            skip = tidy_lines(self.options, self.escape, self.is_many)
        size = len(text)
        while at < size:
            if skip is not None and (at > top or text[at] != "\n"):
                found = skip.match(text, at)
                at = found.end() if found else at
            line = next(logical_lines(text, at, self.escape), None)
            if line is None:
                break
            instruction = instruction_on(line)
            if has_open_heredoc(line):
                return None
            above, _ = regions.lines_above(line.above, line.start, True, line.above == top)
            start = line.start - indent_before(text, line.start, line.above)
            if above != text[line.above : start]:
                return False
            at = line.stop
            given = text[start:at]
            self.sets_shells = self.sets_shells or _decides_on_shells(instruction)
            if instruction.KEYWORD in _SCRIPTS:
                if is_plainly_other(instruction, given, self.options, self._is_surely_posix):
                    return False
                self.scripts.append((instruction, given))
            elif self._is_other(instructions, instruction, given):
                return False
        return self._is_end_formatted(regions, at)

    def _is_surely_posix(self, run: Instruction) -> bool:
        """Whether nothing up to a RUN may have given it another shell."""
        return not self.sets_shells and not self._is_foreign()

    def _is_foreign(self) -> bool:
        if self._names_foreign is None:
            self._names_foreign = contains_any(self.text.lower(), _FOREIGN)
        return self._names_foreign

    def _is_other(
        self, instructions: InstructionFormatter, instruction: Instruction, given: str
    ) -> bool:
        if is_plainly_other(instruction, given, self.options, _is_posix):
            return True
        return instructions.format(instruction, given)[0] != given

    def _is_end_formatted(self, regions: Regions, at: int) -> bool:
        text = self.text
        rest = text[at:]
        made = regions.lines_below(at, True, at == self.top) if rest else ""
        if not text.endswith("\n"):
            return not self.options.final_newline and made.removesuffix(self.newline) == rest
        return made == rest


def _is_posix(instruction: Instruction) -> bool:
    return True


def _size(script: tuple[Instruction, str]) -> int:
    return len(script[1])


def _decides_on_shells(instruction: Instruction) -> bool:
    """Whether it may set another shell; where lines are joined, names cannot be searched for."""
    kind = type(instruction)
    return kind is Shell or (kind in (From, Arg) and len(instruction.line.pieces) > 1)
