"""Hierarchies of stages: which one is built on which, and who takes files from whom.

As types, a stage has the one that its FROM names as its supertype. As calls, it calls every stage
that its FROM, its copies and its mounts name.
"""

from __future__ import annotations

from lsprotocol import types

from dflint.text.span import Span
from dflint_lsp.features.outline import stage_span
from dflint_lsp.symbols import Kind, symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.stages import Stage
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

    Item = types.CallHierarchyItem | types.TypeHierarchyItem


def stage_at(version: DocumentVersion, offset: int) -> Stage | None:
    """The stage that is named at an offset, else the one whose FROM is there."""
    found = symbols_of(version).at(offset)
    if found is not None and found[0].kind is Kind.STAGE:
        symbol, mention = found
        definition = symbol.definition_for(mention)
        if definition is None:
            return symbol.stage
        return version.document.model.stage_of(definition.instruction)
    for stage in version.document.model.stages:
        line = stage.from_instruction.line
        if line.start <= offset <= line.end:
            return stage
    return None


def stage_of_item(version: DocumentVersion, item: Item) -> Stage | None:
    """The stage that an item was made of, in the text as it is now."""
    stages = version.document.model.stages
    index = item.data
    if isinstance(index, float):
        index = int(index)
    if isinstance(index, int) and 0 <= index < len(stages) and _title(stages[index]) == item.name:
        return stages[index]
    return next((stage for stage in stages if _title(stage) == item.name), None)


def call_item(version: DocumentVersion, stage: Stage) -> types.CallHierarchyItem:
    """A stage as an item of a call hierarchy."""
    whole, named = _places(version, stage)
    return types.CallHierarchyItem(
        _title(stage),
        types.SymbolKind.Module,
        version.uri,
        version.lines.range(whole),
        version.lines.range(named),
        detail=stage.image or None,
        data=stage.index,
    )


def type_item(version: DocumentVersion, stage: Stage) -> types.TypeHierarchyItem:
    """A stage as an item of a type hierarchy."""
    whole, named = _places(version, stage)
    return types.TypeHierarchyItem(
        _title(stage),
        types.SymbolKind.Module,
        version.uri,
        version.lines.range(whole),
        version.lines.range(named),
        detail=stage.image or None,
        data=stage.index,
    )


def incoming(version: DocumentVersion, stage: Stage) -> list[types.CallHierarchyIncomingCall]:
    """The stages that begin with this one or take files from it, and where they say so."""
    return [
        types.CallHierarchyIncomingCall(call_item(version, user), ranges)
        for user in version.document.model.stages
        if (ranges := _ranges(version, user, stage))
    ]


def outgoing(version: DocumentVersion, stage: Stage) -> list[types.CallHierarchyOutgoingCall]:
    """The stages that this one begins with or takes files from, and where it says so."""
    return [
        types.CallHierarchyOutgoingCall(call_item(version, used), ranges)
        for used in version.document.model.stages
        if (ranges := _ranges(version, stage, used))
    ]


def _ranges(version: DocumentVersion, user: Stage, used: Stage) -> list[types.Range]:
    return [
        version.lines.range(reference.span)
        for reference in version.document.model.references
        if reference.user is user and reference.stage is used
    ]


def _title(stage: Stage) -> str:
    return stage.name or stage.image or f"stage {stage.index}"


def _places(version: DocumentVersion, stage: Stage) -> tuple[Span, Span]:
    """The whole of a stage, and its name or its FROM."""
    whole = stage_span(version, stage)
    symbol = symbols_of(version).of_stage(stage)
    for mention in symbol.definitions if symbol is not None else ():
        if mention.instruction is stage.from_instruction:
            return whole, mention.span
    return whole, version.document.core(stage.from_instruction)


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    _register_calls(server)
    _register_types(server)


def _register_calls(server: DflintServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    def on_prepare(
        params: types.CallHierarchyPrepareParams,
    ) -> list[types.CallHierarchyItem] | None:
        found = _named(server, params.text_document.uri, params.position)
        return None if found is None else [call_item(*found)]

    @server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)
    def on_incoming(
        params: types.CallHierarchyIncomingCallsParams,
    ) -> list[types.CallHierarchyIncomingCall]:
        found = _shown(server, params.item)
        return [] if found is None else incoming(*found)

    @server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)
    def on_outgoing(
        params: types.CallHierarchyOutgoingCallsParams,
    ) -> list[types.CallHierarchyOutgoingCall]:
        found = _shown(server, params.item)
        return [] if found is None else outgoing(*found)


def _register_types(server: DflintServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY)
    def on_prepare(
        params: types.TypeHierarchyPrepareParams,
    ) -> list[types.TypeHierarchyItem] | None:
        found = _named(server, params.text_document.uri, params.position)
        return None if found is None else [type_item(*found)]

    @server.feature(types.TYPE_HIERARCHY_SUPERTYPES)
    def on_supertypes(
        params: types.TypeHierarchySupertypesParams,
    ) -> list[types.TypeHierarchyItem]:
        found = _shown(server, params.item)
        if found is None or found[1].base is None:
            return []
        return [type_item(found[0], found[1].base)]

    @server.feature(types.TYPE_HIERARCHY_SUBTYPES)
    def on_subtypes(params: types.TypeHierarchySubtypesParams) -> list[types.TypeHierarchyItem]:
        found = _shown(server, params.item)
        if found is None:
            return []
        version, stage = found
        stages = version.document.model.stages
        return [type_item(version, one) for one in stages if one.base is stage]


def _named(
    server: DflintServer, uri: str, position: types.Position
) -> tuple[DocumentVersion, Stage] | None:
    """The stage at the place that a client asks about, with its document."""
    version = server.dockerfile(uri)
    if version is None:
        return None
    stage = stage_at(version, version.lines.offset(position))
    return None if stage is None else (version, stage)


def _shown(server: DflintServer, item: Item) -> tuple[DocumentVersion, Stage] | None:
    """The stage of an item that a client was given, with its document."""
    version = server.dockerfile(item.uri)
    stage = None if version is None else stage_of_item(version, item)
    return None if version is None or stage is None else (version, stage)
