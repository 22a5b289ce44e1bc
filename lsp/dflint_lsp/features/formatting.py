"""`textDocument/formatting`, `rangeFormatting` and `onTypeFormatting`."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.convert import line_edits
from dflint_lsp.on_type import NEWLINE, on_type_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.format.options import FormatOptions
    from dflint.text.edit import Edit
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer


def format_edits(
    version: DocumentVersion, options: FormatOptions, lines: tuple[int, int] | None = None
) -> tuple[list[Edit], tuple[str, ...]]:
    """What lays out a document, or the instructions on some of its lines (from 1, both included).

    The second value is what there is to say, such as why it stays as it is.
    """
    from dflint.discovery.markup import template_reason
    from dflint.format.formatter import format_range, format_source
    from dflint.format.instruction import LaidOut
    from dflint.verify.texts import builds_otherwise

    reason = template_reason(version.text)
    if reason is not None:
        return [], (reason,)
    source = version.source
    if lines is None:
        known = version.laid_out
        if known is None or known.options != options:
            known = version.laid_out = LaidOut(options)
        result = format_source(source, options, version.document.tree, known)
    else:
        result = format_range(source, *lines, options)
    if not result.changed:
        return [], result.notes
    objection = (
        None if options.heredocs else builds_otherwise(version.document, result.text, result.tree)
    )
    if objection is not None:
        note = f"left as it is, or something else would be built: {objection}"
        return [], (*result.notes, note)
    return line_edits(source.text, result.text), result.notes


def options_for(
    server: DflintServer, version: DocumentVersion, given: types.FormattingOptions
) -> FormatOptions:
    """How a document is laid out: files win over what the client asks for.

    A client's width of a level counts where it is another than editors have by default and
    nothing else says how wide it is.
    """
    client: dict[str, object] = {}
    if not given.insert_spaces:
        client["indent"] = "tab"
    elif given.tab_size > 0:
        client["indent"] = given.tab_size
    if given.insert_final_newline is False:
        client["final-newline"] = False
    return server.configurations.format_options(version.path, client)


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    def formatted(
        uri: str, given: types.FormattingOptions, lines: tuple[int, int] | None = None
    ) -> list[types.TextEdit] | None:
        version = server.dockerfile(uri)
        settings = server.settings
        if version is None or not (settings.flag("enable") and settings.flag("format.enable")):
            return None
        edits, notes = format_edits(version, options_for(server, version, given), lines)
        for note in notes:
            server.log(f"{version.path}: {note}")
        return version.text_edits(edits)

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def on_formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        return formatted(params.text_document.uri, params.options)

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def on_range(params: types.DocumentRangeFormattingParams) -> list[types.TextEdit] | None:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return None
        span = version.lines.span(params.range)
        text = version.text
        # The formatter's lines end at a line feed alone.
        first = text.count("\n", 0, span.start) + 1
        last = first + text.count("\n", span.start, max(span.start, span.end - 1))
        return formatted(version.uri, params.options, (first, last))

    @server.feature(
        types.TEXT_DOCUMENT_ON_TYPE_FORMATTING,
        types.DocumentOnTypeFormattingOptions(NEWLINE, ["\\", "`"]),
    )
    def on_type(params: types.DocumentOnTypeFormattingParams) -> list[types.TextEdit] | None:
        version = server.dockerfile(params.text_document.uri)
        if version is None or not server.settings.flag("format.enable"):
            return None
        indent = options_for(server, version, params.options).indent
        offset = version.lines.offset(params.position)
        return version.text_edits(on_type_edits(version, offset, params.ch, indent))
