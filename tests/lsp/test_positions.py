from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from dflint.text.span import Span
from dflint_lsp.documents import OpenDocument
from dflint_lsp.positions import UTF8, UTF16, UTF32, ClientLines

ENCODINGS = (UTF8, UTF16, UTF32)
_TEXT = st.text(st.sampled_from("aé€😀\n\r\u2028\u0085\f\v\x1c "), max_size=40)


@pytest.mark.parametrize(("encoding", "character"), [(UTF8, 9), (UTF16, 4), (UTF32, 3)])
def test_characters_are_counted_in_the_units_agreed_on(encoding, character):
    lines = ClientLines("a\né€😀x", encoding)
    assert lines.position(5) == types.Position(1, character)
    assert lines.offset(types.Position(1, character)) == 5
    assert lines.offset(types.Position(1, character + 1)) == 6


def test_a_position_within_a_character_is_its_beginning():
    assert ClientLines("😀x", UTF16).offset(types.Position(0, 1)) == 0
    assert ClientLines("€x", UTF8).offset(types.Position(0, 2)) == 0


def test_positions_beyond_lines_and_text_are_their_ends():
    lines = ClientLines("ab\r\ncd", UTF16)
    assert lines.offset(types.Position(0, 99)) == 2
    assert lines.offset(types.Position(1, 99)) == 6
    assert lines.offset(types.Position(9, 0)) == 6
    assert lines.position(3) == types.Position(0, 2)


def test_lines_end_where_the_protocol_says():
    lines = ClientLines("a\u2028b\fc\r\nd\re\n")
    assert [lines.line_span(line).slice(lines.text) for line in range(lines.count)] == [
        "a\u2028b\fc",
        "d",
        "e",
        "",
    ]


@given(_TEXT, st.sampled_from(ENCODINGS))
def test_offsets_survive_the_way_there_and_back(text, encoding):
    lines = ClientLines(text, encoding)
    for offset in range(len(text) + 1):
        between = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
        assert lines.offset(lines.position(offset)) == offset - between


@given(_TEXT, _TEXT, st.sampled_from(ENCODINGS), st.data())
def test_an_edit_changes_what_it_says(text, inserted, encoding, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = ClientLines(text, encoding)
    changed = lines.range(Span(start, end))
    document = OpenDocument(
        "file:///Dockerfile", text, 1, "dockerfile", position_codec=PositionCodec(encoding)
    )
    document.apply_change(types.TextDocumentContentChangePartial(changed, inserted))
    start, end = lines.offset(changed.start), lines.offset(changed.end)
    assert document.source == text[:start] + inserted + text[end:]
    document.version = 2
    assert document.current.text == document.source
    assert "".join(document.lines) == document.source


def test_lone_surrogates_keep_their_width():
    document = OpenDocument("file:///Dockerfile", "RUN \ud800x", 1, "dockerfile")
    assert document.current.text == "RUN \ufffdx"
    assert document.current.lines.position(5) == types.Position(0, 5)
