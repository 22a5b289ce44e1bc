"""What is known of an image by its name: only where that name leaves no doubt."""

from __future__ import annotations

import pytest

from dflint.semantic.known_images import is_full_system, may_have_shell, working_directory


@pytest.mark.parametrize(
    ("image", "directory"),
    [
        ("debian:12-slim", "/"),
        ("scratch", "/"),
        ("mirror.gcr.io/library/golang:1.25@sha256:aa", "/go"),
        ("arm32v7/redis:8", "/data"),
        ("localhost:5000/redis", None),
        ("registry.example:5000/debian", None),
        ("someone/debian", None),
        ("nvidia/cuda:12.4.0-base-ubuntu22.04", "/"),
        ("nvidia/cuda-sample:x", None),
        ("quay.io/jupyter/scipy-notebook", "/home/jovyan"),
        ("jupyter/a/b", None),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "/"),
        ("mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-1809", None),
        ("mcr.microsoft.com/dotnet/framework/sdk", None),
        ("gcr.io/oss-fuzz-base/base-builder-go:v1", "/src"),
        ("golang:1.25-windowsservercore", None),
        ("perl", "/usr/src/app"),
        ("php:8.4-fpm-alpine", "/var/www/html"),
        ("php:8.4", None),
        ("python:3-onbuild", None),
        ("caddy:2-builder", None),
        ("perl:5.20", None),
        ("perl:5", "/usr/src/app"),
        ("perl:5.36-slim", "/usr/src/app"),
        ("perl:$VERSION", None),
        ("ghost:0.11", None),
        ("ghost:5-alpine", "/var/lib/ghost"),
        ("composer:2-bin", None),
        ("composer:2", "/app"),
        ("kibana:4.6", None),
        ("elasticsearch:8.1.0", "/usr/share/elasticsearch"),
        ("registry:0.9.1", None),
        ("golang:$VERSION", "/go"),
        ("jupyter/nbviewer", None),
        ("oven/bun:1-distroless", None),
    ],
)
def test_where_an_image_begins(image, directory):
    assert working_directory(image) == directory


@pytest.mark.parametrize(
    ("image", "is_full"),
    [
        ("debian", True),
        ("arm64v8/debian:12", True),
        ("node:22-alpine", False),
        ("node:$VERSION", False),
        ("fedora:$VERSION", True),
        ("someone/debian", False),
    ],
)
def test_which_images_have_the_usual_tools(image, is_full):
    assert is_full_system(image) is is_full


def test_which_images_have_a_shell_of_their_own():
    assert may_have_shell("cimg/python:3.10")
    assert may_have_shell("mambaorg/micromamba:1.5")
    assert not may_have_shell("mambaorg/micromamba-docker")
    assert not may_have_shell("debian:12")
