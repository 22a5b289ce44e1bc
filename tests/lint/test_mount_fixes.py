"""When `cache-mount` gives a RUN a mount, proposes one, or leaves it as it is."""

from __future__ import annotations

import pytest

from dflint.lint.fix import Applicability
from dflint.lint.rule import Valid
from dflint.testing.examples import document_of, findings_of
from dflint.text.edit import apply_edits
from dflint.verify.plan import PlanVerifier
from dflint_rules.cache_mount import CacheMount
from tests.fix.laws import Fixer


def _offered(code):
    """The level of each fix, and the text after the first."""
    doc = document_of(Valid(code), CacheMount)
    fixes = [finding.fix() for finding in findings_of(CacheMount, doc)]
    levels = [fix and fix.applicability for fix in fixes]
    return levels, apply_edits(code, fixes[0].edits) if fixes[0] is not None else None


@pytest.mark.parametrize(
    "code",
    [
        # the mount point cannot be removed
        "FROM python:3\nRUN pip install a && rm -rf /root/.cache\n",
        "FROM python:3\nRUN pip install a && rm -rf ~/.cache/pip\n",
        "FROM python:3\nRUN pip install a && rm -rf /root/.cache/* $HOME/.cache\n",
        "FROM node:22\nRUN npm ci && mv /root/.npm /b\n",
        # nothing is to be kept
        "FROM python:3\nENV PIP_NO_CACHE_DIR=1\nRUN pip install a\n",
        "FROM node:22\nRUN npm ci && npm cache clean --force\n",
        "FROM debian:12\nRUN apt-get update && apt-get install -y a && apt-get clean\n",
        "FROM python:3\nRUN pip install --no-index -f /a b\n",
        # a mount is root's
        "FROM python:3\nUSER 1000\nRUN pip install a\n",
        "FROM python:3\nRUN sudo -u a pip install a\n",
        # somebody takes what is there
        "FROM python:3 AS a\nRUN pip install b\nFROM c\nCOPY --from=a /root/.cache/pip /d\n",
        "FROM python:3 AS a\nRUN pip install b\nFROM c\nCOPY --from=a /root /root\n",
        "FROM node:22\nRUN npm ci\nRUN cp -r /root/.npm /a\n",
        "FROM maven:3 AS a\nRUN mvn package\nFROM c\nCOPY --from=a /root/.m2 /root/.m2\n",
        # not there at all
        "FROM python:3\nRUN HOME=/a pip install a\n",
        "FROM python:3\nRUN pip install --cache-dir /a b\n",
        "FROM golang:1.9\nRUN go build\n",
        "FROM ruby:3.4\nENV BUNDLE_PATH=/a\nRUN bundle install\n",
        "FROM ruby:3.4\nRUN bundle config set --local path a\nRUN bundle install\n",
        "FROM ruby:3.4\nRUN bundle install --deployment\n",
        "FROM debian:12\nRUN bundle install\n",
        "FROM debian:12\nRUN apt install -y a\n",
        # the mount is there, or lies below another one
        "FROM python:3\nRUN --mount=type=tmpfs,target=/root/.cache pip install a\n",
        "FROM python:3\nRUN --mount=target=/root pip install a\n",
        # nobody knows where packages are, or they are not to be kept
        "FROM centos\nRUN yum install -y a\n",
        "FROM centos:7\nRUN yum install -y a && yum clean all\n",
        "FROM centos:7\nRUN echo keepcache=1 >> /etc/yum.conf && yum install -y a\n",
        "FROM fedora:40\nUSER 1000\nRUN dnf install -y a\n",
        # a frontend without mounts
        "# syntax=docker/dockerfile:1.0\nFROM python:3\nRUN pip install a\n",
        # no place for the removal of the hook
        'FROM debian:12\nRUN ["apt-get", "install", "-y", "a"]\n',
        "FROM debian:12\nRUN a || apt-get install -y b\n",
        "FROM debian:12\nRUN apt-get install -y b & wait\n",
    ],
)
def test_there_is_no_fix(code):
    assert set(_offered(code)[0]) == {None}


