"""Platforms of stages and of images."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.oci.reference import parse_reference
from dflint.semantic.image_platforms import (
    constant_platform,
    is_target_platform,
    mismatched_bases,
    platform_of,
)
from dflint.semantic.model import SemanticModel


def model_of(text):
    return SemanticModel(parse(text))


@pytest.mark.parametrize(
    ("image", "platform"),
    [
        ("arm64v8/alpine:3", "linux/arm64"),
        ("docker.io/i386/debian", "linux/386"),
        ("winamd64/golang", "windows/amd64"),
        ("mcr.microsoft.com/windows/nanoserver:ltsc2022", "windows"),
        ("mcr.microsoft.com/windows:20H2", "windows"),
        ("mcr.microsoft.com/dotnet/framework/runtime:4.8", "windows"),
    ],
)
def test_names_that_tell_the_platform(image, platform):
    assert str(platform_of(parse_reference(image))) == platform


@pytest.mark.parametrize(
    "image",
    ["alpine", "amd64", "ghcr.io/arm64v8/alpine", "mcr.microsoft.com/dotnet/sdk:8.0", "a/arm64v8"],
)
def test_names_that_do_not(image):
    assert platform_of(parse_reference(image)) is None


@pytest.mark.parametrize(
    ("flag", "constant"),
    [("linux/arm64/v8", "linux/arm64"), ("x86_64", "linux/amd64"), ("$A", None), ("foo", None)],
)
def test_a_platform_is_constant_without_a_variable(flag, constant):
    stage = model_of(f"FROM --platform={flag} a\n").stages[0]

    assert constant_platform(stage) == constant or str(constant_platform(stage)) == constant


@pytest.mark.parametrize(
    "flag", ["$TARGETPLATFORM", "${TARGETPLATFORM}", '"$TARGETPLATFORM"', "${TARGETPLATFORM:-a}"]
)
def test_the_target_platform_is_asked_for(flag):
    model = model_of(f"FROM --platform={flag} a\n")

    assert is_target_platform(model, model.stages[0])


def test_a_default_of_targetplatform_is_another_platform_though_buildkit_calls_it_redundant():
    # BuildKit resolves the base for the default: its own check does not look at the value.
    model = model_of("ARG TARGETPLATFORM=linux/arm/v7\nFROM --platform=$TARGETPLATFORM a\n")

    assert not is_target_platform(model, model.stages[0])


@pytest.mark.parametrize(
    "text",
    [
        "FROM --platform=linux/amd64 i386/debian\n",
        "FROM --platform=linux/arm64 arm32v7/debian\n",
        "ARG A=s390x\nARG P=linux/$A\nFROM --platform=$P amd64/debian\n",
    ],
)
def test_bases_of_another_architecture_as_buildkit_has_them(text):
    assert [stage.index for stage, _, _ in mismatched_bases(model_of(text))] == [0]


@pytest.mark.parametrize(
    "text",
    [
        "FROM --platform=linux/386 i386/debian\n",
        "FROM --platform=linux/arm/v6 arm32v7/debian\n",
        "ARG P=$BUILDPLATFORM\nFROM --platform=$P s390x/debian\n",
        "ARG P\nFROM --platform=$P s390x/debian\n",
        "FROM a AS i386\nFROM --platform=linux/amd64 i386\n",
    ],
)
def test_bases_that_may_well_fit(text):
    assert list(mismatched_bases(model_of(text))) == []
