"""Stages that are needed, and images that are known."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.known_images import is_bare_system
from dflint.semantic.model import SemanticModel
from dflint.semantic.needed_stages import unneeded_stages


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("FROM a\n", []),
        ("FROM a\nFROM b\n", [0]),
        ("FROM a AS x\nFROM x AS y\nFROM b\nCOPY --from=y c d\n", []),
        ("FROM a AS x\nFROM x AS y\nFROM b\n", [0, 1]),
        ("FROM a AS x-1\nFROM a AS x-2\nFROM a AS y\nFROM x-$N\n", [2]),
        ("FROM a AS x\nFROM b\nCOPY --from=x c d\nFROM c\n", [0, 1]),
    ],
)
def test_stages_that_the_last_one_does_not_need(source, expected):
    found = unneeded_stages(SemanticModel(parse(source)))

    assert [stage.index for stage in found] == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("debian", True),
        ("ubuntu:24.04@sha256:00", True),
        ("library/alpine:3", True),
        ("public.ecr.aws/docker/library/busybox", True),
        ("opensuse/leap:15", True),
        ("me/debian", False),
        ("quay.io/centos", False),
        ("debian-slim", False),
        ("", False),
    ],
)
def test_bare_systems_are_known_by_their_official_names(image, expected):
    assert is_bare_system(image) is expected
