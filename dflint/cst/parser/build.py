"""Builds the tree: the class of each instruction, its heredocs, and what is wrong with it."""

from __future__ import annotations

from dflint.cst.dockerfile import Dockerfile
from dflint.cst.instructions import (
    Add,
    BadInstruction,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    HealthCheck,
    Instruction,
    Label,
    OnBuild,
    Run,
    Shell,
    UnknownInstruction,
    Volume,
    class_of,
)
from dflint.cst.parser.head import (
    command_start,
    head_of,
    keyword_of,
    split_legacy_pair,
    split_words,
)
from dflint.cst.parser.json_array import is_foreign_array, is_string_array
from dflint.cst.parser.logical_lines import LogicalLine, directives_end, logical_lines
from dflint.cst.parser.patterns import rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.cst.directives import ParserDirective
    from dflint.cst.trivia import Comment, EmptyLine

#: The keywords whose instructions may have heredocs.
_HEREDOCS = frozenset(("run", "copy", "add"))


def parse(text: str) -> Dockerfile:
    """The tree of any text: it never fails, and `parse(text).code == text`.

    An instruction that no builder can read becomes a BadInstruction, an unknown one an
    UnknownInstruction; `dflint.cst.problems` says what is wrong with them.
    """
    bom, directives, escape, at = begin(text)
    instructions: list[Instruction] = []
    for line in logical_lines(text, at, escape):
        instructions.append(instruction_on(line))
        at = line.stop
    return end(text, at, bom, directives, instructions)


def begin(text: str) -> tuple[str, tuple[ParserDirective, ...], str, int]:
    """The byte order mark, the parser directives, the escape character, and where they end."""
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    spans, at = directives_end(text, len(bom))
    directives = tuple(_directive(text, start, stop) for start, stop in spans)
    return bom, directives, _escape(directives), at


def end(
    text: str,
    at: int,
    bom: str,
    directives: tuple[ParserDirective, ...],
    instructions: Iterable[Instruction],
) -> Dockerfile:
    """The tree of a text whose last instruction ends at an offset."""
    footer = _lines_above(text, at) if at < len(text) else ()
    return Dockerfile(bom, directives, tuple(instructions), footer)


def _lines_above(text: str, at: int) -> tuple[Comment | EmptyLine, ...]:
    from dflint.cst.parser.trivia import lines_above

    return lines_above(text, at, len(text))


def _directive(text: str, start: int, end: int) -> ParserDirective:
    from dflint.cst.directives import ParserDirective

    pieces = []
    at = start
    for name in ("marker", "name", "equals", "value"):
        found = rule("directive_" + name).match(text, at, end)
        close = found.end() if found else at
        pieces.append(text[at:close])
        at = close
    rest = text[at:end]
    newline = rest[len(rest.rstrip("\r\n")) :]
    marker, name, equals, value = pieces
    trailing = rest[: len(rest) - len(newline)]
    return ParserDirective(marker, name, equals, value, trailing, newline)


def escape_of(text: str, spans: list[tuple[int, int]]) -> str:
    """The escape character that the parser directives at some places of a text make."""
    if not spans:
        return "\\"
    return _escape(_directive(text, start, end) for start, end in spans)


def _escape(directives: Iterable[ParserDirective]) -> str:
    for directive in directives:
        if directive.name.lower() == "escape":
            # Of a value that builders refuse, the first character is the best guess.
            return "`" if directive.value.startswith("`") else "\\"
    return "\\"


def instruction_on(line: LogicalLine) -> Instruction:
    """The instruction on a logical line; reads its heredocs, moving the line's `stop`."""
    text = line.text
    keyword_end = text.find(" ")
    cls = class_of(text[:keyword_end]) if keyword_end > 0 else None
    if cls is None:
        keyword_end = head_of(text, 0, line.escape).keyword_end
        cls = class_of(keyword_of(text))
        if cls is None:
            return UnknownInstruction.from_line(line)
    if "<<" in text:
        attach_heredocs(line)
    check = _READABLE.get(cls)
    if check is not None and not check(text, 0, keyword_end, line.escape):
        cls = BadInstruction
    return cls.from_line(line)


def attach_heredocs(line: LogicalLine) -> None:
    """Take the heredoc bodies behind the line, when its instruction may have any."""
    text = line.text
    start = 0
    keyword = keyword_of(text)
    if keyword == "onbuild":
        start = head_of(text, 0, line.escape).arguments
        keyword = keyword_of(text, start)
    if keyword not in _HEREDOCS:
        return
    head = head_of(text, start, line.escape)
    if not is_string_array(text[head.arguments : head.end]):
        from dflint.cst.parser.heredoc_words import heredoc_markers

        markers = heredoc_markers(text)
        if markers:
            line.read_heredocs(markers)


def _has_readable_array(text: str, start: int, keyword_end: int, escape: str) -> bool:
    """Whether the arguments, if they are a JSON array, hold strings only."""
    first = text[keyword_end + 1 : keyword_end + 2]
    if "!" <= first <= "~" and first not in "[-":
        return True  # By far the most: one blank, and no flag.
    head = head_of(text, start, escape)
    return not is_foreign_array(text[head.arguments : head.end])


def _has_readable_check(text: str, start: int, keyword_end: int, escape: str) -> bool:
    """Whether HEALTHCHECK's command, if it is a JSON array, holds strings only."""
    del keyword_end
    head = head_of(text, start, escape)
    begin = command_start(text, head.arguments)
    return not is_foreign_array(text[begin : head.end])


def _has_readable_pairs(text: str, start: int, keyword_end: int, escape: str) -> bool:
    """Whether the arguments of ENV or LABEL are pairs."""
    rest = text[keyword_end:]
    if rest.isascii() and '"' not in rest and "'" not in rest and escape not in rest:
        words = rest.split()
        if not words:
            return True
        if words[0][0] != "-":
            if "=" in words[0]:
                return len(words) == 1 or all(["=" in word for word in words])
            return len(words) > 1
    head = head_of(text, start, escape)
    return pairs_problem(text, head.arguments, head.end, escape) is None


def _has_readable_trigger(text: str, start: int, keyword_end: int, escape: str) -> bool:
    """Whether the instruction behind ONBUILD is readable."""
    del keyword_end
    begin = head_of(text, start, escape).arguments
    keyword = keyword_of(text, begin)
    check = _READABLE.get(class_of(keyword) or UnknownInstruction)
    return check is None or check(text, begin, begin + len(keyword), escape)


_READABLE: dict[type[Instruction], Callable[[str, int, int, str], bool]] = {
    Run: _has_readable_array,
    Cmd: _has_readable_array,
    Entrypoint: _has_readable_array,
    Shell: _has_readable_array,
    Volume: _has_readable_array,
    Add: _has_readable_array,
    Copy: _has_readable_array,
    HealthCheck: _has_readable_check,
    Env: _has_readable_pairs,
    Label: _has_readable_pairs,
    OnBuild: _has_readable_trigger,
}


def pairs_problem(text: str, start: int, end: int, escape: str) -> tuple[int, int] | None:
    """The span of what keeps the arguments of ENV or LABEL from being pairs, or None.

    No arguments at all are no problem of the parser.
    """
    words = split_words(text, start, end, escape)
    if not words:
        return None
    if "=" not in text[words[0][0] : words[0][1]]:
        return words[0] if split_legacy_pair(text, start, end) is None else None
    for begin, close in words:
        if "=" not in text[begin:close]:
            return begin, close
    return None
