"""What rules propose: the text that a proposal would make, without which nothing is found then."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document, Settings
from dflint.lint.fix import Applicability
from dflint.lint.registry import find_rules
from dflint.text.edit import apply_edits
from dflint.text.source import Source


def proposed(name: str, text: str, settings: Settings | None = None) -> str | None:
    """The text that the first finding's proposal makes; None where nothing is proposed."""
    rule = find_rules()[name].load()()
    doc = Document(Source("Dockerfile", text.encode()), settings or Settings())
    fixes = [finding.fix() for finding in rule.check(doc)]
    assert fixes, f"{name} finds nothing"
    if fixes[0] is None:
        return None
    assert fixes[0].applicability is Applicability.DISPLAY
    made = apply_edits(text, fixes[0].edits)
    left = list(rule.check(Document(Source("Dockerfile", made.encode()), doc.settings)))
    assert len(left) < len(fixes), "the finding stays"
    return made


@pytest.mark.parametrize(
    ("base", "other"),
    [
        ("ruby:2.5-slim-buster", "ruby:3.4-slim"),
        ("docker.io/library/python:3.8.10-alpine3.11", "docker.io/library/python:3.13-alpine"),
        ("node:16-bookworm", "node:24-bookworm"),
        ("php:7-fpm-alpine", "php:8.4-fpm-alpine"),
        ("postgres:9.6", "postgres:17"),
        ("openjdk:8u212-jre-slim", "eclipse-temurin:8-jre"),
        (
            "mirror.gcr.io/library/openjdk:12-alpine",
            "mirror.gcr.io/library/eclipse-temurin:17-jdk-alpine",
        ),
        ("openjdk:8-windowsservercore", None),
        ("java:latest", None),
        ("node:6-onbuild", None),
        ("ruby:2.7@sha256:" + 64 * "0", None),
        ("${REGISTRY:-docker.io/}node:14", None),
    ],
)
def test_ended_base_has_a_successor(base: str, other: str | None) -> None:
    text = proposed("end-of-life-base", f"FROM --platform=linux/amd64 {base} AS a\n")
    assert text == (other and f"FROM --platform=linux/amd64 {other} AS a\n")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("FROM scratch\nUSER nobody\n", "FROM scratch\nUSER 65534\n"),
        ("FROM scratch\nUSER a:b\n", "FROM scratch\nUSER 65532:65532\n"),
        ("FROM scratch\nUSER 7:b\n", "FROM scratch\nUSER 7:7\n"),
        ("FROM scratch\nCOPY --chown=a:0 b c\n", "FROM scratch\nCOPY --chown=65532:0 b c\n"),
        ("FROM scratch\nARG U=a\nUSER $U\n", None),
    ],
)
def test_scratch_knows_numbers(text: str, made: str | None) -> None:
    assert proposed("user-without-passwd", text) == made


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("FROM a\nRUN npm ci\n", "type=secret,id=npmrc,target=/root/.npmrc"),
        ("FROM a\nRUN x && git pull\n", "type=ssh"),
        ("FROM a\nUSER b\nRUN npm ci\n", None),
        ("FROM a\nRUN unknown x\n", None),
    ],
)
def test_secret_is_mounted_where_the_program_looks(text: str, mount: str | None) -> None:
    options = {"secret-mount": {"commands": ("npm", "git", "unknown")}}
    made = proposed("secret-mount", text, Settings(options=options))
    assert made == (mount and text.replace("RUN", f"RUN --mount={mount}"))


START = 'EXPOSE 8080\nCMD ["x"]\n'


@pytest.mark.parametrize(
    ("head", "user"),
    [
        ("FROM node:22-alpine\nCOPY a b\n", "USER node\n"),
        ("FROM node\r\n", "USER node\r\n"),
        ("FROM node:$V\nCOPY <<E b\nc\nE\n# d\n", None),
        ("FROM gcr.io/distroless/static\nCOPY a b\nWORKDIR /b\n", "USER nonroot\n"),
        ("FROM scratch\nCOPY a b\n", "USER 65532:65532\n"),
        ("FROM mcr.microsoft.com/dotnet/aspnet:8.0\n", "USER $APP_UID\n"),
        ("FROM python:3.13\nRUN x\n", "RUN useradd --create-home app\nUSER app\n"),
        ("FROM alpine AS a\nRUN x\nFROM a\nRUN x\n", "RUN adduser -D app\nUSER app\n"),
        ("FROM x\nRUN useradd -r b && chown b /c\n", "USER b\n"),
    ],
)
def test_missing_user_is_known_or_made(head: str, user: str | None) -> None:
    if user is None:
        at = head.index("# d")
        assert proposed("missing-user", head + START) == f"{head[:at]}USER node\n{head[at:]}{START}"
    else:
        assert proposed("missing-user", head + START) == head + user + START


