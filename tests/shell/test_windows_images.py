"""Which images are for Windows."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.shell.windows_images import is_windows_image
from dflint.text.source import Source

WINDOWS = (
    "mcr.microsoft.com/windows/servercore:ltsc2022",
    "mcr.microsoft.com/windows/nanoserver:1809",
    "mcr.microsoft.com/windows/server:10.0",
    "mcr.microsoft.com/windows:20H2",
    "mcr.microsoft.com/windows/servercore/iis",
    "mcr.microsoft.com/dotnet/framework/sdk:4.8",
    "mcr.microsoft.com/dotnet/sdk:8.0-windowsservercore-ltsc2022",
    "mcr.microsoft.com/dotnet/runtime:8.0-nanoserver-1809",
    "mcr.microsoft.com/powershell:lts-nanoserver-1809",
    "mirror.example/mcr.microsoft.com/windows/server:10",
    "microsoft/windowsservercore",
    "microsoft/nanoserver:latest",
    "microsoft/iis",
    "microsoft/dotnet-framework-build",
    "winamd64/golang:1.22",
    "golang:1.22-nanoserver",
    "GOLANG:1.22-NanoServer",
    "python:3.12-windowsservercore",
    "jenkins/agent:jdk17-windowsservercore-ltsc2019",
    "example/agent:4-ltsc2025",
)
OTHER = (
    "debian:12",
    "dockcross/windows-static-x64",
    "example/windows-cross:1",
    "example/gameservercore:2",
    "example/nanoserverless",
    "mcr.microsoft.com/dotnet/sdk:8.0",
    "mcr.microsoft.com/dotnet/framework2/x",
    "mcr.microsoft.com/windowsapps/x",
    "mcr.microsoft.com/powershell:7.4-alpine-3.17",
    "mcr.microsoft.com/mssql/server:2022-latest",
    "example/iis",
    "app:ltsc20220",
)


@pytest.mark.parametrize("image", WINDOWS)
def test_name_or_tag_tells_windows(image):
    assert is_windows_image(image)


@pytest.mark.parametrize("image", OTHER)
def test_other_images_are_not_for_windows(image):
    assert not is_windows_image(image)


@pytest.mark.parametrize("image", (*WINDOWS, *OTHER))
def test_model_and_shell_agree(image):
    doc = Document(Source("Dockerfile", f"FROM {image}\nRUN x\n".encode()))
    run = doc.instructions[-1]

    is_windows = doc.model.state_before(run).os_family == "windows"

    assert is_windows == is_windows_image(image)
    assert is_windows == (not doc.programs)


def test_default_of_a_variable_in_the_name_tells_too():
    text = "ARG TAG=8.0-nanoserver-1809\nFROM mcr.microsoft.com/dotnet/sdk:$TAG\nRUN x\n"

    assert not Document(Source("Dockerfile", text.encode())).programs
