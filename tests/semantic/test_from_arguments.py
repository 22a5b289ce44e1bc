"""Build arguments in FROM."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.base_tags import external_bases
from dflint.semantic.from_arguments import undeclared_arguments, unusable_defaults
from dflint.semantic.model import SemanticModel


def model(source):
    return SemanticModel(parse(source))


@pytest.mark.parametrize(
    ("source", "name", "is_fatal"),
    [
        ("FROM a:$V\n", "V", True),
        ("FROM a$V\n", "V", False),
        ("FROM ${V:-a}\n", "V", False),
        ("FROM --platform=$P a\n", "P", True),
        ("FROM a\nARG V=1\nFROM b$V\n", "V", False),
        ("FROM a$HTTP_PROXY\n", "HTTP_PROXY", False),
    ],
)
def test_undeclared_argument_is_fatal_when_the_stage_is_refused(source, name, is_fatal):
    found = list(undeclared_arguments(model(source)))

    assert [(one.use.name, one.is_fatal) for one in found] == [(name, is_fatal)]


def test_undeclared_argument_knows_what_was_meant_and_where_it_is_declared():
    meant = next(undeclared_arguments(model("ARG VARIANT=a\nFROM $VARIANTS\n")))
    inside = next(undeclared_arguments(model("FROM a\nARG X Z=1\nFROM b:$Z\n")))

    assert meant.meant == "VARIANT"
    assert inside.declaration is not None
    assert inside.declaration.line.text == "ARG X Z=1"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ARG V\nFROM $V\n", ["V"]),
        ("ARG V\nARG W=1\nFROM a:$W$V-\nFROM b:$V\n", ["V"]),
        ('ARG V="a:"\nFROM b$V\n', ["V"]),
        ("ARG V\nFROM ${V:-a}\nFROM b$V\n", []),
        ("ARG V\nFROM a:$V$W\n", ["W"]),
        ("FROM $W\n", ["W"]),
        ("FROM a:$V${W:bad}\n", []),
        ("ARG V=${x:bad}\nFROM $V\n", []),
        ("ARG V=$W\nFROM Bad\n", []),
    ],
)
def test_default_that_names_no_image_is_found_with_its_argument(source, expected):
    assert [name for _, name, _ in unusable_defaults(model(source))] == expected


@pytest.mark.parametrize("word", ["a${V:bad}", "a$V${", "${V:?no}"])
def test_undeclared_argument_is_found_where_the_base_cannot_be_expanded(word):
    assert "V" in [one.use.name for one in undeclared_arguments(model(f"FROM {word}\n"))]


def test_external_bases_have_the_defaults_of_arguments_filled_in():
    source = (
        "ARG A=b\nARG C\nFROM $A AS s\nFROM s\nFROM scratch\nFROM $A:$C\nFROM ${C:-d:1}\nFROM $C\n"
    )
    found = [(stage.index, image.repository) for stage, image in external_bases(model(source))]

    assert found == [(0, "library/b"), (4, "library/d")]


def test_a_from_without_an_image_has_no_name_to_judge():
    made = SemanticModel(parse("FROM --platform=$X\nFROM $Y\n"))

    assert [(stage.image, name) for stage, name, _ in unusable_defaults(made)] == [("", "Y")]
