"""Words that come out of one word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.expand import ExpansionError, evaluate_word, evaluate_words, expand_words

ENV = {"hi": "hi", "space": "abc  def", "leading": "  ab c", "trailing": "ab c   ", "V": "7"}


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("", ()),
        ("8080", ("8080",)),
        (" a  b ", ("a", "b")),
        ("a\u00a0b\u2003c\x85d", ("a", "b", "c", "d")),
        ("a\x1cb", ("a\x1cb",)),
        ("hello${hi}bye", ("hellohibye",)),
        ("hello${space}bye", ("helloabc", "defbye")),
        ('hello"${space}"bye', ("helloabc  defbye",)),
        ("hello${leading}def", ("hello", "ab", "cdef")),
        ("hello${trailing}d", ("helloab", "c", "d")),
        ('hel"lo${trailing}"', ("helloab c   ",)),
        ("hello\\ there", ("hello there",)),
        ("hello'$there'", ("hello$there",)),
        ("$unset", ()),
        ("\"\" $unset ''", ()),
        ("a\\", ("a",)),
    ],
)
def test_values_part_at_white_space_but_not_in_quotes(word, words):
    assert expand_words(word, ENV).words == words


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("8${X:-1}", ("1",)),
        ("8${V#9}6", ("76",)),
        ("8'9'${V:+1}", ("1",)),
        ('5"8${V:+1}9"', ("819",)),
        ("5 ${V#x}", ("5", "7")),
        ("${space}${V#x}", ("abc", "7")),
        ("${V:+1}8", ("18",)),
    ],
)
def test_an_operator_loses_what_the_word_had_before_it(word, words):
    assert expand_words(word, ENV).words == words


def test_the_text_of_an_expansion_into_words_is_that_of_one_word():
    assert expand_words("8${X:-1} $space", ENV).text == "81 abc  def"


def test_an_open_quote_gives_no_words():
    with pytest.raises(ExpansionError):
        expand_words('hello" there', ENV)
    assert evaluate_words('hello" there', ENV).words == ()


@given(st.text(st.sampled_from(" \t\u00a0ab'\"\\$V")))
def test_words_without_operators_joined_are_the_word_without_blanks(text):
    words = evaluate_words(text, ENV)

    joined = "".join("".join(words.words).split())
    assert joined == "".join(evaluate_word(text, ENV).text.split()) or words.error is not None
