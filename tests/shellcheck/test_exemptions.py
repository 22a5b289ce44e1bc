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
        ("RUN export V=1.2 && curl u/$V\n", "SC2086", []),
        ("RUN export V=$(cat f) && curl u/$V\n", "SC2086", ["$V"]),
        ("RUN tar xf a-$(uname -m).tar\n", "SC2046", []),
        ("RUN mix do a, b\n", "SC1010", []),
        ('ENV D=/d\nRUN for i in ${D}/*; do ls "$i"; done\n', "SC2231", []),
        ('RUN echo "a "$(uname -m)" b"\n', "SC2027", []),
        ('RUN d=/x && rm -rf "$d/usr"\n', "SC2115", []),
        ('RUN d=$(cat f) && rm -rf "$d/usr"\n', "SC2115", ['"$d/usr"']),
        ("RUN export a=$(echo $b | sed s/c/d/)\n", "SC2155", []),
        ("RUN export a=$(mktemp -d)\n", "SC2155", ["a"]),
        ("RUN cd /tmp; ls\n", "SC2164", []),
        ("COPY package.json /app/\nRUN cd /app; ls\n", "SC2164", []),
        ("RUN cd /app; ls\n", "SC2164", ["cd /app"]),
        ('ENV a=b\nRUN printf "$a\\n"\n', "SC2059", []),
        ('RUN printf "$(cat f)\\n"\n', "SC2059", ['"$(cat f)\\n"']),
        ("WORKDIR /app\nRUN mkdir -p -m 777 /app/x\n", "SC2174", []),
        ("RUN KEY=unset ./manage.py compress\n", "SC2209", []),
        ("RUN /build/ruby-2.3.*.sh\n", "SC2211", []),
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


@pytest.mark.parametrize("body", ["RUN set -o pipefail && a | tee b\n", "RUN echo 'a\\nb' > /x\n"])
def test_what_the_shell_decides_is_not_reported_where_no_shell_is_known(found, body):
    assert found("FROM me/mine\n" + body) == []


def test_variables_of_well_known_images_are_known(found):
    body = "RUN ls $SRC/x $GOPATH/y\n"

    assert found("FROM gcr.io/oss-fuzz-base/base-builder\n" + body) == [("SC2086", "$GOPATH")]
    assert found("FROM golang:1.23 AS a\nFROM a\n" + body) == [("SC2086", "$SRC")]
    assert found('FROM me/jira\nENV JIRA_HOME=/j\nRUN ls "$JAVA_HOME"\n') == []
