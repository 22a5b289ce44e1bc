"""Of a client's abilities those are read that something asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lsprotocol import types

import dflint_lsp
from dflint_lsp.abilities import HEEDED, make_converter

#: What asks for a part of `textDocument`: ours by attribute, the framework by a path.
ASKED = re.compile(r"\b(?:document|text_document)\.([a-z_]+)\b")


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


def test_what_is_asked_for_is_read() -> None:
    import pygls.capabilities

    known = {one.name for one in types.TextDocumentClientCapabilities.__attrs_attrs__}
    ours = [path.read_text() for path in Path(dflint_lsp.__file__).parent.rglob("*.py")]
    texts = [one for one in ours if "client_capabilities" in one or "ClientCapabilities" in one]
    framework = Path(pygls.capabilities.__file__).read_text()
    asked = {name for text in texts for name in ASKED.findall(text)}
    asked |= set(re.findall(r'"text_document\.([a-z_]+)', framework))
    assert "document_symbol" in asked, "the test finds nothing"
    assert {camel(name) for name in asked & known} <= HEEDED


def test_the_others_are_left_out() -> None:
    given = {
        "textDocument": {"hover": {"contentFormat": ["markdown"]}, "moniker": {}},
        "notebookDocument": {"synchronization": {}},
        "workspace": {"configuration": True},
        "experimental": {"x": 1},
    }
    read = make_converter().structure(given, types.ClientCapabilities)
    assert read.text_document is not None
    assert read.text_document.hover is not None
    assert read.text_document.hover.content_format == (types.MarkupKind.Markdown,)
    assert read.text_document.moniker is None
    assert read.notebook_document is None
    assert read.workspace is not None
    assert read.workspace.configuration
    assert read.experimental == {"x": 1}


@pytest.mark.parametrize("wrong", [7, {"textDocument": 7}])
def test_what_is_no_object_is_refused(wrong: object) -> None:
    with pytest.raises((TypeError, AttributeError)):
        make_converter().structure(wrong, types.ClientCapabilities)
