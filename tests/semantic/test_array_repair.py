"""Arrays that are nearly JSON become what they are meant to be, or stay."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.cst.instructions import Cmd
from dflint.cst.parser.build import parse
from dflint.cst.parser.json_diagnosis import find_fault
from dflint.semantic.array_repair import array_pieces, string_pieces, word_pieces
from dflint.semantic.pair_writing import replaced
from dflint.semantic.shell_form import start_texts

WORDS = st.lists(st.text(st.sampled_from("ab-/.:= "), min_size=1, max_size=6), min_size=1)
SHELL_TEXT = st.text(st.sampled_from("ab '\"-=\t\\$~x#"), min_size=1, max_size=14)


def repaired(text: str) -> list[str] | None:
    fault = find_fault(text)
    assert fault is not None
    pieces = array_pieces(text, fault.kind)
    if pieces is None:
        return None
    found: list[str] = json.loads(replaced(text, pieces))
    return found


@given(WORDS, st.sampled_from(("''", "“”", "‘’")), st.sampled_from((", ", ",", " ")))
def test_strings_in_other_quotes_keep_their_text(words: list[str], quotes: str, comma: str) -> None:
    text = "[" + comma.join(quotes[0] + word + quotes[1] for word in words) + "]"
    assert repaired(text) == words


@given(WORDS, st.sampled_from(("", ",]", " , ]")))
def test_the_end_of_an_array_is_mended(words: list[str], end: str) -> None:
    assert repaired(json.dumps(words)[:-1] + end) == words


@pytest.mark.parametrize(
    "text",
    [
        '["a", "b]',
        "['a',, 'b']",
        '["a"; "b"]',
        '["a"] # b',
        "['a\\n']",
        "[a, $b]",
        "['{{ a }}']",
        '["a\\d\\\\e"]',
    ],
)
def test_what_may_be_meant_in_two_ways_is_left(text: str) -> None:
    assert repaired(text) is None


def test_words_become_an_array_where_no_shell_has_a_meaning_for_them() -> None:
    text = "/bin/bash  -c"
    pieces = word_pieces(text)
    assert pieces is not None
    assert replaced(text, pieces) == '["/bin/bash",  "-c"]'
    assert word_pieces("bash -c 'a'") is None
    assert word_pieces("") is None


def test_elements_that_are_no_strings_become_strings() -> None:
    text = '["a", 1, true, null]'
    pieces = string_pieces(text)
    assert pieces is not None
    assert json.loads(replaced(text, pieces)) == ["a", "1", "true", "null"]
    assert string_pieces("[[1]]") is None


@given(SHELL_TEXT)
def test_an_exec_form_has_the_words_that_a_shell_makes_of_the_text(text: str) -> None:
    tree = parse(f"FROM a\nCMD x{text}\n")
    for start in start_texts(tree, Cmd):
        if start.exec_form:
            assert json.loads(start.exec_form) == shlex.split(start.command)
