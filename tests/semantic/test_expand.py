"""The values of words, as BuildKit was seen to work them out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.expand import (
    RESULT_LIMIT,
    ExpansionError,
    Reference,
    evaluate_word,
    evaluate_words,
    expand_word,
)
from dflint.text.span import Span

ENV = {"A": "xxyy", "E": "", "S": "*x?", "é": "acc", "P": "/tmp/tmp/bar.txt", "V": "1.2.3"}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("", ""),
        ("plain", "plain"),
        ("$A", "xxyy"),
        ("${A}z", "xxyyz"),
        ("$Az", ""),
        ("$é${é}", "accacc"),
        ("$²x", "$²x"),
        ("$٣y", "y"),
        ("a$", "a$"),
        ("$.", "$."),
        ("$$A", "A"),
        ("$@A", "A"),
        ("$-x$!", "x"),
        ("$12x$0", "x"),
        ("${00}${@}", ""),
        ("\ufeff$A", "xxyy"),
        ("x\ufeff", "x\ufeff"),
        ("a\\b", "ab"),
        ("a\\", "a"),
        ("\\$A", "$A"),
        ("`a", "`a"),
        ("'$A\\'", "$A\\"),
        ('"a\\b\\\\c\\$d\\"e"', 'a\\b\\c$d"e'),
        ('"it\'s $A"', "it's xxyy"),
        ('"$"', "$"),
        ("he'll'o", "hello"),
        ("안녕\\'하세요", "안녕'하세요"),
    ],
)
def test_quotes_escapes_and_names(word, value):
    assert expand_word(word, ENV).text == value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("${X:-b}${E:-b}${A:-b}", "bbxxyy"),
        ("${X-b}${E-b}${A-b}", "bxxyy"),
        ("${X:+b}${E:+b}${A:+b}", "b"),
        ("${X+b}${E+b}${A+b}", "bb"),
        ("${A:?no}${A?no}${E?no}", "xxyyxxyy"),
        ("${X:-${E:-$A}}", "xxyy"),
        ("${X:-a\\ b}", "a b"),
        ("${X-'}'}", "}"),
        ("${X:-\\$A}", "$A"),
        ("${X:-$}", "$"),
        ('"${X:-"a b"}"', "a b"),
        ("${A:-b}}", "xxyy}"),
        ("${+x}", ""),
    ],
)
def test_defaults_and_alternatives(word, value):
    assert expand_word(word, ENV).text == value


def test_the_escape_character_can_be_a_backtick():
    env = {"A": "xxyy", "V": "`z"}

    assert expand_word('"`$`a`""', env, "`").text == '$`a"'
    assert expand_word("a`$A", env, "`").text == "a$A"
    assert expand_word("a\\$A", env, "`").text == "a\\xxyy"
    assert expand_word("${X:-`}}", env, "`").text == "}"
    assert expand_word("${A//x/`}}", env, "`").text == "`}`}yy"
    assert expand_word("${V#``}${V#'`'}", env, "`").text == "`zz"


def test_references_tell_name_place_operator_and_whether_it_is_set():
    references = expand_word("$A-${X:-$é}${A##x}${S//\\*/}", ENV).references

    assert [(r.name, r.span, r.found, r.modifier) for r in references] == [
        ("A", Span(0, 2), True, ""),
        ("X", Span(3, 11), False, ":-"),
        ("é", Span(8, 10), True, ""),
        ("A", Span(11, 18), True, "##"),
        ("S", Span(18, 27), True, "//"),
    ]


def test_matched_and_unmatched_names_are_sorted_and_unique():
    expansion = expand_word("$X${A}$X$A${B:+$E}", ENV)

    assert expansion.matched == ("A", "E")
    assert expansion.unmatched == ("B", "X")


def test_variables_can_come_from_a_function_or_anything_with_get():
    class Variables:
        def get(self, name):
            return name.lower()

    assert expand_word("$AB", Variables()).text == "ab"
    assert expand_word("$AB", str.swapcase).text == "ab"


def test_quotes_mean_nothing_in_heredocs():
    assert expand_word("'$A' \"b\" \\$A", ENV, skip_quotes=True).text == "'xxyy' \"b\" $A"


def test_quotes_and_escapes_can_be_kept():
    raw = {"raw_quotes": True, "raw_escapes": True}

    assert expand_word("'a'\"b\"\\c", ENV, **raw).text == "'a'\"b\"\\c"
    assert expand_word('"\\$\\""', ENV, **raw).text == '"\\$\\""'
    # Where an escape character means itself, BuildKit writes it twice.
    assert expand_word('"a\\b"', ENV, **raw).text == '"a\\\\b"'


@pytest.mark.parametrize("word", ["$X", "${X}", "${X:-b}", "${X?}", "${X:i}", "${X/b/c}", "$1"])
def test_what_is_not_set_can_be_kept_as_written(word):
    expansion = expand_word(word, ENV, keep_unset=True)

    assert expansion.text == word
    assert expansion.unmatched == (word.strip("${}")[:1],)


def test_what_is_kept_has_lost_its_inner_quotes():
    assert expand_word("${X:-'b'}$A", ENV, keep_unset=True).text == "${X:-b}xxyy"


def test_an_evaluation_that_fails_keeps_the_word_and_the_references():
    expansion = evaluate_word("a${A}${X:i}", ENV)

    assert expansion.text == "a${A}${X:i}"
    assert isinstance(expansion.error, ExpansionError)
    assert expansion.matched == ("A",)
    assert expansion.error.references == expansion.references


def test_plain_words_are_the_same_object():
    word = "/usr/local/bin"

    assert evaluate_word(word, ENV).text is word


def test_repr_of_a_reference_shows_its_fields():
    assert repr(Reference("A", Span(0, 2), True, "#")) == "Reference('A', Span(0, 2), True, '#')"


TEXTS = st.text(st.sampled_from("$${}{}:-+?#%/*\\`'\"AXé1 \t\ufeff\n") | st.characters())


@given(TEXTS, st.sampled_from("\\`"), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_any_text_expands_or_fails_with_a_reason(text, escape, quotes, escapes, unset, skip):
    options = {
        "raw_quotes": quotes,
        "raw_escapes": escapes,
        "keep_unset": unset,
        "skip_quotes": skip,
    }
    for evaluate in (evaluate_word, evaluate_words):
        expansion = evaluate(text, ENV, escape, **options)

        assert all(r.span.end <= len(text) for r in expansion.references)
        if expansion.error is not None:
            assert expansion.error.message
            assert 0 <= expansion.error.offset <= len(text)
            assert not expansion.words
        assert all(expansion.words)


@given(st.text(st.characters(exclude_characters="$\\'\"\ufeff")))
def test_text_without_special_characters_stays(text):
    assert evaluate_word(text, ENV).text == text
    assert evaluate_word(text, ENV, raw_quotes=True).text == text


PIECES = (
    "$A",
    "${A}",
    "${E}",
    "$A_",
    "$1",
    "${A:-b}",
    "$",
    "a",
    "/",
    "'",
    '"',
    "\\",
    "é",
    "{",
    "\n",
)


@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.booleans(),
    st.sampled_from("\\`"),
)
def test_plain_references_are_what_the_lexer_makes_of_them(text, is_quoted, escape):
    word = f'"{text}"' if is_quoted else text

    quick, read = (
        evaluate_word(word, ENV, escape, **more) for more in ({}, {"limit": RESULT_LIMIT})
    )

    assert quick.text == read.text
    assert str(quick.error) == str(read.error)
    found = (
        [(r.name, r.span, r.found, r.modifier) for r in one.references] for one in (quick, read)
    )
    assert next(found) == next(found)