@pytest.mark.parametrize(
    "text",
    [
        "FROM node\nRUN x\n",
        'FROM node\nCMD ["bash"]\n',
        "FROM node\nEXPOSE 80\nCMD x\n",
        'FROM node\nONBUILD RUN x\nCMD ["y"]\n',
        'FROM node\nRUN apt-get install -y gosu\nCMD ["y"]\n',
        'FROM node\nRUN apt-get install -y nginx\nCMD ["nginx", "-g", "daemon off;"]\n',
        'FROM node\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["y"]\n',
        'FROM node:0.12\nCMD ["y"]\n',
        'FROM python:$V\nCMD ["y"]\n',
        'FROM python\nCMD ["/root/y"]\n',
        'FROM x\nCMD ["y"]\n',
        'FROM x\nRUN useradd $U\nCMD ["y"]\n',
        'FROM x\nRUN useradd a && useradd b\nCMD ["y"]\n',
        'FROM node\nCMD ["{{ x }}"]\n',
    ],
)
def test_missing_user_is_nobody_to_be_sure_of(text: str) -> None:
    assert proposed("missing-user", text) is None


def test_unused_user_runs_what_is_not_known() -> None:
    text = "FROM a\nRUN adduser -D b\nUSER root\nRUN c\n"
    assert proposed("unused-user", text) == f"{text}USER b\n"


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("FROM a\nUSER b:c\nRUN d\nUSER 0\nRUN e\n", "b:c"),
        ("FROM jenkins/jenkins:lts\nUSER root\nRUN e\n", "jenkins"),
        ("FROM node AS a\nUSER b\nRUN c\nFROM a\nUSER root\nRUN d\n", "b"),
        ("FROM quay.io/jupyter/base-notebook\nUSER root\nRUN e\n", "${NB_UID}"),
    ],
)
def test_root_goes_back_to_who_was_before(text: str, user: str) -> None:
    assert proposed("root-user", text + START) == f"{text}USER {user}\n{START}"


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nUSER postgres\nRUN d\nUSER root\nCMD x\n",
        "FROM a\nUSER root\nCMD x\n",
        'FROM a\nUSER b\nRUN d\nUSER root\nCMD ["/usr/sbin/sshd", "-D"]\n',
        "FROM jenkins/jenkins:lts\nUSER root\nEXPOSE 22\n",
    ],
)
def test_root_may_be_needed(text: str) -> None:
    assert proposed("root-user", text) is None


CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS a\n"
STOP = '"-Command", "$ErrorActionPreference = \'Stop\';"]\n'


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "# a\nRUN PowerShell -Command A-B 'c'; $d\nCOPY e f\n"
            "RUN powershell C-D \\\n  # g\n  h\n",
            f'SHELL ["PowerShell", {STOP}'
            "# a\nRUN A-B 'c'; $d\nCOPY e f\nRUN C-D \\\n  # g\n  h\n",
        ),
        (
            "RUN powershell -NoLogo -c \" A-B! | C-D > e; \\\n  F-G 'h'\"\n"
            'RUN powershell -NoLogo -c A-B\nCMD ["i"]\n',
            f'SHELL ["powershell", "-NoLogo", {STOP}RUN A-B! | C-D > e; \\\n'
            "  F-G 'h'\nRUN A-B\nCMD [\"i\"]\n",
        ),
        ("RUN powershell A-B\nRUN powershell.exe A-B\n", None),
        ("RUN powershell A-B | C-D\nRUN powershell E-F\n", None),
        ("RUN powershell A-B && c\nRUN powershell E-F\n", None),
        ('RUN powershell "A-B \\"c\\""\nRUN powershell E-F\n', None),
        ("RUN powershell A-B %C%\nRUN powershell E-F\n", None),
        ("RUN powershell -c \"A-B 'c  d'\"\nRUN powershell E-F\n", None),
        ("RUN powershell A-B\nRUN dir\nRUN powershell E-F\n", None),
        ("RUN powershell A-B\nRUN powershell E-F\nCMD b\n", None),
        ('RUN powershell A-B\nRUN powershell E-F\nSHELL ["cmd", "/c"]\nRUN b\n', None),
        ("RUN powershell A-B\nRUN powershell E-F\nFROM a\n", None),
    ],
)
def test_powershell_that_begins_all_runs_is_the_shell(text: str, made: str | None) -> None:
    assert proposed("powershell-shell", CORE + text) == (made and CORE + made)


