"""What COPY --from and mounts name."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.copy_sources import (
    copy_references,
    is_numbered_mount,
    later_stage,
    meant_stage,
)
from dflint.semantic.model import SemanticModel


def first(source):
    model = SemanticModel(parse(source))
    return model, next(copy_references(model))


@pytest.mark.parametrize(
    ("source", "index"),
    [
        ("FROM a\nCOPY --from=b x y\nFROM c AS b\n", 1),
        ("FROM a\nRUN --mount=from=B x\nFROM c AS b\n", 1),
        ("FROM a\nCOPY --from=1 x y\nFROM b\n", 1),
        ("FROM a AS b\nFROM c\nCOPY --from=b x y\nFROM d AS B\n", 2),
    ],
)
def test_a_stage_that_comes_later_is_found(source, index):
    model, reference = first(source)
    later = later_stage(model, reference)

    assert later is not None
    assert later.index == index


@pytest.mark.parametrize(
    "source",
    [
        "FROM a AS b\nFROM c\nCOPY --from=b x y\n",
        "FROM a AS b\nCOPY --from=b x y\n",
        "FROM a\nCOPY --from=b x y\n",
        "FROM a\nRUN --mount=from=1 x\nFROM b\n",
    ],
)
def test_other_references_name_no_later_stage(source):
    assert later_stage(*first(source)) is None


def test_only_a_mount_takes_a_number_for_an_image():
    assert is_numbered_mount(first("FROM a\nRUN --mount=from=0 x\n")[1])
    assert not is_numbered_mount(first("FROM a\nCOPY --from=0 x y\n")[1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("buidler", "builder"), ("golang", None), ("a/builder", None), ("x", None)],
)
def test_a_bare_name_that_is_nearly_a_stage_is_a_misspelling(name, expected):
    source = f"FROM a AS builder\nFROM a AS golangs\nFROM b\nCOPY --from={name} x y\n"

    assert meant_stage(*first(source)) == expected


def test_variables_are_left_to_others():
    model = SemanticModel(parse("FROM a\nCOPY --from=$b x y\n"))

    assert not list(copy_references(model))
