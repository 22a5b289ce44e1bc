"""The shell that reads a script decides what is said of it."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.shellcheck.bodies import script_files
from dflint.shellcheck.system_shell import BASH, BUSYBOX, DASH, SH, system_shell
from dflint.text.source import Source

BODY = "RUN [[ a = $b ]]\n"
PORTABLE = ("SC3*",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FROM me/mine\n" + BODY, ["SC3010"]),
        (BODY, ["SC3010"]),
        ("FROM debian:12\n" + BODY, ["SC3010"]),
        ("FROM alpine:3.20\n" + BODY, []),
        ("FROM node:20-alpine\n" + BODY, []),
        ("FROM fedora:40\n" + BODY, []),
        ("ARG V=3\nFROM alpine:$V AS base\nFROM base\n" + BODY, []),
        ('FROM debian\nSHELL ["/bin/bash", "-c"]\n' + BODY, []),
        ('FROM debian\nSHELL ["/bin/ash", "-c"]\n' + BODY, []),
        ('FROM fedora\nSHELL ["/bin/dash", "-c"]\n' + BODY, ["SC3010"]),
        ("FROM debian\nRUN <<EOF\n#!/bin/bash\n[[ a = b ]]\nEOF\n", []),
        ("FROM debian\nRUN <<EOF\n#!/usr/bin/env bash\n[[ a = b ]]\nEOF\n", []),
        ("FROM alpine\nRUN <<EOF\n#!/bin/ash\n[[ a = b ]]\nEOF\n", []),
        ("FROM debian\nRUN <<EOF\n# shellcheck shell=bash\n[[ a = b ]]\nEOF\n", []),
        ("FROM debian\n# shellcheck shell=bash\n" + BODY, []),
        ("FROM debian\nRUN ls && \\\n  # shellcheck shell=bash\n  [[ a = b ]]\n", []),
    ],
)
def test_what_is_undefined_depends_on_the_shell(found, text, codes):
    assert [code for code, _ in found(text, select=PORTABLE)] == codes


@pytest.mark.parametrize(
    "text",
    [
        'FROM a\nSHELL ["/bin/zsh", "-c"]\nRUN ls $a $(b\n',
        'FROM a\nSHELL ["pwsh", "-Command"]\nRUN $a = 1; ls $a\n',
        "FROM mcr.microsoft.com/windows/servercore\nRUN echo %PATH% $a\n",
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint($a)\nEOF\n",
        "FROM a\nRUN <<EOF\n#!/bin/zsh\nls $a $(b\nEOF\n",
        'FROM a\nSHELL ["/my/own", "-c"]\nRUN ls $a\n',
        'FROM a\nRUN ["ls", "$a"]\n',
        "FROM a\nCMD ls $a\nENTRYPOINT ls $a\nHEALTHCHECK CMD ls $a\n",
    ],
)
def test_no_script_for_shellcheck(found, text):
    assert found(text) == []


def test_a_shell_that_stops_at_errors_is_known_as_such(found):
    body = "RUN cd x; ls\n"

    assert found("FROM a\n" + body) == [("SC2164", "cd x")]
    assert found('FROM a\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\n' + body) == []
    assert found('FROM a\nSHELL ["/bin/bash", "-o", "errexit", "-c"]\n' + body) == []
    assert found("FROM a\nRUN <<EOF\n#!/bin/sh -e\ncd x\nls\nEOF\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "RUN echo -n a\n",
        "RUN f() { local x; x=1; ls $x; }; f\n",
        "RUN cd x\n",
        "RUN cd /y && \\\n  ls\nRUN ls; cd x \n",
        "RUN echo a\\\n      b\\\n      c\n",
        "RUN make -j$(nproc) -l $(getconf  _NPROCESSORS_ONLN)\n",
        "RUN deps='a b' && apk add $deps && apk del $(cat x)\n",
        "RUN . /etc/os-release; . ./x\n",
        "RUN echo '$x' > /etc/profile; sed 's/$a/b/' y\n",
        "RUN find -name x\n",
    ],
)
def test_what_is_no_defect_in_a_run(found, body):
    codes = [code for code, _ in found("FROM a\n" + body, select=None)]

    assert [code for code in codes if code.startswith("SC")] == []


def test_near_misses_of_what_is_no_defect(found):
    assert found("FROM a\nRUN echo -e a\n") == [("SC3037", "-e")]
    assert found("FROM a\nRUN cd x; ls\n") == [("SC2164", "cd x")]
    assert found("FROM a\nRUN make $(nproc) $(nproc || x)\n") == [("SC2046", "$(nproc || x)")]
    assert found("FROM a\nRUN x=1.$(ls) && apk add y=$x $x\n", ignore=("SC2034",)) == [
        ("SC2086", "$x"),
    ]


@pytest.mark.parametrize(
    ("image", "shell"),
    [
        ("debian:12", DASH),
        ("docker.io/library/ubuntu@sha256:12", DASH),
        ("python:3.12-slim", DASH),
        ("golang:1.22-alpine3.20", BUSYBOX),
        ("alpine", BUSYBOX),
        ("busybox:musl", BUSYBOX),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", BASH),
        ("quay.io/centos/centos:stream9", BASH),
        ("nvidia/cuda:11.0-devel-centos7", BASH),
        ("nvidia/cuda:11.0-devel-ubuntu20.04", DASH),
        ("me/python:3", SH),
        ("scratch", SH),
        ("", SH),
        ("localhost:5000/x", SH),
    ],
)
def test_the_shell_of_an_image(image, shell):
    assert system_shell(image) == shell


@pytest.mark.parametrize("script", ["echo " + "x" * 70_000, "echo " + "$(" * 3_000])
def test_a_script_of_absurd_size_or_depth_is_left_out(script):
    text = f"FROM a\nRUN {script}\nRUN ls\n"
    doc = Document(Source("Dockerfile", text.encode()))

    assert [file.script.text for file in script_files(doc)] == ["ls"]
