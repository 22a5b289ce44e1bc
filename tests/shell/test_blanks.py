"""Blanks between words may change, and nothing else."""

from __future__ import annotations

import pytest

from dflint.shell.blanks import differ_in_blanks_only

SAME = (
    ("a  b", "a b"),
    ("a&&b", "a && b"),
    ("a ;b|c", "a; b | c"),
    ('a  "b  c"', 'a "b  c"'),
    ("if a;   then b; fi", "if a; then b; fi"),
    ('x="$( a   b )"', 'x="$( a b )"'),
    ("(  a )", "( a )"),
    ("a >  b", "a > b"),
    ("a  $'b  c\\n'", "a $'b  c\\n'"),
)
OTHER = (
    ("a b", "a c"),
    ("a b", "ab"),
    ("ab", "a b"),
    ('"a  b"', '"a b"'),
    ("'a  b'", "'a b'"),
    ("a\\  b", "a\\ b"),
    ('if a; then b "c  d"; fi', 'if a; then b "c d"; fi'),
    ('x="$(a)  b"', 'x="$(a) b"'),
    ('x="$(a "b  c")"', 'x="$(a "b c")"'),
    ("a 2>&1", "a 2 >&1"),
    ("a; b", "a;; b"),
    ("a | | b", "a || b"),
    ("a & & b", "a && b"),
    ("$(( 1  + 2 ))x; (a)", "$(( 1 + 2 ))x; (a)"),
    ("[[ a =~ (b  c) ]]", "[[ a =~ (b c) ]]"),
    ("echo '  never closed", "echo ' never closed"),
    ("for x in a; do b  c", "for x in a; do b c"),
    ("{ a; }  b", "{ a; } b"),
    ("a #  b", "a # b"),
    ("a $'b  c\\n'", "a $'b c\\n'"),
    ("a  $'b\\'c  d'", "a $'b\\'c  d'"),
)


@pytest.mark.parametrize(("old", "new"), SAME)
def test_blanks_between_words_are_no_difference(old, new):
    assert differ_in_blanks_only(old, new)
    assert differ_in_blanks_only(new, old)


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_everything_else_is_one(old, new):
    assert not differ_in_blanks_only(old, new)
    assert not differ_in_blanks_only(new, old)
