from __future__ import annotations

import sys

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from dflint.lint.registry import find_rules
from dflint.shellcheck.program import find_program
from dflint_lsp.convert import UNNECESSARY
from tests.lsp.clients import make_client
from tests.lsp.conftest import Editor
from tests.lsp.versions import at

TEXT = 'FROM debian:12\nMAINTAINER me\nCMD ["é", "😀"]\nCMD ["x"]\n'


def _rules(found) -> list[str]:
    return [one.code for one in found]


@pytest.mark.asyncio
async def test_findings_come_with_place_link_and_tags(editor):
    editor.open(TEXT)
    found = await editor.diagnostics(lambda found: len(found) >= 2)
    assert _rules(found) == ["maintainer-deprecated", "multiple-cmd"]
    first, second = found
    assert first.range == at(1, 0, 1, 10)
    assert first.source == "dflint"
    assert {"DL4000", "MaintainerDeprecated"} <= set(first.data["aliases"])
    assert first.severity is types.DiagnosticSeverity.Warning
    assert first.code_description.href.endswith("/docs/rules/maintainer-deprecated.md")
    assert list(first.tags) == [types.DiagnosticTag.Deprecated]
    assert list(second.tags) == [types.DiagnosticTag.Unnecessary]
    assert second.related_information[0].location.range == at(3, 0, 3, 3)


@pytest.mark.asyncio
async def test_edits_are_followed_in_the_units_of_the_client(editor):
    text = "FROM debian:12\nENV A=😀 B=é\nMAINTAINER me\n"
    editor.open(text)
    assert _rules(await editor.diagnostics(bool)) == ["maintainer-deprecated"]
    from dflint.text.span import Span
    from dflint_lsp.positions import ClientLines

    lines = ClientLines(text, editor.capabilities.position_encoding)
    start = text.index(" B=é")
    gone = lines.range(Span(start, text.index("MAINTAINER")))
    editor.change(types.TextDocumentContentChangePartial(gone, "\nRUN true\n"))
    found = await editor.diagnostics(bool)
    assert [(one.code, one.range) for one in found] == [("maintainer-deprecated", at(3, 0, 3, 10))]
    editor.change(types.TextDocumentContentChangeWholeDocument("FROM debian:12\n"))
    assert await editor.diagnostics(lambda found: not found) == []


@pytest.mark.asyncio
async def test_a_quick_fix_belongs_to_the_version_that_is_open(editor):
    editor.open(TEXT)
    await editor.diagnostics(bool)
    actions = await editor.actions(at(1, 2, 1, 2))
    titles = [one.title for one in actions]
    assert titles[0] == "Write the author as a label"
    assert "Ignore maintainer-deprecated here" in titles
    assert actions[0].is_preferred
    after = await editor.edited(TEXT, actions[0].edit)
    assert after == TEXT.replace("MAINTAINER me", 'LABEL org.opencontainers.image.authors="me"')
    ignored = actions[titles.index("Ignore maintainer-deprecated here")]
    text = await editor.edited(TEXT, ignored.edit)
    assert "# dflint: ignore=maintainer-deprecated\nMAINTAINER me" in text


@pytest.mark.asyncio
async def test_all_that_is_safe_is_fixed_at_once(editor):
    editor.open(TEXT)
    (action,) = await editor.actions(at(0, 0, 0, 0), ["source.fixAll"])
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    after = await editor.edited(TEXT, action.edit)
    assert "MAINTAINER" not in after and after.count("CMD") == 1


@pytest.mark.asyncio
async def test_formatting_changes_what_needs_it_and_nothing_else(editor):
    text = "from debian:12\nRUN   a  &&  b\n# kept\nRUN c\n"
    editor.open(text)
    params = types.DocumentFormattingParams(
        editor.identifier, types.FormattingOptions(tab_size=4, insert_spaces=True)
    )
    edits = await editor.client.text_document_formatting_async(params)
    from tests.lsp.conftest import applied

    after = applied(text, edits, editor.capabilities.position_encoding)
    assert after.startswith("FROM debian:12\n") and "# kept\nRUN c\n" in after
    assert all(edit.range.end.line <= 2 for edit in edits)


@pytest.mark.asyncio
async def test_shellcheck_has_its_say_later(editor):
    if find_program(None) is None:
        pytest.skip("there is no ShellCheck")
    editor.open("FROM debian:12\nRUN echo $a | cat\n")
    await editor.diagnostics(lambda found: "SC2086" in _rules(found))


@pytest.mark.asyncio
async def test_a_template_is_left_alone(editor):
    editor.open("FROM {{ base }}\nMAINTAINER me\n")
    assert await editor.diagnostics() == []


@pytest.mark.asyncio
async def test_what_is_safe_stays_safe_where_unsafe_fixes_are_configured(editor, tmp_path):
    text = "FROM debian:12\nMAINTAINER me\nRUN b | c\nRUN d | e\n"
    (tmp_path / "dflint.toml").write_text("unsafe-fixes = true\nshellcheck = false\n")
    editor.uri = (tmp_path / "Dockerfile").as_uri()
    editor.identifier = types.TextDocumentIdentifier(editor.uri)
    editor.open(text)
    found = await editor.diagnostics(lambda found: "pipefail" in _rules(found))
    (action,) = await editor.actions(at(0, 0, 0, 0), ["source.fixAll"])
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    after = await editor.edited(text, action.edit)
    assert "MAINTAINER" not in after and "SHELL" not in after and "pipefail" not in after
    where = next(one.range for one in found if one.code == "pipefail")
    titles = [one.title for one in await editor.actions(where)]
    assert "Fix all: pipefail (may change the image)" in titles


def test_rules_that_are_shown_faded_are_rules():
    assert set(find_rules()) >= UNNECESSARY


@pytest.mark.asyncio
async def test_what_was_found_at_the_last_save_stays_until_the_next():
    client = make_client()
    await client.start_io(sys.executable, "-m", "dflint_lsp")
    capabilities = client_capabilities("visual-studio-code@latest")
    options = {"lint": {"run": "onSave"}, "shellcheck": {"enable": False}}
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
    capabilities.workspace.configuration = False
    result = await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, initialization_options=options)
    )
    editor = Editor(client, result.capabilities)
    assert editor.is_pulling
    editor.open(TEXT)

    async def pulled(previous=None):
        params = types.DocumentDiagnosticParams(editor.identifier, previous_result_id=previous)
        return await client.text_document_diagnostic_async(params)

    first = await pulled()
    assert _rules(first.items) == ["maintainer-deprecated", "multiple-cmd"]
    editor.change(types.TextDocumentContentChangeWholeDocument("FROM debian:12\nMAINTAINER a\n"))
    assert (await pulled(first.result_id)).kind == "unchanged"
    assert await pulled() == first
    assert len(await editor.actions(at(1, 0, 1, 0))) > 0  # of the text as it is now
    assert (await pulled(first.result_id)).kind == "unchanged"
    client.text_document_did_save(types.DidSaveTextDocumentParams(editor.identifier))
    saved = await pulled(first.result_id)
    assert _rules(saved.items) == ["maintainer-deprecated"]
    await client.shutdown_session()
    await client.stop()
