"""No rule on POSIX commands has anything to say of Windows or PowerShell."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.text.source import Source

RULES = [
    rule
    for rule in dflint_rules.rules()
    if rule.meta.name
    in (
        "add-extract", "cd-in-run", "cd-without-effect", "change-shell", "consecutive-run",
        "curl-and-wget", "nonsense-command", "pipefail", "shell-syntax", "sudo",
        "useradd-no-log-init", "wget-progress",
    )
]  # fmt: skip
POWERSHELL = 'SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]\n'
COMMANDS = (
    "cd C:\\app",
    "cd C:\\app && make && cd ..",
    "curl -O u | wget u",
    "dir | findstr x",
    "mount x y",
    "if exist x ( del x ) else ( echo 'y )",
    "service x start & ps & kill 1",
    "ln -sf /bin/bash /bin/sh",
    "useradd -u 123456 x",
    "sudo ls",
    "tar -xf a.tar.gz",
)
BODY = "COPY a.tar.gz ./\n" + "".join(f"RUN {one}\n" for one in COMMANDS)
HEADS = [
    "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
    "FROM mcr.microsoft.com/windows/nanoserver:1809\n",
    "FROM mcr.microsoft.com/windows:20H2 AS base\nFROM base\n",
    "FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\n",
    "FROM mcr.microsoft.com/dotnet/sdk:8.0-windowsservercore-ltsc2022\n",
    "FROM mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-1809\n",
    "FROM golang:1.22-nanoserver\n",
    "FROM python:3.12-windowsservercore\n",
    "FROM winamd64/openjdk:21\n",
    "FROM --platform=windows/amd64 app\n",
    "ARG TAG=ltsc2022\nFROM mcr.microsoft.com/windows/servercore:${TAG}\n",
    "ARG BASE=mcr.microsoft.com/windows/nanoserver:1809\nFROM ${BASE}\n",
    "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2019\n" + POWERSHELL,
    "# escape=`\nFROM microsoft/nanoserver\nUSER ContainerAdministrator\n",
    "FROM debian\n" + POWERSHELL,
    'FROM mcr.microsoft.com/powershell:7.4-alpine-3.17\nSHELL ["pwsh", "-NoProfile", "-c"]\n',
    'FROM app\nSHELL ["cmd", "/S", "/C"]\n',
    'FROM app\nSHELL ["C:\\\\Program Files\\\\PowerShell\\\\7\\\\pwsh.exe", "-Command"]\n',
    'FROM app AS one\nSHELL ["cmd.exe", "/c"]\nFROM one AS two\n',
]


def found(text):
    doc = Document(Source("Dockerfile", text.encode()))
    return [
        (rule.meta.name, finding.span.slice(text))
        for rule in RULES
        for finding in rule().check(doc)
    ]


@pytest.mark.parametrize("head", HEADS)
def test_nothing_is_found_where_no_posix_shell_reads(head):
    assert found(head + BODY) == []
    assert found(head + BODY.replace("RUN", "ONBUILD RUN")) == []


@pytest.mark.parametrize("head", [one for one in HEADS if "SHELL" not in one])
def test_nothing_is_found_in_exec_form_on_windows(head):
    body = "".join(f'RUN ["{one.split()[0]}", "x", "/bin/sh"]\n' for one in COMMANDS)

    assert found(head + body) == []


def test_same_commands_are_found_on_linux():
    names = {name for name, _ in found("FROM debian\n" + BODY)}

    assert {"sudo", "nonsense-command", "change-shell", "useradd-no-log-init"} <= names
    assert "shell-syntax" in names


@pytest.mark.parametrize(
    "command",
    [
        'powershell -Command "ps | kill; cd C:\\\\x; mount y"',
        "pwsh -c 'Get-Process | Stop-Process; if (a) { sudo x }'",
        'cmd /c "cd x && service y start"',
    ],
)
def test_what_powershell_or_cmd_are_given_is_no_shell_program(command):
    assert found(f"FROM debian\nRUN {command}\n") == []
