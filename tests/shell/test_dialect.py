"""Which language a shell reads."""

from __future__ import annotations

import pytest

from dflint.shell.dialect import Dialect, dialect_of, dialect_of_heredoc
from dflint.shell.shell_options import options_of


@pytest.mark.parametrize(
    ("shell", "dialect"),
    [
        (["/bin/sh", "-c"], Dialect.SH),
        (["/bin/bash", "-o", "pipefail", "-c"], Dialect.BASH),
        (["/bin/busybox", "sh", "-c"], Dialect.ASH),
        (["conda", "run", "-n", "x", "/bin/bash", "-c"], Dialect.BASH),
        (["/usr/bin/env", "zsh", "-c"], Dialect.ZSH),
        (["C:\\Windows\\System32\\cmd.exe", "/S", "/C"], Dialect.CMD),
        (["PowerShell.exe", "-Command"], Dialect.POWERSHELL),
        (["pwsh", "-Command", "sh"], Dialect.POWERSHELL),
        (["python3", "-c"], Dialect.UNKNOWN),
    ],
)
def test_shell_words_name_the_dialect(shell, dialect):
    assert dialect_of(shell, "linux") is dialect


@pytest.mark.parametrize(
    ("os_family", "image", "dialect"),
    [
        ("linux", None, Dialect.SH),
        ("windows", None, Dialect.CMD),
        ("", "debian:12", Dialect.SH),
        ("", "alpine:3.20", Dialect.ASH),
        ("", "python:3-alpine", Dialect.ASH),
        ("", "mcr.microsoft.com/windows/servercore:ltsc2022", Dialect.CMD),
        ("", "golang:1.22-nanoserver", Dialect.CMD),
        ("", "mcr.microsoft.com/dotnet/sdk:8.0", Dialect.SH),
        ("linux", "x/nanoserver", Dialect.SH),
    ],
)
def test_without_shell_words_the_platform_decides(os_family, image, dialect):
    assert dialect_of(None, os_family, image) is dialect


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        ("echo\n", Dialect.SH),
        ("#!/bin/bash -e\necho\n", Dialect.BASH),
        ("#!/usr/bin/env -S python3 -u\n", Dialect.UNKNOWN),
        ("#!/usr/bin/env A=1 bash", Dialect.BASH),
        ("#! /bin/dash\r\n", Dialect.SH),
        ("#!\n", Dialect.UNKNOWN),
    ],
)
def test_a_shebang_names_the_interpreter_of_a_heredoc(body, dialect):
    assert dialect_of_heredoc(body, Dialect.SH) is dialect
    assert dialect_of_heredoc(body, Dialect.CMD) is Dialect.CMD


def test_only_shells_of_posix_kind_are_read_as_programs():
    assert [dialect.name for dialect in Dialect.__members__.values() if not dialect.is_posix] == [
        "POWERSHELL",
        "CMD",
        "UNKNOWN",
    ]


@pytest.mark.parametrize(
    ("shell", "sets"),
    [
        (["bash", "-o", "pipefail", "-c"], True),
        (["bash", "-euxo", "pipefail", "-c"], True),
        (["bash", "-c", "pipefail"], False),
        (["bash", "-c"], False),
        (["bash", "+o", "pipefail"], False),
    ],
)
def test_pipefail_is_seen_in_shell_words(shell, sets):
    assert ("pipefail" in options_of(shell)) is sets
