"""`textDocument/foldingRange`: what can be folded away."""

from __future__ import annotations

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.positions import ClientLines
    from dflint_lsp.server import DflintServer

Fold = tuple[int, int, "types.FoldingRangeKind | None"]
"""The first and the last line of what can be folded, and what it is."""


def folding_ranges(
    version: DocumentVersion,
    limit: int | None = None,
    lines_only: bool = False,
    stages: bool = True,
) -> list[types.FoldingRange]:
    """Instructions, heredocs, comments and stages of more than one line, from the top.

    At most `limit` of them; with `lines_only` without characters. A file of a single stage has no
    fold for that.
    """
    lines = version.lines
    found: dict[tuple[int, int], Fold] = {}
    for fold in _folds(version, stages):
        if fold[0] < fold[1]:
            found.setdefault(fold[:2], fold)
    ordered = sorted(found.values(), key=lambda fold: (fold[0], -fold[1]))
    return [
        types.FoldingRange(
            start,
            end,
            None if lines_only else lines.position(lines.line_span(start).end).character,
            None if lines_only else lines.position(lines.line_span(end).end).character,
            kind,
        )
        for start, end, kind in ordered[:limit]
    ]


def _folds(version: DocumentVersion, stages: bool) -> Iterator[Fold]:
    lines = version.lines
    for instruction in version.document.instructions:
        yield from _instruction_folds(lines, instruction)
    yield from _comment_folds(version)
    model = version.document.model
    if stages and len(model.stages) > 1:
        for stage in model.stages:
            start = lines.line_of(stage.from_instruction.line.start)
            yield start, _last_line(lines, stage.instructions[-1]), types.FoldingRangeKind.Region


def _last_line(lines: ClientLines, instruction: Instruction) -> int:
    """The last line of an instruction with its heredocs."""
    line = instruction.line
    if not line.markers:
        return lines.line_of(line.offset_after(len(line.text)))
    return lines.line_of(max(line.stop - 1, line.end))


def _instruction_folds(lines: ClientLines, instruction: Instruction) -> Iterator[Fold]:
    line = instruction.line
    if not line.text.strip():
        return  # nothing but continuations
    start = lines.line_of(line.start)
    yield start, _last_line(lines, instruction), None
    command_end = lines.line_of(line.offset_after(len(line.text)))
    if command_end == start and len(line.markers) < 2:
        return
    yield start, command_end, None
    for begin, close, stop in line.bodies:
        if stop > begin:
            last = stop if close == stop else close + 1
            yield lines.line_of(begin), lines.line_of(last - 1), None


def _comment_folds(version: DocumentVersion) -> Iterator[Fold]:
    """Comments on lines that follow one another, within instructions too."""
    lines = version.lines
    code = code_lines(version)
    begin = -1
    for number in range(lines.count):
        is_comment = number not in code and lines.line_span(number).slice(
            version.text
        ).lstrip().startswith("#")
        if is_comment and begin < 0:
            begin = number
        elif not is_comment and begin >= 0:
            yield begin, number - 1, types.FoldingRangeKind.Comment
            begin = -1
    if begin >= 0:
        yield begin, lines.count - 1, types.FoldingRangeKind.Comment


def code_lines(version: DocumentVersion) -> set[int]:
    """The lines of parser directives, instructions and heredocs, without comments in between."""
    lines = version.lines
    found = set(range(len(version.document.tree.directives)))
    for instruction in version.document.instructions:
        line = instruction.line
        found.update(lines.line_of(source) for _, source in line.pieces)
        if line.bodies:
            end = lines.line_of(max(line.stop - 1, line.end))
            found.update(range(lines.line_of(line.bodies[0][0]), end + 1))
    return found


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def on_folding_range(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return []
        stages = server.settings.flag("folding.stages")
        document = server.client_capabilities.text_document
        able = document.folding_range if document is not None else None
        if able is None:
            return folding_ranges(version, stages=stages)
        return folding_ranges(version, able.range_limit, bool(able.line_folding_only), stages)
