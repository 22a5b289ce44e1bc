from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.oci.json_text import read_object, write_compact, write_indented

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), 1 << 63) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_marks_of_html_and_line_separators_are_escapes_as_go_writes_them():
    assert write_compact({"a": '<>&\u2028\u2029\x7fü€𝄞"\\/\n\r\t\b\f\x01'}) == (
        b'{"a":"\\u003c\\u003e\\u0026\\u2028\\u2029\x7f\xc3\xbc\xe2\x82\xac\xf0\x9d\x84\x9e'
        b'\\"\\\\/\\n\\r\\t\\b\\f\\u0001"}'
    )


def test_bytes_that_are_no_utf8_are_replaced():
    assert write_compact(b"a\xff\xfeb".decode("utf-8", "surrogateescape")) == b'"a\\ufffd\\ufffdb"'


def test_indented_text_has_two_blanks_and_no_line_end():
    assert write_indented({"a": [1], "b": []}) == b'{\n  "a": [\n    1\n  ],\n  "b": []\n}'


@given(JSON)
def test_what_is_written_is_read_back(value):
    assert json.loads(write_compact(value)) == value
    assert read_object(write_indented({"v": value}), "x") == {"v": value}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x is not valid JSON: Expecting value"),
        (b"\xff", "x is not valid JSON: "),
        (b"[]", "x: expected a JSON object, found a list"),
        (b"null", "x: expected a JSON object, found null"),
        (b'{"a":NaN}', "x is not valid JSON: `NaN` is no JSON"),
        (b"[" * 200_000, "x is not valid JSON: nested too deeply"),
        (b'{"a":' + b"9" * 5000 + b"}", "x is not valid JSON: "),
    ],
)
def test_hostile_texts_are_refused(data, message):
    with pytest.raises(BuildError) as raised:
        read_object(data, "x")

    assert str(raised.value).startswith(message)
