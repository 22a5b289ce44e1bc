"""The text that the grammar sees in the place of the shell's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.shell.heredocs import find_heredocs
from dflint.shell.normalise import hide, normalise, separate

TOKENS = [
    *("a", "$A ", "${A}", "$(", "`", ")", "(", "{", "}", "!", "\\", "\\\n", "\\'", "'", '"', "$'"),
    *("# ", "<<", "<<-", "<<<", "EOF", "'E'", " - ", "2>", ";", "&&", " done"),
    *"\n\t é\0\ud800\x0b",
]


def bodies(text):
    return [(h.delimiter, text[h.start : h.end]) for h in find_heredocs(text)]


def test_heredocs_are_found_with_their_bodies():
    text = "cat <<A 3<<-'B C' # <<D\na\nA\n\tb\n\tB C\nrest <<E\ne"

    assert bodies(text) == [("A", "a\n"), ("B C", "\tb\n")]
    first, second = find_heredocs(text)
    assert (first.expands, first.chomps, first.descriptor) == (True, False, "")
    assert (second.expands, second.chomps, second.descriptor) == (False, True, "3")


@pytest.mark.parametrize(
    "text",
    [
        "cat <<<EOF\nx\nEOF\n",
        "echo '<<EOF'\nx\nEOF\n",
        "echo \\<<EOF\nx\n EOF\n",
        "# <<EOF\nx\nEOF\n",
        "cat <<EOF\nx\nEOF2\n",
        "cat <<EOF",
    ],
)
def test_what_is_no_heredoc_is_not_taken_for_one(text):
    assert bodies(text) == []


def test_a_delimiter_counts_only_on_a_line_of_its_own_even_with_crlf():
    assert bodies("a <<E\r\nE x\r\nE\r\nb") == [("E", "E x\r\n")]


def test_a_heredoc_becomes_a_file_and_blanks():
    text, heredocs = normalise("a 2<<-E | b\nx $(y)\n\tE\nc")

    assert text == "a  <  E | b\n" + " " * 9 + "\nc"
    assert len(heredocs) == 1


def test_foreign_characters_become_letters_of_the_same_length():
    assert normalise("é\0\ud800\u2028\x0b\x7fa\tb\r\n")[0] == "\x01" * 6 + "a\tb\r\n"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a\\ b", "a..b"),
        ("'a'\\''b'", "'a'..'b'"),
        ("'a\\ b' \"a\\\"b\" $'a\\'b' # it's\\ \n", "'a\\ b' \"a\\\"b\" $'a\\'b' # it's\\ \n"),
        ("a\\\nb", "a..b"),
        ("a \\\n b", "a \\\n b"),
        ("# a\\\nb", "# a\\\nb"),
        ("x$A-$B-c $C-d", "x$A-.B-c $C-d"),
        ("! { a; }", "  { a; }"),
        ("a - 2>f - >g", "a . 2>f - >g"),
    ],
)
def test_what_splits_words_is_hidden(text, hidden):
    assert hide(text).replace("\x01", ".") == hidden


def test_reserved_words_are_separated_from_closing_brackets():
    assert separate("if a; then (b) else { c; } fi") == "if a; then (b);else { c; };fi"
    assert separate("{ ( b ) }") == "{ ( b );}"
    assert separate("echo ${a} done (b) donex") == "echo ${a} done (b) donex"


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_no_character_moves(text):
    plain, heredocs = normalise(text)

    assert len(plain) == len(hide(plain)) == len(separate(hide(plain))) == len(text)
    assert plain.isascii()
    for heredoc in heredocs:
        assert text.startswith("<<", heredoc.marker)
        assert heredoc.marker < heredoc.start <= heredoc.end <= heredoc.close


PIECES = [
    *("\\", "'", '"', "$", "$a", "$a$", "<", "#", "9", "9<", "<<'", "'a", '"\\', "$'\\", ")"),
    *("<<E ", "<<E\n", " - ", "! ", "! {", ") ", "<<-\t", "\\\n", "a\\\n", " )  ", " "),
    *("<<a$", "!", "a}", "}", "<<<", "-", "- 9", "! \t"),
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_makes_it_slow(piece):
    text = (piece * 50_000)[:100_000]

    assert len(separate(hide(normalise(text)[0]))) == len(text)
