"""The legacy form of ENV and LABEL, and blanks around the sign."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.legacy_pair import begins_with_sign, legacy_pair, split_defaults


def only(source):
    return parse(source).instructions[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ENV a b", ("a", "b")),
        ("ENV a b c=d", ("a", "b c=d")),
        ("LABEL a = b", ("a", "= b")),
        ("ENV\ta\t\\\n  b", ("a", "b")),
        ("ENV a=b", None),
        ("ENV a=b c=d", None),
        ("ENV a", None),
        ("ENV", None),
        ('LABEL "a b"=c', None),
    ],
)
def test_legacy_pair_is_read_and_other_forms_are_not(source, expected):
    assert legacy_pair(only(source)) == expected


@pytest.mark.parametrize(("value", "expected"), [("= 1", True), ("=1", True), ("==>", False)])
def test_one_sign_was_meant_as_the_separator(value, expected):
    assert begins_with_sign(value) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ARG a= 1", [0]),
        ("ARG a=\t'b'", [0]),
        ("ARG a=1 b= /c d= $e", [1, 3]),
        ("ARG a= b", []),
        ("ARG a= b=1", []),
        ("ARG a=", []),
    ],
)
def test_a_default_behind_a_blank_is_found_unless_it_may_be_a_name(source, expected):
    assert split_defaults(only(source)) == expected
