"""The reasons for which a word is refused, in BuildKit's words."""

from __future__ import annotations

import pytest

from dflint.errors import DflintError
from dflint.semantic.expand import ExpansionError, expand_word

ENV = {"A": "xxyy", "E": ""}
NO_BRACE = "syntax error: missing '}'"
NO_SLASH = "syntax error: missing '/' in ${}"
SINGLE = "unexpected end of statement while looking for matching single-quote"
DOUBLE = "unexpected end of statement while looking for matching double-quote"


@pytest.mark.parametrize(
    ("word", "message", "offset"),
    [
        ("a'b", SINGLE, 1),
        ('a"b', DOUBLE, 1),
        ("a'b\"", SINGLE, 1),
        ("x${A", "unsupported modifier (\ufffd) in substitution", 1),
        ("${é", "unsupported modifier (\ufffd) in substitution", 0),
        ("${", NO_BRACE, 0),
        ("${}", "syntax error: bad substitution", 0),
        ("${{", "syntax error: bad substitution", 0),
        ("a${:x}", "syntax error: bad substitution", 1),
        ("${A:", NO_BRACE, 0),
        ("${A:}", NO_BRACE, 0),
        ("${A:-x", NO_BRACE, 0),
        ("${A#x", NO_BRACE, 0),
        ("${A?", NO_BRACE, 0),
        ("${A/", NO_SLASH, 0),
        ("${A//x", NO_SLASH, 0),
        ("${A/x/", NO_BRACE, 0),
        ('${a/"/x}', NO_SLASH, 0),
        ("${A:-'x}'", NO_BRACE, 0),
        ('"${A:-x', NO_BRACE, 1),
        ('${A:-"x', NO_BRACE, 0),
        ("b${A:-${B:i}", NO_BRACE, 1),
        ("${A:-${X?no}", NO_BRACE, 0),
        ("${A:i}", "unsupported modifier (:i) in substitution", 0),
        ("${A:i", NO_BRACE, 0),
        ("${A::x}", "unsupported modifier (::) in substitution", 0),
        ("${A:=x}", "unsupported modifier (:=) in substitution", 0),
        ("${A=x}", "unsupported modifier (=) in substitution", 0),
        ("${A:#x}", "unsupported modifier (:#) in substitution", 0),
        ("${A:%x}", "unsupported modifier (:%) in substitution", 0),
        ("${A:/x/y}", "unsupported modifier (:/) in substitution", 0),
        ("${A,,}", "unsupported modifier (,) in substitution", 0),
        ("${.}", "unsupported modifier (.) in substitution", 0),
        ("${²}", "unsupported modifier (²) in substitution", 0),
        ('a"b${A:i}', "unsupported modifier (:i) in substitution", 3),
        ("${X?}", "X: is not allowed to be unset", 0),
        ("${X:?}", "X: is not allowed to be unset", 0),
        ("${E:?}", "E: is not allowed to be empty", 0),
        ("${E:?m}", "E: m", 0),
        ("${X:?$A}", "X: xxyy", 0),
        ("${A:-${X?'a b'}}", "X: a b", 5),
        ("${A#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'", 0),
        ("${A//\\a/x}", "invalid pattern (\\a) in substitution: invalid escape '\\a'", 0),
        ("${A#'\\'}", "invalid pattern (\\) in substitution: invalid escape '\\\ufffd'", 0),
        ("${A%x'\\'}", "invalid pattern (\\x) in substitution: invalid escape '\\x'", 0),
        ("${A#\\\\\\x}", "invalid pattern (\\\\\\x) in substitution: invalid escape '\\x'", 0),
    ],
)
def test_reason_and_place(word, message, offset):
    with pytest.raises(ExpansionError) as caught:
        expand_word(word, ENV)

    assert caught.value.message == message
    assert caught.value.offset == offset
    assert isinstance(caught.value, DflintError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("word", ["${E?}", "${A%x\\*}", "${A%'\\'*x}", "${A-\ufeff}", "$", "\\"])
def test_what_looks_odd_but_is_taken(word):
    expand_word(word, ENV)


def test_the_error_as_text_is_the_whole_sentence():
    with pytest.raises(ExpansionError) as caught:
        expand_word('"b ${A:i}\t', ENV)

    assert str(caught.value) == (
        'failed to process "\\"b ${A:i}\\t": unsupported modifier (:i) in substitution'
    )


def test_references_before_the_failure_are_kept():
    with pytest.raises(ExpansionError) as caught:
        expand_word("$A${b:-${c}", ENV)

    assert [reference.name for reference in caught.value.references] == ["A", "c"]
