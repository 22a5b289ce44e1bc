"""The tokens of a document as places in its source, each on one line."""

from __future__ import annotations

import re
from itertools import pairwise

from dflint.cst.instructions import From
from dflint.text.span import Span
from dflint_lsp.colours import Colour
from dflint_lsp.shell_tokens import shell_tokens
from dflint_lsp.tokens import directive_tokens, line_tokens, value_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint_lsp.colours import Token
    from dflint_lsp.documents import DocumentVersion

_LINE = re.compile(r"[^\r\n]+")
_SHELLS = re.compile(r"(?:\S*/)?(?:ba|da|a|k|z)?sh(?=\s|\Z)")


def document_tokens(version: DocumentVersion, within: Span | None = None) -> list[Token]:
    """The tokens of all that lies in a span, or of the whole document, in order."""
    text = version.text
    tree = version.document.tree
    wanted = within or Span(0, len(text))
    found: list[Token] = []
    at = len(tree.bom)
    for _ in tree.directives:
        end = _line_end(text, at)
        found += directive_tokens(text, at, end)
        at = min(end + 1, len(text))
    stages: set[str] = set()
    for instruction in tree.instructions:
        line = instruction.line
        if line.stop >= wanted.start and line.above <= wanted.end:
            found += _comments(text, line.above, line.start)
            found += _instruction(instruction, stages)
        at = line.stop
        if isinstance(instruction, From):
            words = instruction.reading.arguments
            if len(words) == 3 and words[1].lower() == "as":
                stages.add(words[2].lower())
    found += _comments(text, at, len(text))
    split = [piece for token in found for piece in _on_lines(text, token)]
    return [one for one in split if wanted.start <= one[1] and one[0] <= wanted.end]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _on_lines(text: str, token: Token) -> Iterator[Token]:
    """The pieces of a token on each of its lines."""
    begin, end, colour = token
    if "\n" not in text[begin:end] and "\r" not in text[begin:end]:
        yield token
        return
    for found in _LINE.finditer(text, begin, end):
        if not found[0].isspace():
            yield found.start(), found.end(), colour


def _comments(text: str, start: int, end: int) -> Iterator[Token]:
    """The comments on the lines from one offset to another."""
    while start < end:
        stop = min(_line_end(text, start), end)
        line = text[start:stop]
        blank = len(line) - len(line.lstrip())
        if line.startswith("#", blank):
            yield start + blank, start + len(line.rstrip()), Colour.COMMENT
        start = stop + 1


def _instruction(instruction: Instruction, stages: set[str]) -> list[Token]:
    """The tokens of an instruction with its continuations, comments within and heredocs."""
    line = instruction.line
    found = line_tokens(line, stages)
    if len(line.pieces) > 1:
        found = sorted([*_placed(line, found), *_between(line)])
    elif line.start:
        found = [(begin + line.start, end + line.start, colour) for begin, end, colour in found]
    if line.markers:
        found += _heredocs(line)
    return found


def _placed(line: LogicalLine, tokens: list[Token]) -> Iterator[Token]:
    """Tokens of the joined text where they stand in the source, cut where lines were joined."""
    pieces = line.pieces
    at = 0
    for begin, end, colour in tokens:
        while at + 1 < len(pieces) and pieces[at + 1][0] <= begin:
            at += 1
        index = at
        while begin < end:
            offset, source = pieces[index]
            stop = pieces[index + 1][0] if index + 1 < len(pieces) else end
            close = min(end, stop)
            if close > begin:
                yield source + begin - offset, source + close - offset, colour
            begin = max(close, begin)
            index += 1
            if index >= len(pieces):
                break


def _between(line: LogicalLine) -> Iterator[Token]:
    """The characters that continue lines, and the comments in between."""
    pieces = line.pieces
    for (begin, start), (following, later) in pairwise(pieces):
        sign = start + following - begin
        if line.source.startswith(line.escape, sign):
            yield sign, sign + 1, Colour.MACRO
        yield from _comments(line.source, _line_end(line.source, sign) + 1, later)


def _heredocs(line: LogicalLine) -> Iterator[Token]:
    """The lines of heredocs: scripts in RUN, texts elsewhere; and the delimiters below them."""
    is_script = _runs_shell(line)
    for marker, (start, close, stop) in zip(line.markers, line.bodies, strict=True):
        body = line.source[start:close]
        if is_script and _is_for_shell(body):
            yield from shell_tokens(line.source, start, close)
        elif marker.expand and not is_script:
            yield from value_tokens(line.source, start, close, Colour.STRING, line.escape, "")
        elif not is_script and close > start:
            yield start, close, Colour.STRING
        if stop > close and marker.name:
            name = line.source.find(marker.name, close, stop)
            if name >= 0:
                yield name, name + len(marker.name), Colour.MACRO


def _runs_shell(line: LogicalLine) -> bool:
    """Whether the heredocs of an instruction are scripts for a shell."""
    from dflint_lsp.variables import Part

    part = Part(line)
    command = line.text[part.arguments :]
    if part.keyword != "run":
        return False
    return command.startswith("<<") or _SHELLS.match(command) is not None


def _is_for_shell(body: str) -> bool:
    """Whether a script is one for a shell, by its first line."""
    first = body.partition("\n")[0]
    return not first.startswith("#!") or re.search(r"\b(?:ba|da|a|k|z)?sh\b", first) is not None
