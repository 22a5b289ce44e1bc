"""Lays out a file, or some of its lines, without changing what it means.

Each instruction is laid out by itself and read again; one that no longer reads the same stays as
it was, which would be a bug of ours. In the end the whole is read again, too.
"""

from __future__ import annotations

from dflint.cst.parser.build import parse
from dflint.format.instruction import InstructionFormatter, LaidOut, Shells
from dflint.format.regions import Regions
from dflint.format.same import Expected, comments_of, has_open_heredoc, is_same_file
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.format.options import FormatOptions


class FormatResult:
    """What came of formatting: the text, whether it differs, and what there is to say.

    `tree` is that of a text that differs, where it was read.
    """

    __slots__ = ("changed", "notes", "text", "tree")

    text: str
    changed: bool
    notes: tuple[str, ...]
    tree: Dockerfile | None

    def __init__(
        self,
        text: str,
        changed: bool,
        notes: tuple[str, ...] = (),
        tree: Dockerfile | None = None,
    ) -> None:
        self.text = text
        self.changed = changed
        self.notes = notes
        self.tree = tree


#: So often a file with two kinds of line ends is laid out at most.
_MOST_ROUNDS = 3


def format_source(
    source: Source,
    options: FormatOptions,
    tree: Dockerfile | None = None,
    known: LaidOut | None = None,
) -> FormatResult:
    """The text of a file, laid out; it never fails.

    `tree` is the file's, where somebody has read it already; `known` what was made of it before.
    """
    result = Formatter(source, options, None, tree, known).result()
    for _ in range(_MOST_ROUNDS):
        if not result.changed or not has_mixed_ends(source.text):
            break
        # With some lines gone, most of the others may end otherwise.
        laid_out = Source(source.path, result.text.encode("utf-8", "surrogateescape"))
        again = Formatter(laid_out, options, None).result()
        if not again.changed:
            break
        result = FormatResult(again.text, again.text != source.text, again.notes, again.tree)
    return result


def format_range(
    source: Source, first_line: int, last_line: int, options: FormatOptions
) -> FormatResult:
    """The same for the instructions that have a line from `first_line` to `last_line`, from 1."""
    return Formatter(source, options, (first_line, last_line)).result()


class Formatter:
    """Formats one text; `expected` is what each instruction was seen to read on the way."""

    def __init__(
        self,
        source: Source,
        options: FormatOptions,
        lines: tuple[int, int] | None,
        tree: Dockerfile | None = None,
        known: LaidOut | None = None,
    ) -> None:
        self.text = source.text
        self.tree = tree
        self.known = known
        self.options = options
        self.encoding_problem = source.encoding_problem
        self.notes: list[str] = []
        self.expected: list[Expected] = []
        self.wanted = None if lines is None else _offsets(self.text, *lines)
        self.newline = line_end(self.text)
        self.is_end_wanted = True

    def result(self) -> FormatResult:
        """Format, and give the result only if all of it reads the same."""
        text = self.text
        if self.encoding_problem:
            return FormatResult(text, False, (f"is {self.encoding_problem}: left as it is",))
        tree = self.tree or parse(text)
        formatted = self._format(tree)
        if formatted == text:
            return FormatResult(text, False, tuple(self.notes))
        after = parse(formatted)
        if not is_same_file(tree, after, self.expected):
            note = "would read otherwise after formatting, a bug of dflint: left as it is"
            return FormatResult(text, False, (*self.notes, note))
        return FormatResult(formatted, True, tuple(self.notes), after)

    def is_formatted(self) -> bool:
        """Whether nothing is to be done, which is told at the first thing that is."""
        if self.encoding_problem:
            return True
        tree = parse(self.text)
        if not self.options.final_newline and not self.text.endswith("\n"):
            return self._format(tree) == self.text
        if any(made != given for made, given in self._parts(tree)):
            return False
        return self._ended(self.text, tree) == self.text

    def _format(self, tree: Dockerfile) -> str:
        return self._ended("".join([made for made, _ in self._parts(tree)]), tree)

    def _parts(self, tree: Dockerfile) -> Iterator[tuple[str, str]]:
        """The parts of the file, each as it is to be and as it is."""
        text = self.text
        top = len(tree.bom)
        at = tree.instructions[0].line.above if tree.instructions else _footer_start(tree, text)
        yield text[:at], text[:at]
        regions = Regions(text, self.newline)
        shells = Shells(lambda: tree)
        if self.known is not None:
            self.known.begin()
        instructions = InstructionFormatter(
            tree.escape, shells, self.options, self.newline, self.known
        )
        for instruction in tree.instructions:
            line = instruction.line
            wanted = self._is_wanted(line.above, line.stop)
            above, is_on = regions.lines_above(line.above, line.start, wanted, line.above == top)
            start = line.start - indent_before(text, line.start, line.above)
            yield above, text[line.above : start]
            given = text[start : line.stop]
            if not is_on or not wanted or regions.is_skipped(comments_of(instruction)):
                made, expected = given, Expected(line)
            else:
                made, expected = instructions.format(instruction, given)
            self.expected.append(expected)
            yield made, given
            at = line.stop
            if has_open_heredoc(line):
                # Where it ends is a guess that goes by how the next lines look.
                self.wanted = (0, 0)
        self.notes += instructions.notes
        wanted = self._is_wanted(min(at, max(len(text) - 1, 0)), len(text))
        if at < len(text):
            yield regions.lines_below(at, wanted, at == top), text[at:]
        self.is_end_wanted = regions.is_on and wanted

    def _ended(self, text: str, tree: Dockerfile) -> str:
        """The text with a line end at its end, or without one, as that is wanted."""
        if not self.is_end_wanted or not text:
            return text
        if not self.options.final_newline and not self.text.endswith("\n"):
            return text.removesuffix(self.newline)
        if text.endswith("\n"):
            return text
        if not tree.footer and tree.instructions and has_open_heredoc(tree.instructions[-1].line):
            return text  # it would be one more character of the heredoc
        return text + self.newline

    def _is_wanted(self, start: int, end: int) -> bool:
        if self.wanted is None:
            return True
        return start < self.wanted[1] and self.wanted[0] < end


def _footer_start(tree: Dockerfile, text: str) -> int:
    return len(text) - sum(len(one.code) for one in tree.footer)


def indent_before(text: str, start: int, above: int) -> int:
    """How many characters stand before the keyword at `start` on its line."""
    return start - max(text.rfind("\n", above, start) + 1, above)


def has_mixed_ends(text: str) -> bool:
    """Whether some lines end in a carriage return and others do not."""
    if "\r" not in text:
        return False
    returns = text.count("\r\n")
    return 0 < returns < text.count("\n")


def line_end(text: str) -> str:
    """The line end that most lines have."""
    if "\r" not in text:
        return "\n"
    returns = text.count("\r\n")
    return "\r\n" if returns * 2 > text.count("\n") else "\n"


def _offsets(text: str, first: int, last: int) -> tuple[int, int]:
    """Where the lines from `first` to `last` begin and end."""
    start = 0
    for _ in range(first - 1):
        start = text.find("\n", start) + 1 or len(text)
    end = start
    for _ in range(last - first + 1):
        end = text.find("\n", end) + 1 or len(text)
    return start, max(end, start + 1)
