"""The image that a stage begins with, as people know it."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.first_base import first_base, fixed_base
from dflint.semantic.model import SemanticModel


@pytest.mark.parametrize(
    ("source", "base"),
    [
        ("ARG V=1\nFROM a:$V AS b\nFROM b\n", "a:1"),
        ("ARG V\nFROM a:$V-slim AS b\nFROM b\n", "a:$V-slim"),
        ("ARG V\nFROM $V\n", ""),
        ("FROM scratch\n", "scratch"),
        ("FROM A\n", "A"),
    ],
)
def test_base_is_as_written_where_its_arguments_have_no_value(source, base):
    assert first_base(SemanticModel(parse(source)).stages[-1]) == base


def test_a_fragment_begins_with_no_image():
    assert first_base(None) == ""


@pytest.mark.parametrize(
    ("source", "base"),
    [
        ("FROM debian:12 AS a\nFROM a\n", "debian:12"),
        ("ARG V=1\nFROM a:$V AS b\nFROM b\n", "a:$V"),
        ("ARG B=debian\nFROM $B\n", ""),
        ("ARG B=debian\nFROM ${B}:12 AS a\nFROM a\n", ""),
        ("ARG B=b\nFROM debian AS b\nFROM $B\n", ""),
        ("ARG R=r\nFROM $R/debian\n", "debian"),
        ("ARG R\nFROM ${R:-docker.io/}library/debian:12\n", "library/debian:12"),
        ("ARG R=r\nFROM x/$R/debian\n", ""),
    ],
)
def test_base_that_no_argument_replaces(source, base):
    assert fixed_base(SemanticModel(parse(source)).stages[-1]) == base
