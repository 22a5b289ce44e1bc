"""`textDocument/selectionRange`: what a selection grows to, step by step."""

from __future__ import annotations

import re

from lsprotocol import types

from dflint.cst.reading import place_span
from dflint.semantic.instruction_at import index_at
from dflint.text.span import Span
from dflint_lsp.features.folding import code_lines
from dflint_lsp.features.outline import instruction_span, stage_span
from dflint_lsp.symbols import symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

_WORDS = (re.compile(r"\w+"), re.compile(r"[^\s=,:/]+"), re.compile(r"\S+"))


def selection_range(version: DocumentVersion, offset: int) -> types.SelectionRange:
    """The name, the word, the argument, the command, the instruction, the stage, and the file."""
    found = types.SelectionRange(version.lines.whole())
    outer = Span(0, len(version.text))
    candidates = {span for span in _candidates(version, offset) if _holds(span, offset)}
    for span in sorted(candidates, key=lambda span: (-len(span), span.start)):
        if outer.contains(span) and span != outer:
            found = types.SelectionRange(version.lines.range(span), found)
            outer = span
    return found


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end and span.start < span.end


def _candidates(version: DocumentVersion, offset: int) -> Iterator[Span]:
    text, lines = version.text, version.lines
    named = symbols_of(version).at(offset)
    if named is not None:
        yield named[1].span
    line = lines.line_span(lines.line_of(offset))
    for pattern in _WORDS:
        for found in pattern.finditer(text, line.start, line.end):
            yield Span(*found.span())
    stripped = line.slice(text).strip()
    start = line.start + line.slice(text).find(stripped)
    document = version.document
    if not document.instructions:
        yield Span(start, start + len(stripped))
        return
    instruction = document.instructions[index_at(document.tree, offset)]
    in_heredoc = instruction.line.markers and offset >= instruction.line.bodies[0][0]
    if in_heredoc or lines.line_of(offset) not in code_lines(version):
        yield Span(start, start + len(stripped))  # a comment is no more than its line
    yield from _in_instruction(instruction)
    yield from _in_shell(version, instruction)
    stage = document.model.stage_of(instruction)
    if stage is not None:
        yield stage_span(version, stage)


def _in_instruction(instruction: Instruction) -> Iterator[Span]:
    line, reading = instruction.line, instruction.reading
    is_pairs = reading.keyword in ("env", "label")
    places = [*reading.head.flags, *reading.places]
    if is_pairs:
        del places[len(reading.head.flags) + 2 :: 3]  # the `=`
        whole = zip(reading.places[::3], reading.places[1::3], strict=False)
        places += [(key[0], value[1]) for key, value in whole]
    for begin, end in places:
        span = place_span(instruction, (begin, end))
        yield span
        written = line.text[begin:end]
        if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
            yield Span(span.start + 1, span.end - 1)
    if reading.head.arguments < reading.head.end:
        yield place_span(instruction, (reading.head.arguments, reading.head.end))
    yield place_span(instruction, (0, len(line.text)))
    for begin, close, stop in line.bodies:
        yield Span(begin, close)
        yield Span(begin, begin + len(line.source[begin:stop].rstrip("\r\n")))
    yield instruction_span(instruction)
    above = line.source[line.above : line.start]
    yield Span(line.above + len(above) - len(above.lstrip()), instruction_span(instruction).end)


def _in_shell(version: DocumentVersion, instruction: Instruction) -> Iterator[Span]:
    """The commands of the scripts of an instruction, what they are parts of, and their words."""
    for program in version.document.all_programs:
        if program.instruction is not instruction:
            continue
        for command in program.script.commands:
            yield command.span
            for outer in command.ancestors:
                yield outer.span
            for word in command.words:
                yield word.span


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)
    def on_selection(params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return None
        return [
            selection_range(version, version.lines.offset(position))
            for position in params.positions
        ]
