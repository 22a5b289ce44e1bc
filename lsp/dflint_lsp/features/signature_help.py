"""`textDocument/signatureHelp`: the ways to write an instruction, and the part that is next."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.texts import documentation, signature_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer
    from dflint_lsp.signatures import Help, Signature

TRIGGERS = (" ", "=", "[", ",", ":", "@", '"', "-")


def signature_help(
    version: DocumentVersion, offset: int, has_offsets: bool = True, is_markdown: bool | None = True
) -> types.SignatureHelp | None:
    """The signatures at an offset; parameters are given by their places with `has_offsets`."""
    from dflint_lsp.cursor import Cursor
    from dflint_lsp.signatures import help_at

    found = help_at(Cursor(version, offset))
    if found is None:
        return None
    signatures = [
        _information(found, index, has_offsets, is_markdown)
        for index in range(len(found.signatures))
    ]
    return types.SignatureHelp(signatures, 0, found.parameter)


def _information(
    found: Help, index: int, has_offsets: bool, is_markdown: bool | None
) -> types.SignatureInformation:
    from dflint_lsp.reference.lookup import about

    signature = found.signatures[index]
    text = about(*found.about)
    return types.SignatureInformation(
        signature.label,
        None if text is None else documentation(text, is_markdown),
        _parameters(signature, has_offsets),
        found.own[index],
    )


def _parameters(signature: Signature, has_offsets: bool) -> list[types.ParameterInformation]:
    # Labels are ASCII: their places are the same in every encoding.
    return [
        types.ParameterInformation((begin, end) if has_offsets else signature.label[begin:end])
        for begin, end in signature.parameters
    ]


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    options = types.SignatureHelpOptions(trigger_characters=list(TRIGGERS))

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, options)
    def on_signature_help(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        version = server.dockerfile_at(params.text_document.uri, params.position)
        if version is None:
            return None
        has_offsets, is_markdown = signature_format(server.client_capabilities)
        offset = version.lines.offset(params.position)
        return signature_help(version, offset, has_offsets, is_markdown)
