"""What ShellCheck says of scripts and what does not hold where a Dockerfile runs them."""

from __future__ import annotations

import pytest

DEBIAN = "FROM debian:12\n"


@pytest.mark.parametrize(
    ("body", "code", "marked"),
    [
        ("RUN export $(curl u | sed s/:/=/) && ls $down\n", "SC2154", []),
        ("RUN ls $down && export $(curl u)\n", "SC2154", ["$down"]),
        ('RUN eval "$(tool env)" && ls $down\n', "SC2154", []),
        ("RUN if a; then b; else \\\n  if c; then d; fi; fi\n", "SC1075", []),
        ("RUN if a; then b; else if c; then d; fi; fi\n", "SC1075", ["e"]),
        ("RUN find /etc -name *.list -delete\n", "SC2035", []),
        ("RUN rm *.list\n", "SC2035", ["*"]),
        ("RUN /bin/echo -e a\n", "SC3036", []),
        ("RUN echo -e a\n", "SC3036", ["-e"]),
        ("RUN mkdir -p -m 0755 /var/run/sshd\n", "SC2174", []),
        ("RUN mkdir -m 700 -p ~/.ssh && ls\n", "SC2174", []),
        ("RUN mkdir -p -m 0755 /srv/a/b\n", "SC2174", ["-m"]),
        ("RUN mkdir -p -m 0755 /tmp/a /srv/a/b\n", "SC2174", ["-m"]),
        ('RUN [ $(php -r "echo PHP_MAJOR_VERSION;") = 7 ]\n', "SC2046", []),
        ('RUN [ $(php -r "echo getcwd();") = 7 ]\n', "SC2046", ['$(php -r "echo getcwd();")']),
        ("RUN go test $(go list ./...)\n", "SC2046", []),
        ("RUN useradd -u <<UID>> user\n", "SC1044", []),
    ],
)
def test_what_does_not_hold_in_an_image_is_not_reported(found, body, code, marked):
    assert [text for _, text in found(DEBIAN + body, select=(code,))] == marked


BODY = "RUN [[ a = $b ]]\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FROM mcr.microsoft.com/azurelinux/base/core:3.0\n" + BODY, []),
        ("FROM mcr.microsoft.com/dotnet/sdk:8.0-azurelinux3.0\n" + BODY, []),
        ("FROM me/mine\nRUN pacman -Sy git\n" + BODY, []),
        ("FROM me/mine AS a\nRUN apk add git\nFROM a\n" + BODY, []),
        ("FROM me/mine\nRUN apk add git || yum install git\n" + BODY, ["SC3010"]),
        ("FROM me/mine AS a\nRUN apk add git\nFROM me/other\n" + BODY, ["SC3010"]),
        ("FROM ubuntu\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n" + BODY, []),
        ("FROM ubuntu\n" + BODY + "RUN ln -sf /bin/bash /bin/sh\n", ["SC3010"]),
    ],
)
def test_the_shell_is_told_by_what_the_stage_does(found, text, codes):
    assert [code for code, _ in found(text, select=("SC3*",))] == codes


def test_echo_in_an_image_that_uses_apt_expands_escapes(found):
    text = "FROM me/mine\nRUN apt-get update\nRUN echo 'a\\nb' > /x\n"

    assert found(text, select=("SC2028",)) == []
