"""Comments that describe stages and build arguments; the verdicts are BuildKit's."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.descriptions import definitions


def undescribed(text):
    return [one.names for one in definitions(parse(text).instructions) if not one.is_described]


@pytest.mark.parametrize(
    "comment",
    [
        "# bar does",
        "# bar",
        "#bar does",
        "#\tbar does",
        "#",
        "# foo\n#",
        "# foo\n# bar x",
        "  # bar x",
    ],
)
def test_comments_that_describe_or_say_nothing(comment):
    assert undescribed(f"{comment}\nFROM a AS Bar\n") == []


@pytest.mark.parametrize(
    "comment",
    [
        "# foo does",
        "# Bar does",
        "# bar: does",
        "# bar\tdoes",
        "# foo\n\n",
        "# bar x\n# foo",
        "# bar, x",
    ],
)
def test_comments_that_do_not(comment):
    assert undescribed(f"# check=skip=all\n{comment}\nFROM a AS bar\n") == [("bar",)]


def test_any_name_of_an_arg_will_do_and_its_value_is_no_part_of_it():
    text = "# y is\nARG x y=1\n# x=1 is\nARG x=1\n# X is\nARG x z\n"
    assert undescribed(text) == [("x",), ("x", "z")]


def test_a_comment_counts_over_blank_lines_but_not_within_an_instruction():
    text = "FROM a\n# b\n\n\nARG c\nARG \\\n  # b\n  c\n# b\nENV c=d\nARG c\n"
    assert undescribed(text) == [("c",)]


def test_a_comment_for_a_linter_is_no_description_though_buildkit_reads_it_as_one():
    assert undescribed("# hadolint ignore=DL3006\nFROM a AS b\n# dflint: ignore=x\nARG c\n") == []