@pytest.mark.parametrize(
    ("name", "text", "made"),
    [
        ("host-network", "RUN --mount=type=ssh --network=host \\\n  b\n",
         "RUN --mount=type=ssh \\\n  b\n"),
        ("host-network", "ONBUILD RUN --network=host b\n", None),
        ("insecure-run", "RUN --security=insecure b\n", "RUN b\n"),
        ("insecure-run", "# {{ if X }}\nRUN --security=insecure b\n# {{ end }}\n", None),
        ("zypper-update", "RUN zypper -n dist-upgrade && zypper clean\n", "RUN zypper clean\n"),
        ("bundle-deployment", "RUN bundle install\n", "ENV BUNDLE_FROZEN=1\nRUN bundle install\n"),
        ("bundle-network", "RUN bundle install --local\n",
         "RUN --network=none bundle install --local\n"),
        ("rails-health", "RUN rails\nHEALTHCHECK CMD curl http://localhost:3000 || exit 1\n",
         "RUN rails\nHEALTHCHECK CMD curl http://localhost:3000/up || exit 1\n"),
        ("rails-state", "COPY . /rails\nUSER b\n", "COPY --chown=b . /rails\nUSER b\n"),
        ("definition-description", "# which\n\nARG B\n", "# B which\n\nARG B\n"),
        ("definition-description", "# the b\n# that is\nARG B\n", "# the b\n# that is\n#\nARG B\n"),
        ("definition-description", "# ====\r\n\r\nARG B\n", "# ====\r\n#\r\n\r\nARG B\n"),
        ("gpu-capabilities", 'ENV b=c NVIDIA_DRIVER_CAPABILITIES="all"\n',
         "ENV b=c NVIDIA_DRIVER_CAPABILITIES=compute,utility\n"),
    ],
)  # fmt: skip
def test_what_is_proposed_for_an_instruction(name: str, text: str, made: str | None) -> None:
    assert proposed(name, f"FROM a\n{text}") == (made and f"FROM a\n{made}")


DIRECTORY = "FROM ruby\nWORKDIR /b\n"
BIND = "--mount=type=bind,source=Gemfile"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("COPY Gemfile* ./\nRUN \\\n  bundle install\nADD . .\n",
         f"RUN {BIND},target=Gemfile \\\n    {BIND}.lock,target=Gemfile.lock,rw \\\n"
         "  bundle install\nADD . .\n"),
        ("ARG BUNDLE_FROZEN=1\nCOPY Gemfile* ./\nRUN bundle install\nADD . .\n",
         f"ARG BUNDLE_FROZEN=1\nRUN {BIND},target=Gemfile \\\n"
         f"    {BIND}.lock,target=Gemfile.lock,rw \\\n    bundle install\nADD . .\n"),
        ("ENV BUNDLE_FROZEN=1\nCOPY Gemfile* ./\nRUN bundle install\nADD . .\n",
         f"ENV BUNDLE_FROZEN=1\nRUN {BIND},target=Gemfile \\\n"
         f"    {BIND}.lock,target=Gemfile.lock \\\n    bundle install\nADD . .\n"),
        ("USER c\nCOPY Gemfile .\nRUN bundle install\nADD . .\n",
         f"USER c\nRUN {BIND},target=Gemfile bundle install\nADD . .\n"),
        ("COPY Gemfile* ./\nRUN bundle install && chown -R c .\nADD . .\n", None),
        ("COPY Gemfile* ./\nRUN bundle install && bundle exec c\nADD . .\n", None),
        ("COPY Gemfile* ./\nRUN bundle install && rm -r /b\nADD . .\n", None),
        ("COPY Gemfile* ./\nRUN bundle install && rm -r vendor\nADD . .\n", None),
        ("COPY Gemfile* ./\nRUN bundle install && rm -r /b/*\nADD . .\n", None),
        ("COPY Gemfile* ./\nRUN bundle install && rm -r /*\nADD . .\n", None),
        ("# {{ if C }}\nCOPY Gemfile* ./\n# {{ end }}\nRUN bundle install\nADD . .\n", None),
        ("# dflint: ignore=sudo\nCOPY Gemfile* ./\nRUN bundle install\nADD . .\n", None),
    ],
)  # fmt: skip
def test_what_copies_a_gemfile_is_bound(text: str, made: str | None) -> None:
    assert proposed("gemfile-bind", DIRECTORY + text) == (made and DIRECTORY + made)
