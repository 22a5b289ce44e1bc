"""Reading .dockerignore files."""

from __future__ import annotations

import pytest

from dflint.context.dockerignore import matcher_of, read_patterns


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("\ufefffoo\n", ["foo"]),
        ("# a\n\n  \nfoo\r\n", ["foo"]),
        (" foo \n\t#bar\n", ["foo", "#bar"]),
        ("/foo/\n./bar\nb//c/../d\n", ["foo", "bar", "b/d"]),
        ("! /foo\n!\n", ["!foo", "!"]),
        ("/\n.\n..\n", ["/", ".", ".."]),
        ("", []),
    ],
)
def test_lines_are_read_as_builders_do(text, patterns):
    assert read_patterns(text) == patterns


def test_the_order_counts():
    assert matcher_of("*\n!a\n").excludes("b")
    assert not matcher_of("*\n!a\n").excludes("a/b")
    assert matcher_of("!a\n*\n").excludes("a")
