"""Nothing that a file can hold makes expansion fail, explode or fill the memory."""

from __future__ import annotations

import pytest

from dflint.semantic.expand import RESULT_LIMIT, evaluate_word, evaluate_words, expand_word


@pytest.mark.parametrize("opening", ["${a:-", "${a#", "${a+", '"${a:-', "${a//b/", "${a/"])
def test_any_depth_of_nesting_is_read(opening):
    depth = 20_000
    closing = "/b}" if opening == "${a/" else '}"' if opening[0] == '"' else "}"

    expansion = evaluate_word(opening * depth + "x" + closing * depth, {"a": "v"})

    assert expansion.error is None
    assert len(expansion.references) == depth


@pytest.mark.parametrize("opening", ["${a:-", "${a#", "${a//b/", "${a/", '"${a:-'])
def test_any_depth_of_nesting_that_does_not_close_is_refused(opening):
    assert evaluate_word(opening * 20_000, {}).error is not None


def test_a_value_that_doubles_again_and_again_is_cut():
    value = "a" * 16
    for _ in range(30):
        expansion = expand_word("$A$A", {"A": value})
        value = expansion.text

    assert expansion.cut
    assert len(value) == RESULT_LIMIT


def test_the_limit_can_be_chosen():
    expansion = expand_word("b$A'c'", {"A": "a" * 10}, limit=5)

    assert expansion.text == "baaaa"
    assert expansion.cut
    assert not expand_word("b$A", {"A": "aaaa"}, limit=5).cut


def test_a_word_that_is_long_itself_is_cut():
    assert len(expand_word("a" * (RESULT_LIMIT + 1), {}).text) == RESULT_LIMIT


def test_references_and_errors_behind_the_cut_are_found():
    expansion = evaluate_word("$A$A$B${X:i}", {"A": "a" * RESULT_LIMIT})

    assert expansion.unmatched == ("B", "X")
    assert expansion.error is not None


@pytest.mark.parametrize("replacement", ["$A", "\\$0\\$0", "'$0$0$0$0'"])
def test_replacements_that_grow_are_cut(replacement):
    env = {"A": "ab" * 60_000, "B": "b" * 2000}

    for pattern in ("b", "?", "*", "$E"):
        assert len(expand_word(f"${{B//{pattern}/{replacement}}}", env).text) <= RESULT_LIMIT
        assert len(expand_word(f"${{A//{pattern}/{replacement}}}", env).text) <= RESULT_LIMIT


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("*a" * 500 + "b", "a" * 2000),
        ("a?" * 500 + "c", "a" * 2000),
        ("*a?b" * 300 + "c", "aab" * 600),
        ("?" * 1024, "a" * 2048),
        ("*\n" * 600 + "x", "\n" * 2000),
        ("a\n*" * 600 + "x", "a\n" * 1000),
    ],
)
def test_patterns_made_to_backtrack_do_not(pattern, value):
    env = {"P": pattern, "V": value}

    for word in ("${V#$P}", "${V##$P}", "${V%$P}", "${V%%$P}", "${V/$P/x}", "${V//$P/x}"):
        assert evaluate_word(word, env).error is None


@pytest.mark.parametrize(
    "piece", ["\\", "'", '"', "$", "{", "}", "${", "$a", "''", "\\'", "${a}", "${a:-}", " a", "é$é"]
)
def test_a_hundred_thousand_times_the_same_is_read(piece):
    evaluate_word(piece * 100_000, {"a": "b"})
    evaluate_words(piece * 100_000, {"a": "b"})
