"""Workspace edits in the form that the client understands."""

from __future__ import annotations

from lsprotocol import types

from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint_lsp.documents import DocumentVersion

_ANNOTATION = "unsafe"


def document_edit(
    capabilities: types.ClientCapabilities,
    version: DocumentVersion,
    changed: Sequence[types.TextEdit | types.AnnotatedTextEdit],
) -> types.WorkspaceEdit:
    """The edits of one version of a document, which no other version takes."""
    offered = _offered(capabilities)
    if offered is None or not offered.document_changes:
        return types.WorkspaceEdit(
            changes={version.uri: [types.TextEdit(one.range, one.new_text) for one in changed]}
        )
    identifier = types.OptionalVersionedTextDocumentIdentifier(version.uri, version.number)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, changed)])


def workspace_edit(
    capabilities: types.ClientCapabilities,
    version: DocumentVersion,
    changed: Sequence[types.TextEdit],
    warning: str | None = None,
) -> types.WorkspaceEdit:
    """Edits of a version; a `warning` is shown before, by clients that show such."""
    offered = _offered(capabilities)
    if (
        warning is None
        or offered is None
        or not offered.document_changes
        or offered.change_annotation_support is None
    ):
        return document_edit(capabilities, version, changed)
    annotated = [
        types.AnnotatedTextEdit(_ANNOTATION, edit.range, edit.new_text) for edit in changed
    ]
    edit = document_edit(capabilities, version, annotated)
    edit.change_annotations = {
        _ANNOTATION: types.ChangeAnnotation(
            "May change the image", needs_confirmation=True, description=warning
        )
    }
    return edit


def takes_snippets(capabilities: types.ClientCapabilities) -> bool:
    """Whether the client takes edits in which there is something to be typed in."""
    offered = _offered(capabilities)
    return offered is not None and bool(offered.document_changes and offered.snippet_edit_support)


def _offered(
    capabilities: types.ClientCapabilities,
) -> types.WorkspaceEditClientCapabilities | None:
    """What a client says of the workspace edits that it takes."""
    workspace = capabilities.workspace
    return None if workspace is None else workspace.workspace_edit


def snippet_edit(version: DocumentVersion, edit: Edit, snippet: str) -> types.WorkspaceEdit:
    """An edit whose text is a snippet, for clients that take such (LSP 3.18, "SnippetTextEdit")."""
    identifier = types.OptionalVersionedTextDocumentIdentifier(version.uri, version.number)
    made = [
        types.SnippetTextEdit(one.range, types.StringValue(one.new_text))
        for one in version.text_edits([Edit(edit.span, snippet)], are_snippets=True)
    ]
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, made)])


def snippet_text(text: str) -> str:
    """A text as it is written in a snippet, where it is to mean nothing else."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
