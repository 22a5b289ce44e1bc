"""Patterns in `${name#…}`, `${name%…}` and `${name/…/…}`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.expand import expand_word
from dflint.semantic.expand_pattern import transform

ENV = {
    "A": "xxyy", "E": "", "S": "*x?", "D": "$0-$1-${0}-$$-$x", "N": "a\nb\ncab", "B": "a\\b",
    "Z": "}z", "U": "/z", "Q": "???y", "BOM": "\ufeffz",
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("${A#x}", "xyy"),
        ("${A##*x}", "yy"),
        ("${A#*x}", "xyy"),
        ("${A%y*}", "xxy"),
        ("${A%%y*}", "xx"),
        ("${A#*}|${A##*}|${A%*}|${A%%*}", "xxyy||xxyy|"),
        ("${A#}${A##}${A%}${A%%}", "xxyyxxyyxxyyxxyy"),
        ("${A#?}${A%?}", "xyyxxy"),
        ("${A#'x'}", "xyy"),
        ("${A##'#'}", "xxyy"),
        ("${S#\\*}", "x?"),
        ("${S#\\*x\\?}", ""),
        ("${S#${X:-\\*}}", "*x?"),
        ("${B#a\\\\}", "b"),
        ('${B#a"\\\\"}', "b"),
        ("${Z#\\}}${U#/}${U#\\/}", "zzz"),
        ("${Q#?\\?}", "?y"),
        ("${BOM#\ufeff}${BOM%\ufeff}${BOM/\ufeff/q}", "\ufeffz\ufeffzq\ufeffz"),
        ("${N##*b}", "a\nb\ncab"),
        ("${N%%b*}", "a\nb\nca"),
    ],
)
def test_prefixes_and_suffixes(word, value):
    assert expand_word(word, ENV).text == value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("${A/x/w}|${A//x/w}", "wxyy|wwyy"),
        ("${A//z/w}", "xxyy"),
        ("${A//x/a/b}", "a/ba/byy"),
        ("${A//x/}", "yy"),
        ("${A/$E/w}|${A//$E/w}", "wxxyy|wxwxwywyw"),
        ("${E//$E/w}", "w"),
        ("${N/*/w}", "w\nb\ncab"),
        ("${N//*/w}", "w\nw\nw"),
        ("${N//a*b/w}", "a\nb\ncw"),
        ("${A//?/w}", "wwww"),
        ("${A/x/$D}", "$0-$1-${0}-$$-$xxyy"),
        ("${A//x/$D}", "x--x-$-x--x-$-yy"),
        ("${A//x?/'[$0${0}$00$é${x$ ${}]'}", "[xxxx${x$ ${}]yy"),
        ("${A/x/\\$0}|${A//x/\\$0}", "\\$0xyy|\\x\\xyy"),
        ("${A//x/\\}}", "\\}\\}yy"),
    ],
)
def test_replacements(word, value):
    assert expand_word(word, ENV).text == value


def test_wildcards_in_very_long_values_are_left_alone_and_said_to_be():
    expansion = expand_word("${A#*b}", {"A": "ab" * 5000})

    assert expansion.cut
    assert expansion.text == "ab" * 5000


def test_literal_patterns_in_very_long_values_work():
    env = {"A": "ab" * 5000}

    assert expand_word("${A#ab}", env).text == "ab" * 4999
    assert expand_word("${A%ab}", env).text == "ab" * 4999
    assert expand_word("${A//a/}", env).text == "b" * 5000
    assert not expand_word("${A//a/}", env).cut


def go_expression(pattern: str, greedy: bool) -> re.Pattern[str]:
    """The regular expression that stands for a pattern."""
    parts = []
    escaped = False
    for character in pattern:
        if escaped or character not in "*?\\":
            parts.append(re.escape(character))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append({"*": ".*" if greedy else ".*?", "?": "."}[character])
    return re.compile("".join(parts))


PATTERNS = st.lists(st.sampled_from(["a", "b", "\n", "*", "?", "\\*", "\\?", "\\\\"])).map("".join)
VALUES = st.text(st.sampled_from("ab\n*?\\"), max_size=20)


@given(PATTERNS, VALUES, st.booleans())
def test_prefixes_are_those_of_the_regular_expression(pattern, value, longest):
    found = go_expression(pattern, longest).match(value)
    expected = value if found is None else value[found.end() :]

    operator, word = ("##", "#" + pattern) if longest else ("#", pattern)
    assert transform(operator, value, "", word, 1000) == expected


@given(PATTERNS, VALUES, st.booleans())
def test_suffixes_are_prefixes_from_the_other_end(pattern, value, longest):
    tokens = re.findall(r"\\.|[^\\]", pattern, re.DOTALL)
    found = go_expression("".join(reversed(tokens)), longest).match(value[::-1])
    expected = value if found is None else value[: len(value) - found.end()]

    operator, word = ("%%", "%" + pattern) if longest else ("%", pattern)
    assert transform(operator, value, "", word, 1000) == expected


@given(PATTERNS, VALUES)
def test_replacements_are_those_of_the_regular_expression(pattern, value):
    expression = go_expression(pattern, True)

    assert transform("/", value, pattern, "<$0>", 1000) == expression.sub(
        lambda _: "<$0>", value, count=1
    )
    parts, done = [], 0
    for found in expression.finditer(value):
        # Go leaves an empty match alone that touches the one before.
        if found.end() > done or found.start() == 0:
            parts += [value[done : found.start()], "<", found[0], ">"]
            done = found.end()
    assert transform("//", value, pattern, "<$0>", 1000) == "".join(parts) + value[done:]
