"""`textDocument/inlayHint`: values of variables, numbers of stages, directories of paths."""

from __future__ import annotations

from lsprotocol import types

from dflint.text.span import Span
from dflint_lsp.symbols import Kind, Mention, Symbol, symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

_LONGEST = 40


class Wanted:
    """Which hints are wanted: values are, the others are not unless somebody says so."""

    __slots__ = ("directories", "stages", "variables")

    def __init__(
        self, variables: bool = True, stages: bool = False, directories: bool = False
    ) -> None:
        self.variables = variables
        self.stages = stages
        self.directories = directories


def inlay_hints(
    version: DocumentVersion, within: Span, wanted: Wanted | None = None
) -> list[types.InlayHint]:
    """The hints for a span, in the order of the text."""
    wanted = wanted or Wanted()
    hints: list[tuple[int, str, str]] = []
    if wanted.variables:
        hints += _values(version, within)
    if wanted.stages:
        hints += _stages(version)
    if wanted.directories:
        hints += _directories(version)
    return [
        types.InlayHint(
            version.lines.position(offset),
            label,
            tooltip=tooltip or None,
            padding_left=True,
        )
        for offset, label, tooltip in sorted(hints)
        if within.start <= offset <= within.end
    ]


def _values(version: DocumentVersion, within: Span) -> Iterator[tuple[int, str, str]]:
    """The values of the variables that the builder expands; those of one word, once each."""
    model = version.document.model
    for symbol in symbols_of(version).variables():
        for mention in symbol.mentions:
            if mention.is_definition or not within.start <= mention.span.start <= within.end:
                continue
            value = _value(model, symbol, mention)
            if value:
                shown = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
                offset = _end(version.text, mention.span)
                yield offset, f"= {shown}", value if shown != value else ""


def _value(model: SemanticModel, symbol: Symbol, mention: Mention) -> str | None:
    from dflint.cst.instructions import From, OnBuild
    from dflint.semantic.scope import PLATFORM
    from dflint_lsp.variables import SHELL_KEYWORDS, Part

    instruction = mention.instruction
    stage = model.stage_of(instruction)
    is_from = isinstance(instruction, From)
    if symbol.name in PLATFORM or symbol.name == "PATH" or isinstance(instruction, OnBuild):
        return None  # what another build gives
    if symbol.kind is not Kind.VARIABLE or Part(instruction.line).keyword in SHELL_KEYWORDS:
        return None  # scripts have variables enough without
    scope = model.global_scope if is_from or stage is None else stage.scope
    found = scope.find(symbol.name, model.order(instruction))
    if found is None or (is_from and found.is_env):
        return None
    return found.value


def _end(text: str, span: Span) -> int:
    """Where the word with a variable's closing brace ends."""
    if text[max(span.start - 2, 0) : span.start] != "${":
        return span.end
    close = text.find("}", span.end)
    line_end = text.find("\n", span.end)
    return close + 1 if close >= 0 and (line_end < 0 or close < line_end) else span.end


def _stages(version: DocumentVersion) -> Iterator[tuple[int, str, str]]:
    """The number of each stage behind its FROM."""
    document = version.document
    stages = document.model.stages
    for stage in stages:
        end = document.core(stage.from_instruction).end
        yield end, f"stage {stage.index}", f"Stage {stage.index} of {len(stages)}, from 0"


def _directories(version: DocumentVersion) -> Iterator[tuple[int, str, str]]:
    """Where relative paths of WORKDIR, COPY and ADD lead."""
    from dflint.cst.instructions import Add, Copy, Workdir
    from dflint.semantic.state import join_workdir

    document = version.document
    model = document.model
    for instruction in (*document.all(Workdir), *document.all(Copy), *document.all(Add)):
        reading = instruction.reading
        if not reading.arguments or model.stage_of(instruction) is None:
            continue
        is_workdir = isinstance(instruction, Workdir)
        path = reading.arguments[-1]
        if path.startswith(("/", "$", "\\")) or (not is_workdir and len(reading.arguments) < 2):
            continue
        state = model.state_before(instruction)
        if is_workdir:
            target = model.state_after(instruction).workdir
        else:
            target = join_workdir(state.workdir, path, state.os_family)
        if target is not None and "$" not in target:
            offset = document.argument(instruction, len(reading.arguments) - 1).end
            yield offset, f"→ {target}", ""


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def on_inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return []
        wanted = Wanted(
            server.settings.flag("inlayHints.variables"),
            server.settings.flag("inlayHints.stages"),
            server.settings.flag("inlayHints.workdir"),
        )
        return inlay_hints(version, version.lines.span(params.range), wanted)
