"""What is known of an image by its name: only where that name leaves no doubt."""

from __future__ import annotations

import pytest

from dflint.semantic.known_images import working_directory


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
    ],
)
def test_where_an_image_begins(image, directory):
    assert working_directory(image) == directory
