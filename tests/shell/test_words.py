"""Words: their values, their parts, the variables in them."""

from __future__ import annotations

import pytest

from dflint.shell.script import read_shell_form
from dflint.shell.words import PartKind


def word_of(text):
    (command,) = read_shell_form(f"x {text}").commands[:1]
    (word,) = command.arguments
    return word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("'a $b \\'", "a $b \\"),
        ('"a \\$b \\" \\\\ \\n"', 'a $b " \\ \\n'),
        ("a\\ b\\$c", "a b$c"),
        ("\\ a", " a"),
        ("'it'\\''s'", "it's"),
        ("a'b'\"c\"d", "abcd"),
        ("--x='a b'", "--x=a b"),
        ("*.c", "*.c"),
        ("{a,b}~", "{a,b}~"),
        ("$", "$"),
        ("a$", "a$"),
        ('"a$"', "a$"),
        ("''", ""),
        ('é"ü"', "éü"),
        ("$'ab'", "ab"),
        ("$'a\\n'", None),
        ("$a", None),
        ('"a$b"', None),
        ("a$(b)", None),
        ("`b`", None),
        ("$((1))", None),
        ("<(b)", None),
        ("$1", None),
        ("${a}$b-c", None),
        ('"x"$b-c', None),
    ],
)
def test_the_value_is_the_word_without_quotes_or_none(text, value):
    word = word_of(text)

    assert word.value == value
    assert word.text == text


def test_an_escaped_newline_in_a_heredoc_is_no_part_of_a_word():
    from dflint.shell.script import read_heredoc

    (command,) = read_heredoc("fo\\\no 'a\\\nb' \"a\\\nb\" \\\n c\n").commands

    assert [word.value for word in command.words] == ["foo", "a\\\nb", "ab", "c"]


def test_parts_cover_the_word_in_order():
    word = word_of("a'b'\"c $d\"${e:-f}$(g)$((1))$h-\\ i")

    kinds = [part.kind for part in word.parts]
    assert kinds == [
        PartKind.LITERAL,
        PartKind.SINGLE_QUOTED,
        PartKind.DOUBLE_QUOTED,
        PartKind.VARIABLE,
        PartKind.SUBSTITUTION,
        PartKind.ARITHMETIC,
        PartKind.VARIABLE,
        PartKind.LITERAL,
    ]
    assert "".join(part.text for part in word.parts) == word.text
    assert word.parts[-1].value == "- i"


def test_double_quotes_have_parts_of_their_own():
    (part,) = word_of('"a $b `c` ${d[0]}"').parts

    assert [piece.text for piece in part.parts] == ["a ", "$b", " ", "`c`", " ", "${d[0]}"]
    assert [piece.name for piece in part.parts] == [None, "b", None, None, None, "d"]
    assert part.value is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$a/${b}/$c-d", ("a", "b", "c")),
        ("'$a'\"$b\"\\$c", ("b",)),
        ("${#a}${!b}${c[1]}$1$@", ("a", "b", "c", "1", "@")),
        ("plain", ()),
        ("${a:-$b}", ("a", "b")),
        ('"${a:-x}$(echo $b)"', ("a",)),
    ],
)
def test_variables_are_named_in_order(text, names):
    assert word_of(text).variables == names


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("--a=$b", "--a="), ('"--a=$b"c', "--a="), ("'a'b", "ab"), ("$a", ""), ('-x"y z$a"', "-xy z")],
)
def test_the_prefix_ends_at_the_first_expansion(text, prefix):
    assert word_of(text).prefix == prefix


@pytest.mark.parametrize(("text", "quoted"), [("'a'", True), ('"$a"', True), ("a'b'", False)])
def test_quoted_means_the_whole_word(text, quoted):
    assert word_of(text).is_quoted is quoted


@pytest.mark.parametrize(
    "text",
    [
        "$A/x-$B-c",
        "x${A}$B.d",
        '"q"$B-c',
        "'q'\\x",
        "$A\\.b",
        "a`b`-I`c`/d",
        "$A$A$A-$A",
        "a\\ \\ b",
        "x=${a}/$b/c",
        "$(a b)/$c-d",
        '"a""b"\\""c"',
    ],
)
def test_a_word_that_the_grammar_splits_is_one_word(text):
    assert word_of(text).text == text
