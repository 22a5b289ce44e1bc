"""Destinations of several sources."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.copy_destination import (
    destination_without_slash,
    is_file_name,
    overwrites_itself,
)
from dflint.semantic.model import SemanticModel


def last(source):
    tree = parse(source)
    return SemanticModel(tree), tree.instructions[-1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COPY a b /x", "/x"),
        ("COPY a b $D", "/d"),
        ("COPY a b $D/", None),
        ("COPY a b $U", None),
        ("COPY a b .", "."),
        ('COPY ["a", "b", "/x y"]', "/x y"),
    ],
)
def test_destination_is_known_when_its_variables_are(line, expected):
    assert destination_without_slash(*last(f"FROM a\nENV D=/d\n{line}\n")) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("COPY a.c b.c /x", True),
        ("COPY <<A <<B /x\nA\nB", True),
        ("COPY Makefile b /x", True),
        ("COPY a.c b.c x", True),
        ("COPY a b.c /x", False),
        ("COPY a/ b.c /x", False),
        ("COPY a.c b.c /etc", False),
        ("COPY a.c b.c x/.", False),
        ("WORKDIR /x/y\nCOPY a.c b.c /x", False),
        ("WORKDIR /x\nCOPY a.c b.c ../x", False),
        ("RUN mkdir -p /x && true\nCOPY a.c b.c /x", False),
        ("RUN mkdir -p /xyz\nCOPY a.c b.c /x", True),
    ],
)
def test_files_overwrite_one_another_unless_the_destination_is_a_directory(lines, expected):
    model, instruction = last(f"FROM a\n{lines}\n")
    destination = destination_without_slash(model, instruction)

    assert overwrites_itself(model, instruction, destination) is expected


@pytest.mark.parametrize("name", ["a.txt", "x/a.tar.gz", "*.c", "<<EOF", "LICENSE-MIT", "Gemfile"])
def test_names_of_files(name):
    assert is_file_name(name)


@pytest.mark.parametrize("name", ["src", ".", "..", ".git", "a.c/", "*", "v1.2", "x/*"])
def test_names_of_what_may_be_directories(name):
    assert not is_file_name(name)
