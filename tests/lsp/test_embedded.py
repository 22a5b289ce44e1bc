"""Dockerfiles in Compose files: places, and edits that stay within them."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
import yaml
from lsprotocol import types

from dflint.text.edit import Edit, apply_edits
from dflint.text.span import Span
from dflint_lsp.documents import DocumentVersion, OpenDocument
from dflint_lsp.features.completion import completions
from dflint_lsp.features.navigation import definition
from tests.lsp.conftest import applied
from tests.lsp.versions import at

URI = "file:///somewhere/compose.yaml"
COMPOSE = """# é 😀
services:
  a:
    build:
      args: {V: x}
      dockerfile_inline: |
        FROM debian:12 AS one
        MAINTAINER me

        RUN echo "😀" && \\
            true
        FROM debian:12
        COPY --from=one /a /b

    image: x
  b:
    build:
      dockerfile_inline: |-
        FROM alpine:3.22
        RUN true
x: y
"""


def compose(text: str, encoding: str = "utf-16") -> DocumentVersion:
    return DocumentVersion(URI, text, 1, encoding, "/somewhere/compose.yaml", "yaml")


def inline(text: str) -> list[str]:
    services = yaml.safe_load(text)["services"].values()
    return [service["build"]["dockerfile_inline"] for service in services]


def test_a_compose_file_has_dockerfiles_in_it():
    version = compose(COMPOSE)
    assert [one.text.rstrip("\n") for one in version.dockerfiles] == [
        one.rstrip("\n") for one in inline(COMPOSE)
    ]
    assert [one.builds[0][1] for one in version.dockerfiles] == [(("V", "x"),), ()]
    assert all(one.takes_edits for one in version.dockerfiles)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_are_those_of_the_file_around(encoding, eol):
    outer = compose(COMPOSE.replace("\n", eol), encoding)
    for one in outer.dockerfiles:
        for offset, character in enumerate(one.text[:-1]):
            position = one.lines.position(offset)
            assert one.lines.offset(position) == offset
            where = outer.lines.offset(position)
            assert character == "\n" or outer.text[where] == character


def test_what_is_no_part_of_a_dockerfile_is_in_none():
    outer = compose(COMPOSE)
    first, second = outer.dockerfiles
    held = [
        [line for line in range(20) if one.lines.holds(types.Position(line, 8))]
        for one in (first, second)
    ]
    assert held == [[6, 7, 9, 10, 11, 12], [18, 19]]
    assert not first.lines.holds(types.Position(7, 7))  # in the indentation
    assert not first.lines.holds(types.Position(8, 0))  # an empty line without any


def test_the_line_that_is_typed_next_is_in_the_dockerfile():
    for end in ("\n    image: x\n", "\n", ""):
        before = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a\n\n"
        text = f"{before}        {end}"
        (one,) = compose(text).dockerfiles
        assert one.lines.holds(types.Position(6, 8))
        found = completions(one, one.lines.offset(types.Position(6, 8)))
        item = next(item for item in found.items if item.label.startswith("WORKDIR"))
        assert item.text_edit.range == at(6, 8, 6, 8)


@pytest.mark.parametrize(
    "value",
    [
        ">\n        FROM debian:12\n        MAINTAINER me",
        '"FROM debian:12\\nMAINTAINER me\\n"',
        "|\n        FROM debian:12\n        MAINTAINER $$me",
        "|\n        FROM debian:12\n        MAINTAINER ${ME}",
    ],
)
def test_what_does_not_stand_there_as_it_is_takes_no_edits(value):
    (one,) = compose(f"services:\n  a:\n    build:\n      dockerfile_inline: {value}\n").dockerfiles
    assert not one.takes_edits
    assert one.text_edits([Edit(Span(0, 1), "x")]) == []


def test_a_folded_dockerfile_is_found_fault_with_where_it_begins():
    (one,) = compose("services:\n  a:\n    build:\n      dockerfile_inline: FROM b\n").dockerfiles
    assert one.lines.range(Span(2, 4)) == at(3, 25, 3, 31)
    assert not one.lines.holds(types.Position(3, 27))


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_edits_change_the_dockerfile_and_nothing_else(eol):
    rng = random.Random(3)
    pieces = ("", "\n", "RUN b\n", "x", "# c\n", "\n\nRUN d", "  ", "$A")
    text = COMPOSE.replace("\n", eol)
    done = 0
    for _ in range(400):
        outer = compose(text)
        one = rng.choice(outer.dockerfiles)
        ends = sorted(rng.randrange(len(one.text) + 1) for _ in range(2))
        edit = Edit(Span(*ends), rng.choice(pieces))
        edits = one.text_edits([edit])
        if not edits:
            continue
        done += 1
        after = applied(text, edits, "utf-16")
        wanted = apply_edits(one.text, [edit]).replace("$A", "$$A")
        before = yaml.safe_load(text)
        changed = yaml.safe_load(after)
        name = "ab"[outer.dockerfiles.index(one)]
        build = changed["services"][name]["build"]
        assert build["dockerfile_inline"].rstrip("\n") == wanted.rstrip("\n"), (edit, after)
        build["dockerfile_inline"] = before["services"][name]["build"]["dockerfile_inline"]
        assert changed == before
        assert after.count("\n") == after.count(eol)
    assert done > 300


def test_services_that_share_a_dockerfile_have_it_once():
    text = (
        "x-it: &it |\n  FROM debian:12\n  MAINTAINER me\nservices:\n"
        "  a:\n    build:\n      dockerfile_inline: *it\n      args: {A: b}\n"
        "  b:\n    build:\n      dockerfile_inline: *it\n"
    )
    (one,) = compose(text).dockerfiles
    assert len(one.builds) == 2
    assert one.lines.position(0) == types.Position(1, 2)


def test_half_typed_files_have_none_and_wrong_services_are_left_out():
    assert compose(COMPOSE + "z: [\n").dockerfiles == ()
    wrong = COMPOSE.replace("x: y\n", "  c:\n    build:\n      dockerfile_inline: FROM $\n")
    assert len(compose(wrong).dockerfiles) == 2
    for end in range(len(COMPOSE)):
        for one in compose(COMPOSE[:end]).dockerfiles:
            assert one.lines.position(len(one.text)).line <= COMPOSE.count("\n", 0, end)


def test_the_open_text_counts_and_not_that_on_the_disk(tmp_path):
    path = tmp_path / "compose.yaml"
    path.write_text("services: [")
    text = COMPOSE + "  c:\n    extends: {file: compose.yaml, service: a}\n"
    text = text.replace("x: y\n", "")
    version = DocumentVersion(path.as_uri(), text, 1, "utf-16", str(path), "yaml")
    assert [len(one.builds) for one in version.dockerfiles] == [2, 1]


def test_names_of_a_dockerfile_are_found_in_it():
    (one, _) = compose(COMPOSE).dockerfiles
    place = definition(one, one.lines.offset(types.Position(12, 20)))
    assert (place.uri, place.range) == (URI, at(6, 26, 6, 29))


@pytest.mark.parametrize(
    ("path", "language", "is_served"),
    [
        ("/a/compose.yaml", "yaml", True),
        ("/a/docker-compose.dev.yml", "yaml.docker-compose", True),
        ("/a/other.yml", "dockercompose", True),
        ("/a/compose.yaml", "", True),
        ("/a/values.yaml", "yaml", False),
        ("/a/compose.yaml", "plaintext", False),
        ("/a/Dockerfile", "yaml", False),
        ("/a/Dockerfile", "", True),
    ],
)
def test_which_documents_are_looked_at(path, language, is_served):
    document = OpenDocument(f"file://{path}", "services:\n", 1, language)
    assert document.is_served is is_served


def test_yaml_is_read_for_such_files_alone():
    code = (
        "import sys; from dflint_lsp.documents import DocumentVersion as V;"
        "import dflint_lsp.server;"
        "V('u', 'FROM a\\n', 1).dockerfiles;"
        "V('u', 'services: {}\\n', 1, path='/compose.yaml', language='yaml').dockerfiles;"
        "print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n"


async def _actions(editor, wanted, only=None):
    return {one.title: one for one in await editor.actions(wanted, only)}


def _open(editor, text):
    editor.uri = URI
    editor.identifier = types.TextDocumentIdentifier(URI)
    editor.open(text, "yaml")


@pytest.mark.asyncio
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
async def test_an_editor_is_told_and_mends(editor, eol):
    text = COMPOSE.replace("\n", eol)
    _open(editor, text)
    (found,) = await editor.diagnostics(bool)
    assert (found.code, found.range) == ("maintainer-deprecated", at(7, 8, 7, 18))
    actions = await _actions(editor, at(7, 9, 7, 9))
    label = 'LABEL org.opencontainers.image.authors="me"'
    mended = text.replace("MAINTAINER me", label)
    assert await editor.edited(text, actions["Write the author as a label"].edit) == mended
    ignored = await editor.edited(text, actions["Ignore maintainer-deprecated here"].edit)
    lines = ignored.split(eol)
    assert lines[7].startswith("        # dflint: ignore=maintainer-deprecated")
    assert lines[8] == "        MAINTAINER me"
    assert len(lines) == text.count(eol) + 2
    (action,) = await editor.actions(at(0, 0, 0, 0), ["source.fixAll"])
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    assert await editor.edited(text, action.edit) == mended
    assert "Format the Dockerfile" not in actions


@pytest.mark.asyncio
async def test_an_editor_asks_at_places_in_it(editor):
    _open(editor, COMPOSE)
    client, document = editor.client, editor.identifier
    for line, is_told in ((6, True), (5, False), (14, False)):
        position = types.Position(line, 9)
        told = await client.text_document_hover_async(types.HoverParams(document, position))
        assert (told is not None) is is_told
    found = await client.text_document_signature_help_async(
        types.SignatureHelpParams(document, types.Position(18, 13))
    )
    assert found.signatures
    edit = await client.text_document_rename_async(
        types.RenameParams(document, types.Position(6, 26), "base")
    )
    assert await editor.edited(COMPOSE, edit) == COMPOSE.replace("AS one", "AS base").replace(
        "from=one", "from=base"
    )
    params = types.DocumentFormattingParams(document, types.FormattingOptions(4, True))
    assert await client.text_document_formatting_async(params) is None
    assert not await client.text_document_folding_range_async(types.FoldingRangeParams(document))


@pytest.mark.asyncio
async def test_half_typed_yaml_takes_back_what_was_said(editor):
    _open(editor, COMPOSE)
    await editor.diagnostics(bool)
    whole = types.TextDocumentContentChangeWholeDocument
    editor.change(whole("a: [\n" + COMPOSE))
    assert await editor.diagnostics(lambda found: not found) == []
    editor.change(whole("\n" + COMPOSE))
    (found,) = await editor.diagnostics(bool)
    assert found.range == at(8, 8, 8, 18)


@pytest.mark.asyncio
async def test_other_documents_in_yaml_are_not_spoken_of(editor):
    editor.uri = "file:///somewhere/values.yaml"
    editor.open(COMPOSE, "yaml")
    _open(editor, COMPOSE)
    await editor.diagnostics(bool)
    assert "file:///somewhere/values.yaml" not in editor.client.reported_versions