@pytest.mark.parametrize(
    "code",
    [
        "FROM a\nRUN pip install b\n",  # who knows who runs this
        "FROM python:3\nONBUILD RUN pip install b\n",
        "FROM b/golang:1.24 AS a\nRUN go build\nFROM scratch\n",
        "FROM php:8\nRUN composer install\n",
        # what is fetched is wanted later
        "FROM golang:1.24\nRUN go build\n",
        'FROM golang:1.24\nRUN go build\nCMD ["go", "test"]\n',
        "FROM maven:3 AS a\nRUN mvn package\nRUN mvn -o verify\nFROM b\n",
        "FROM golang:1.24 AS a\nRUN go mod download\nRUN make\nFROM b\n",
        "FROM golang:1.24 AS a\nRUN go mod download\nUSER b\nRUN go build\nFROM b\n",
        "FROM mcr.microsoft.com/dotnet/sdk:9.0 AS a\nRUN dotnet restore\n"
        "RUN dotnet publish --no-restore\nFROM b\n",
        # without the hook packages stay in the image
        "FROM debian:12\nRUN apt-get install -y a\nRUN ./b.sh\n",
        "FROM debian:12\nRUN apt-get install -y a\nRUN sudo apt-get install -y b\n",
    ],
)
def test_what_is_not_certain_is_a_proposal(code):
    assert set(_offered(code)[0]) - {None} == {Applicability.DISPLAY}


@pytest.mark.parametrize(
    ("code", "mount"),
    [
        ("FROM a\nUSER root\nENV PIP_CACHE_DIR=/c\nRUN pip install b\n", "/c"),
        ("FROM a\nUSER 0:0\nENV XDG_CACHE_HOME=/c\nRUN pip install b\n", "/c/pip"),
        ("FROM python:3\nENV HOME=/h\nRUN pip install b\n", "/h/.cache/pip"),
        ("FROM a\nRUN apk add b\nRUN pip install b\n", "/root/.cache/pip"),
        ("FROM composer:2\nRUN composer install\n", "/tmp/cache"),
        ("FROM ruby:3.4\nRUN bundle install\n", "/usr/local/bundle/cache"),
        ('FROM node:22\nRUN ["npm", "ci"]\n', "/root/.npm"),
        ("FROM node:22\nRUN <<E\nnpm ci\nE\n", "/root/.npm"),
    ],
)
def test_a_mount_is_where_the_tool_keeps_things(code, mount):
    levels, after = _offered(code)

    assert levels == [Applicability.UNSAFE]
    start, _, rest = code.rpartition("RUN ")
    assert after == f"{start}RUN --mount=type=cache,target={mount} {rest}"


def test_what_modules_are_for_is_mounted_too():
    code = "FROM golang:1.24 AS a\nRUN go mod download\nRUN go test ./...\nFROM b\n"

    levels, after = _offered(code)

    assert levels == [Applicability.UNSAFE]
    assert after.splitlines()[2] == (
        "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build "
        "go test ./..."
    )


@pytest.mark.parametrize(
    ("base", "tool", "directory"),
    [
        ("centos:7", "yum", "yum"),
        ("centos:centos6", "yum", "yum"),
        ("fedora:40", "dnf", "dnf"),
        ("fedora:42", "dnf", "libdnf5"),
        ("amazonlinux:2", "yum", "yum"),
        ("amazonlinux:2023", "yum", "dnf"),
        ("redhat/ubi9", "yum", "dnf"),
    ],
)
def test_packages_of_rpm_are_kept(base, tool, directory):
    levels, after = _offered(f"FROM {base}\nRUN {tool} -y install a\n")

    assert levels == [Applicability.UNSAFE]
    assert after == (
        f"FROM {base}\nRUN --mount=type=cache,target=/var/cache/{directory},sharing=locked "
        f"{tool} -y install --setopt=keepcache=1 a\n"
    )


def test_the_hook_goes_once_and_updates_leave_nothing():
    code = (
        "FROM debian:12\nRUN apt-get install -y a\nRUN apt-get update\nRUN set -e; \\\n"
        "  apt-get update; \\\n  apt-get install -y b\n"
    )

    _, after = _offered(code)

    mount = "--mount=type=cache,target=/var/cache/apt,sharing=locked"
    assert after == (
        f"FROM debian:12\nRUN {mount} rm -f /etc/apt/apt.conf.d/docker-clean && "
        f"apt-get install -y a\nRUN {mount} apt-get update\nRUN {mount} set -e; \\\n"
        "  apt-get update; \\\n  apt-get install -y b\n"
    )


def test_a_run_that_could_be_joined_gets_its_mount_where_the_hook_goes():
    code = (
        "FROM debian:12\nRUN apt-get update && apt-get install -y a\nWORKDIR /d\nRUN mv c$V/ $D\n"
        "RUN apt-get install -y b\n"
    )
    fixer = Fixer(PlanVerifier(), ("cache-mount", "consecutive-run"), unsafe=True)

    after = fixer.fix(fixer.document("Dockerfile", code.encode())).doc.text

    mount = "--mount=type=cache,target=/var/cache/apt,sharing=locked"
    assert after == (
        f"FROM debian:12\nRUN {mount} rm -f /etc/apt/apt.conf.d/docker-clean && "
        "apt-get update && apt-get install -y a\nWORKDIR /d\nRUN mv c$V/ $D\n"
        f"RUN {mount} apt-get install -y b\n"
    )
