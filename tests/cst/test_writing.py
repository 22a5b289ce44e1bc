"""What is written is read as it was meant."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.cst.reading import read_text
from dflint.cst.writing import json_array, quoted_value
from dflint.semantic.expand import expand_word

LINES = st.text(
    st.sampled_from("ab $\"'\\`{}#=\t,") | st.characters(exclude_characters="\n"), max_size=12
)
ESCAPES = st.sampled_from("\\`")


@given(LINES, ESCAPES)
def test_a_builder_reads_a_written_value_as_the_text_that_it_is_written_for(
    text: str, escape: str
) -> None:
    written = quoted_value(text, escape)
    assert written is not None
    reading = read_text(f"LABEL k={written} l=m", 0, escape)
    assert reading.arguments[::3] == ("k", "l"), "the value goes on behind its end"
    assert expand_word(reading.arguments[1], {"a": "x", "b": "y"}, escape).text == text


def test_a_value_of_several_lines_cannot_be_written() -> None:
    assert quoted_value("a\nb") is None


@given(st.lists(st.text(max_size=8), max_size=4))
def test_an_array_is_the_json_of_its_words(words: list[str]) -> None:
    written = json_array(words)
    assert written is not None
    assert json.loads(written) == words
    assert "\n" not in written
    reading = read_text(f"CMD {written}", 0, "\\")
    assert reading.is_json
    assert list(reading.arguments) == words


@pytest.mark.parametrize("word", ["\udc80", "a\ud800"])
def test_bytes_that_are_no_text_have_no_json(word: str) -> None:
    assert json_array(["a", word]) is None
