"""`textDocument/documentSymbol`: the instructions by stage."""

from __future__ import annotations

import re

from lsprotocol import types

from dflint.cst.instructions import Arg, Env, From
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.stages import Stage
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(syntax|escape|check)[ \t]*=[^\r\n]*(?:\r?\n|\Z)", re.I)
_LONGEST_DETAIL = 80


def outline(version: DocumentVersion) -> list[types.DocumentSymbol]:
    """The parser directives, and the instructions under the FROM of their stage."""
    top = [_directive(version, span, whole) for span, whole in directives(version.text)]
    current: types.DocumentSymbol | None = None
    for instruction in version.document.instructions:
        symbol = _symbol(version, instruction)
        if symbol is None:
            continue
        if isinstance(instruction, From):
            stage = version.document.model.stage_of(instruction)
            if stage is not None:
                symbol.range = version.lines.range(stage_span(version, stage))
            symbol.kind = types.SymbolKind.Module
            symbol.children = []
            current = symbol
            top.append(symbol)
        elif current is None:
            top.append(symbol)
        else:
            assert isinstance(current.children, list)
            current.children.append(symbol)
    return top


def flat_outline(version: DocumentVersion) -> list[types.SymbolInformation]:
    """The same as a list, for clients that know no other; each place is that of the keyword."""
    found: list[types.SymbolInformation] = []
    for symbol in outline(version):
        for one in (symbol, *(symbol.children or ())):
            location = types.Location(version.uri, one.selection_range)
            container = None if one is symbol else symbol.detail
            found.append(
                types.SymbolInformation(location, one.name, one.kind, container_name=container)
            )
    return found


def directives(text: str) -> Iterator[tuple[Span, Span]]:
    """The parser directives at the top, half-typed ones too: the span of the name and of all."""
    at = 1 if text.startswith("\ufeff") else 0
    while (found := _DIRECTIVE.match(text, at)) is not None and found.end() > at:
        line = found[0].rstrip()
        yield Span(*found.span(1)), Span(at + len(line) - len(line.lstrip()), at + len(line))
        at = found.end()


def stage_span(version: DocumentVersion, stage: Stage) -> Span:
    """From a stage's FROM to the end of its last instruction with its heredocs."""
    start = stage.from_instruction.line.start
    return Span(start, max(instruction_span(one).end for one in stage.instructions[-1:]))


def instruction_span(instruction: Instruction) -> Span:
    """From an instruction's keyword to the end of its arguments or its heredocs."""
    line = instruction.line
    if not line.markers:
        return Span(line.start, max(line.start, line.offset_after(len(line.text))))
    end = max(line.stop, line.end)
    text = line.source
    while end > line.end and text[end - 1] in "\r\n":
        end -= 1
    return Span(line.start, end)


def _directive(version: DocumentVersion, name: Span, whole: Span) -> types.DocumentSymbol:
    lines, text = version.lines, version.text
    value = text[whole.start : whole.end].partition("=")[2].strip()
    return types.DocumentSymbol(
        name.slice(text),
        types.SymbolKind.Property,
        lines.range(whole),
        lines.range(name),
        _short(value),
    )


def _symbol(version: DocumentVersion, instruction: Instruction) -> types.DocumentSymbol | None:
    line = instruction.line
    head = instruction.reading.head
    keyword = line.text[: head.keyword_end].strip()
    if not keyword:
        return None
    named = Span(line.offset(0), line.offset_after(len(keyword)))
    kind = types.SymbolKind.Function
    if isinstance(instruction, (Arg, Env)):
        kind = types.SymbolKind.Variable
    span = instruction_span(instruction)
    return types.DocumentSymbol(
        keyword,
        kind,
        version.lines.range(Span(named.start, max(named.end, span.end))),
        version.lines.range(named),
        _short(line.text[head.arguments : head.end]),
    )


def _short(text: str) -> str | None:
    """A detail: its words parted by one blank, cut where it is long."""
    text = " ".join(text[: 4 * _LONGEST_DETAIL].split())
    if len(text) > _LONGEST_DETAIL:
        text = text[: _LONGEST_DETAIL - 1] + "…"
    return text or None


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def on_symbols(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return []
        document = server.client_capabilities.text_document
        able = document.document_symbol if document is not None else None
        if able is not None and able.hierarchical_document_symbol_support:
            return outline(version)
        return flat_outline(version)
