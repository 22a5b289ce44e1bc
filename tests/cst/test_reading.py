"""What is read of a tree."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse


@pytest.mark.parametrize(
    ("text", "escape", "syntax"),
    [
        ("# syntax=a\n# escape=`\nFROM a\n", "`", "a"),
        (" # syntax=a\n# escape=`\nFROM a\n", "`", None),
        ("# syntax=a\n\t# escape=`\nFROM a\n", "`", "a"),
        ("# escape=`\n\xa0#syntax=a\nFROM a\n", "`", None),
        ("\n# escape=`\nFROM a\n", "\\", None),
        (" ## escape=`\nFROM a\n", "\\", None),
    ],
)
def test_a_directive_behind_blanks_counts_for_the_parser_alone(text, escape, syntax):
    tree = parse(text)
    directive = tree.directive("syntax")

    assert tree.code == text
    assert tree.escape == escape
    assert (directive and directive.value) == syntax


@pytest.mark.parametrize(
    ("text", "flags", "arguments"),
    [
        ("COPY --a=b\u3000c d e", ("--a=b\u3000c",), ("d", "e")),
        ("COPY --a\xa0--b d e", ("--a\xa0", "--b"), ("d", "e")),
        ("COPY --a \u3000--b d", ("--a",), ("--b", "d")),
        ("COPY \u3000--b d", (), ("--b", "d")),
        ("COPY --a \u2003 d e", ("--a",), ("d", "e")),
    ],
)
def test_flags_are_parted_where_a_byte_is_white_space(text, flags, arguments):
    (copy,) = parse(text).instructions

    assert copy.reading.flags == flags
    assert copy.reading.arguments == arguments
