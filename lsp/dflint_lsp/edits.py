"""Workspace edits in the form that the client understands."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.convert import text_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.text.edit import Edit
    from dflint_lsp.documents import DocumentVersion

_ANNOTATION = "unsafe"


def workspace_edit(
    capabilities: types.ClientCapabilities,
    version: DocumentVersion,
    edits: Iterable[Edit],
    warning: str | None = None,
) -> types.WorkspaceEdit:
    """The edits of one version of a document, which no other version takes.

    A `warning` is shown before they are made, by clients that show such things.
    """
    changed = text_edits(edits, version)
    workspace = capabilities.workspace
    offered = None if workspace is None else workspace.workspace_edit
    if offered is None or not offered.document_changes:
        return types.WorkspaceEdit(changes={version.uri: changed})
    identifier = types.OptionalVersionedTextDocumentIdentifier(version.uri, version.number)
    if warning is None or offered.change_annotation_support is None:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, changed)])
    annotated = [
        types.AnnotatedTextEdit(_ANNOTATION, edit.range, edit.new_text) for edit in changed
    ]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, annotated)],
        change_annotations={
            _ANNOTATION: types.ChangeAnnotation(
                "May change the image", needs_confirmation=True, description=warning
            )
        },
    )


def takes_snippets(capabilities: types.ClientCapabilities) -> bool:
    """Whether the client takes edits in which there is something to be typed in."""
    workspace = capabilities.workspace
    offered = None if workspace is None else workspace.workspace_edit
    return offered is not None and bool(offered.document_changes and offered.snippet_edit_support)


def snippet_edit(version: DocumentVersion, edit: Edit, snippet: str) -> types.WorkspaceEdit:
    """An edit whose text is a snippet, for clients that take such (LSP 3.18, "SnippetTextEdit")."""
    identifier = types.OptionalVersionedTextDocumentIdentifier(version.uri, version.number)
    made = types.SnippetTextEdit(version.lines.range(edit.span), types.StringValue(snippet))
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, [made])])


def snippet_text(text: str) -> str:
    """A text as it is written in a snippet, where it is to mean nothing else."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
