from __future__ import annotations

import pytest
from lsprotocol import types

from dflint.text.edit import apply_edits
from dflint_lsp.edits import snippet_text, takes_snippets
from dflint_lsp.silencing import Reach, silencing_edits
from tests.lsp.versions import marked


@pytest.mark.parametrize(
    ("reach", "after"),
    [
        (Reach.INSTRUCTION, "# a\nFROM a\n# dflint: ignore=b\nRUN c"),
        (Reach.FILE, "# dflint: ignore-file=b\n# a\nFROM a\nRUN c"),
    ],
)
def test_a_comment_silences_as_far_as_is_asked_for(reach, after):
    version, offset = marked("# a\nFROM a\nRUN |c")
    edits = silencing_edits(version, "b", offset, reach)
    assert apply_edits(version.text, edits) == after


def test_snippets_are_for_clients_that_take_them():
    assert not takes_snippets(types.ClientCapabilities())
    offered = types.WorkspaceEditClientCapabilities(
        document_changes=True, snippet_edit_support=True
    )
    workspace = types.WorkspaceClientCapabilities(workspace_edit=offered)
    assert takes_snippets(types.ClientCapabilities(workspace=workspace))
    assert snippet_text("a$b}\\") == "a\\$b\\}\\\\"
