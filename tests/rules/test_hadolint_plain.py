"""Fragments that the rules of hadolint which need no shell report, and fragments they do not."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document, Settings
from dflint.text.source import Source

RULES = {rule.meta.name: rule for rule in dflint_rules.rules()}

TYPES = ("text", "url", "semver", "rfc3339", "spdx", "hash", "email")
SETTINGS = Settings(
    trusted_registries=("docker.io", "*.trusted.org", "ghcr.io/acme", "localhost:5000"),
    label_schema={kind: kind for kind in TYPES},
)
STRICT = Settings(label_schema={"text": "text"}, strict_labels=True)
EVERY_LABEL = "LABEL text=a url=b semver=c rfc3339=d spdx=e hash=f email=g"
URL, GIT = "https://example.com/x", "https://example.com/x.git#v1"


def lines(rule, fragment, settings=SETTINGS):
    """The lines on which a rule reports something."""
    doc = Document(Source("Dockerfile", (fragment + "\n").encode()), settings)
    chosen = RULES[rule]
    if chosen.on and not doc.has(chosen.on):
        return []
    if chosen.mentions and not any(mention in doc.text.lower() for mention in chosen.mentions):
        return []
    return sorted({doc.lines.line(finding.span.start) for finding in chosen().check(doc)})


#: Instructions that are judged alike by themselves, in a stage and as a trigger.
ANYWHERE = {
    "label-key": (
        (
            "LABEL io.docker.x=1",
            "LABEL com.docker.compose.project=x",
            "LABEL org.dockerproject.a b",
            "LABEL Vendor=x",
            "LABEL com.example.buildDate=x",
            "LABEL a=1 b--c=2",
            "LABEL a..b=1",
            "LABEL .a=1",
            "LABEL a.=1",
            "LABEL 1a=1",
            'LABEL "a b"=1',
            "LABEL a:b=1",
        ),
        (
            "LABEL maintainer='me'",
            "LABEL com.example.a-b_c.d1/e=x",
            "LABEL com.dockers.x=1",
            "LABEL com.docker.desktop.extension.api.version=0.3",
            'LABEL "a.b"="X Y"',
            "LABEL $KEY=x",
            "LABEL INSTALL='docker run a'",
        ),
    ),
    "label-empty": (
        ("LABEL text=", 'LABEL url=""', "LABEL a=1 email=''", "LABEL semver= text=x"),
        ("LABEL other=", "LABEL text=' '", "LABEL text=$X", "LABEL text=x", "LABEL text x"),
    ),
    "label-url": (
        ("LABEL url=example.com", "LABEL url='a b'", "LABEL url=//x/y", "LABEL url="),
        (f"LABEL url={URL}", "LABEL url=ssh://a@b/c", "LABEL url=$U", "LABEL text=x"),
    ),
    "label-semver": (
        ("LABEL semver=v1.2.3", "LABEL semver=1.2", "LABEL semver=1.02.3", "LABEL semver=1.2.3-"),
        ("LABEL semver=1.2.3", "LABEL semver=0.0.0-a.1+b", "LABEL semver=$V", "LABEL text=latest"),
    ),
    "label-time": (
        (
            "LABEL rfc3339=2025-01-31",
            "LABEL rfc3339=2025-01-31T10:00:00",
            "LABEL rfc3339='2025-01-31 10:00:00Z'",
            "LABEL rfc3339=2025-13-01T10:00:00Z",
            "LABEL rfc3339=2025-01-31T10:00:00+0100",
            "LABEL rfc3339='$(date)'",
            "LABEL org.opencontainers.image.created=yesterday",
        ),
        (
            "LABEL rfc3339=2025-01-31T10:00:00Z",
            "LABEL rfc3339=2024-02-29t23:59:60.123-05:30",
            "LABEL rfc3339=$NOW",
            "LABEL org.opencontainers.image.created=$NOW",
            "LABEL created=yesterday",
        ),
    ),
    "label-spdx": (
        (
            "LABEL spdx='Apache 2.0'",
            "LABEL spdx=Proprietary",
            "LABEL spdx=MIT/ISC",
            "LABEL spdx='MIT OR'",
            "LABEL spdx='(MIT'",
            "LABEL spdx=GPL-2.0",
            "LABEL org.opencontainers.image.licenses='MIT, ISC'",
        ),
        (
            "LABEL spdx=MIT",
            "LABEL spdx='(MIT OR Apache-2.0) AND GPL-3.0-only WITH GCC-exception-3.1'",
            "LABEL spdx=LicenseRef-Acme",
            "LABEL spdx=$L",
            "LABEL org.opencontainers.image.licenses=GPL-2.0",
            "LABEL license=whatever",
        ),
    ),
    "label-hash": (
        ("LABEL hash=main", "LABEL hash=012345", "LABEL hash=0123ABC", "LABEL hash=" + "0" * 41),
        ("LABEL hash=0123abc", "LABEL hash=" + "a" * 40, "LABEL hash=$H", "LABEL text=main"),
    ),
    "label-email": (
        ("LABEL email=me", "LABEL email='Me <me@x.org>'", "LABEL email=a@b@c", "LABEL email=.a@b"),
        ("LABEL email=me@x.org", "LABEL email=a.b+c@[127.0.0.1]", "LABEL email=$E", "LABEL text=x"),
    ),
    "add-instead-of-copy": (
        (
            "ADD . /app",
            "ADD a.zip /b",
            "ADD a.jar b.py /c/",
            "ADD *.conf /etc/",
            'ADD ["a b", "/c"]',
            "ADD --chown=a:b x /y",
            "ADD a.tar.gz.sha256 /b",
            "ADD a /b.tar.gz",
        ),
        (
            f"ADD {URL} /b",
            f"ADD a {URL} /b/",
            f"ADD {GIT} /b",
            "ADD git@github.com:a/b.git /c",
            "ADD ssh://git@host/a /b",
            "ADD rootfs.tar.xz /",
            "ADD a.TAR.ZST /b",
            "ADD a.gz /b",
            "ADD * /b",
            "ADD $FILE /b",
            "ADD a.tar.* /b",
            "ADD --unpack=false a /b",
            "COPY a /b",
        ),
    ),
    "relative-copy-destination": (
        (
            "COPY a b/",
            "COPY a .",
            "ADD a ./b",
            'COPY ["a", "b c"]',
            "COPY --from=x /a ../b",
            'COPY a "b"',
            "COPY a b/$X",
        ),
        (
            "COPY a /b",
            'COPY a "/b"',
            "COPY a $X/b",
            "COPY a ${X}",
            "COPY a C:/b",
            r'COPY a "c:\b"',
            'COPY ["a", "/b"]',
        ),
    ),
    "env-self-ref": (
        ("ENV A=1 B=$A", "ENV B=x${A}y A=1", 'ENV A=1 B="$A"', "ENV A=1 A=$A", "ENV A=$B B=$A"),
        (
            "ENV A=$A",
            "ENV A=/x:$A B=1",
            "ENV A=1 B='$A'",
            r"ENV A=1 B=\$A",
            "ENV A=1 B=$AB",
            "ENV A=1 B=${A:-x}",
        ),
    ),
    "untrusted-registry": (
        (
            "COPY --from=quay.io/a /b /c",
            "COPY --from=ghcr.io/acmex/a:1 /b /c",
            "RUN --mount=type=bind,from=quay.io/a,target=/b x",
            "COPY --from=localhost:5001/a /b /c",
        ),
        (
            "COPY --from=ghcr.io/acme/a /b /c",
            "COPY --from=a/b /c /d",
            "COPY --from=a.trusted.org/b:1 /c /d",
            "COPY --from=context /b /c",
            "COPY --from=localhost:5000/b /c /d",
        ),
    ),
}


def cases(wanted):
    for rule, (hits, misses) in ANYWHERE.items():
        for fragment in hits if wanted else misses:
            yield pytest.param(rule, fragment, id=f"{rule}-{fragment[:40]}")


@pytest.mark.parametrize(("rule", "fragment"), list(cases(wanted=True)))
def test_fragment_is_reported_by_itself_in_a_stage_and_as_a_trigger(rule, fragment):
    assert lines(rule, fragment) == [1]
    assert lines(rule, "FROM a:1\n" + fragment) == [2]
    assert lines(rule, "FROM a:1\nRUN x\nONBUILD " + fragment) == [3]


@pytest.mark.parametrize(("rule", "fragment"), list(cases(wanted=False)))
def test_fragment_is_not_reported_wherever_it_stands(rule, fragment):
    for before in ("", "FROM a:1\n", "FROM a:1\nONBUILD "):
        assert lines(rule, before + fragment) == []


@pytest.mark.parametrize(
    ("rule", "file", "expected"),
    [
        ("label-superfluous", "LABEL a=1", [1]),
        ("label-superfluous", "LABEL text=1 Text=2", [1]),
        ("label-superfluous", "ONBUILD LABEL a=1", [1]),
        ("label-superfluous", "LABEL text=1", []),
        ("label-superfluous", "LABEL $a=1", []),
        ("label-superfluous", "ONBUILD LABEL text 1", []),
        ("label-missing", "FROM a", [1]),
        ("label-missing", "FROM a\nONBUILD LABEL text=1", [1]),
        ("label-missing", "FROM a AS b\nFROM c\nCOPY --from=b x /y", [2]),
        ("label-missing", "FROM a AS b\nLABEL text=1\nFROM c", [3]),
        ("label-missing", "FROM a AS b\nFROM c\nLABEL text=1", [1]),
        ("label-missing", "FROM a\nLABEL text=1", []),
        ("label-missing", "FROM a AS b\nLABEL text=1\nFROM b", []),
        ("label-missing", "FROM a AS b\nONBUILD LABEL text=1\nFROM b", []),
        ("label-missing", "FROM a\nLABEL $k=1", []),
        ("label-missing", "RUN x", []),
    ],
)
def test_labels_that_a_strict_schema_lacks_or_lists(rule, file, expected):
    assert lines(rule, file, STRICT) == expected


def test_a_stage_with_every_label_lacks_none():
    assert lines("label-missing", "FROM a\n" + EVERY_LABEL) == []


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.startswith("label-") and rule != "label-order"]
)
def test_rules_for_labels_are_silent_without_a_schema_but_for_what_is_certain(rule):
    file = "FROM a\nLABEL a.b= url=x version=v1 created=now licenses=y revision=z email=me\n"

    assert lines(rule, file, Settings()) == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("FROM quay.io/a", [1]),
        ("FROM a AS b\nFROM b\nFROM quay.io/a\nFROM scratch", [3]),
        ("FROM quay.io/$X", [1]),
        ("ARG R=quay.io\nFROM $R/a", [2]),
        ("FROM trusted.org/a", [1]),
        ("FROM evil.com/a.trusted.org/b", [1]),
        ("FROM localhost/a", [1]),
        ("FROM a/b@sha256:" + "0" * 64, []),
        ("FROM registry-1.docker.io/a/b", []),
        ("ARG R\nFROM $R/a\nFROM $R", []),
        ("FROM x.y.trusted.org/a AS b\nFROM c\nCOPY --from=b x /y", []),
        ("FROM GHCR.io/acme/a", []),
    ],
)
def test_registries_of_bases(file, expected):
    assert lines("untrusted-registry", file) == expected
    assert lines("untrusted-registry", file, Settings()) == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("FROM a\nUSER root", [2]),
        ("FROM a\nUSER 0:0", [2]),
        ("FROM a\nUSER root:app", [2]),
        ("FROM a\nUSER '00'", [2]),
        ("FROM a\nUSER app\nUSER root", [3]),
        ("FROM a\nENV U=root\nUSER ${U}", [3]),
        ("FROM a AS b\nUSER root\nFROM b", [2]),
        ("FROM a AS b\nONBUILD USER root\nFROM b\nRUN x", [2]),
        ("FROM a\nUSER app:root", []),
        ("FROM a\nUSER root\nUSER app", []),
        ("FROM a\nUSER $U", []),
        ("FROM a\nUSER rooty", []),
        ("FROM a\nRUN x", []),
        ("FROM a\nUSER app\nONBUILD USER root", []),
        ("FROM mcr.microsoft.com/windows/nanoserver:1\nUSER root", []),
    ],
)
def test_users_that_are_root(file, expected):
    assert lines("root-user", file) == expected


def test_root_in_a_stage_that_is_not_the_last_says_nothing_of_the_image():
    assert lines("root-user", "FROM a AS b\nUSER root\nFROM c\nCOPY --from=b x /y") == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("USER app", [1]),
        ("FROM a\nUSER app", [2]),
        ("FROM a\nUSER app:1000", [2]),
        ("FROM a\nUSER 5\nUSER app", [3]),
        ("FROM a\nARG U=app\nUSER $U:$G", [3]),
        ("FROM a AS b\nUSER app\nFROM b", [2]),
        ("FROM a AS b\nONBUILD USER app\nFROM b", [2]),
        ("USER 1000", []),
        ("FROM a\nUSER 1000:app", []),
        ('FROM a\nUSER "1000"', []),
        ("FROM a\nUSER $U", []),
        ("FROM a\nUSER app\nUSER 5", []),
        ("FROM a\nONBUILD USER app", []),
        ("FROM a AS b\nUSER app\nFROM c\nUSER 5", []),
    ],
)
def test_users_that_are_no_numbers(file, expected):
    assert lines("non-numeric-user", file) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("FROM a", [1]),
        ("FROM a\nONBUILD HEALTHCHECK CMD x", [1]),
        ("FROM a AS b\nHEALTHCHECK CMD x\nFROM c", [3]),
        ("FROM a AS b\nFROM c\nHEALTHCHECK CMD x", [1]),
        ("FROM a\nHEALTHCHECK CMD x", []),
        ("FROM a\nHEALTHCHECK NONE", []),
        ("FROM a AS b\nHEALTHCHECK CMD x\nFROM b", []),
        ("FROM a AS b\nONBUILD HEALTHCHECK CMD x\nFROM b", []),
        ("FROM a AS b\nFROM c\nCOPY --from=b x /y\nHEALTHCHECK CMD x", []),
        ("HEALTHCHECK CMD x", []),
    ],
)
def test_images_without_healthcheck(file, expected):
    assert lines("missing-healthcheck", file) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("COPY --from=x / /", [1]),
        ("COPY --from=x /a / /", [1]),
        ("FROM debian AS b\nFROM c\nCOPY --from=b / /", [3]),
        ("FROM a AS b\nRUN x\nFROM c\nCOPY --from=0 --chown=d . /", [4]),
        ("FROM a\nWORKDIR /\nCOPY --from=ubuntu:24.04 /* ./", [3]),
        ('FROM a\nONBUILD COPY --from=alpine ["/", "/"]', [2]),
        ("COPY / /", []),
        ("COPY --from=x / /x", []),
        ("COPY --from=x /x /", []),
        ("FROM scratch AS b\nCOPY x /y\nFROM c\nCOPY --from=b / /", []),
        ("FROM a\nONBUILD COPY --from=build / /", []),
        ("FROM a\nCOPY --from=debian / $X", []),
    ],
)
def test_copies_of_whole_systems(file, expected):
    assert lines("copy-whole-fs", file) == expected


def test_a_system_that_is_copied_onto_scratch_becomes_one_layer_on_purpose():
    assert lines("copy-whole-fs", "FROM debian AS b\nFROM scratch\nCOPY --from=b / /") == []


def test_an_image_that_holds_tools_to_be_added_overwrites_no_system():
    assert lines("copy-whole-fs", "FROM tonistiigi/xx AS xx\nFROM a\nCOPY --from=xx / /") == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("FROM a\nCOPY b c\nWORKDIR /d\nCOPY b c", [2]),
        ("FROM a AS b\nWORKDIR /c\nFROM d\nCOPY e f", [4]),
        ("FROM scratch\nCOPY a b", [2]),
        ("WORKDIR /a\nCOPY b c", []),
        ("FROM a AS b\nWORKDIR /c\nFROM b AS d\nFROM d\nCOPY e f", []),
        ("FROM a AS b\nONBUILD WORKDIR /c\nFROM b\nCOPY d e", []),
        ("FROM a\nONBUILD COPY b c\nWORKDIR /d", []),
        ("FROM a\nONBUILD WORKDIR /b\nONBUILD COPY c d", []),
        ("FROM a\nWORKDIR $B\nCOPY c d", []),
    ],
)
def test_a_workdir_settles_where_relative_destinations_lead(file, expected):
    assert lines("relative-copy-destination", file) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("FROM a\nENV A=0\nENV A=1 B=$A", []),
        ("FROM a\nARG A\nENV A=$A B=$A", []),
        ("FROM a AS b\nENV A=0\nFROM b\nENV A=1 B=$A", []),
        ("FROM a AS b\nONBUILD ENV A=0\nFROM b\nENV A=1 B=$A", []),
        ("FROM a\nONBUILD ENV A=0\nONBUILD ENV A=1 B=$A", []),
        ("FROM a\nENV A=0\nFROM b\nENV A=1 B=$A", [4]),
        ("ARG A=0\nFROM b\nENV A=1 B=$A", [3]),
    ],
)
def test_an_env_may_mean_the_value_from_before(file, expected):
    assert lines("env-self-ref", file) == expected


def test_path_is_set_in_every_image_and_may_be_meant_as_it_was():
    for before in ("FROM a\n", "", "FROM a\nONBUILD "):
        assert lines("env-self-ref", before + "ENV PATH=/x:$PATH OLD=$PATH") == []


@pytest.mark.parametrize("file", ["FROM a\nENV A=1 B=$A", "FROM a\nENV B=$A/x \\\n  A=1"])
def test_what_an_env_sets_and_uses_is_reported_by_one_rule_only(file):
    assert lines("undefined-variable", file) == []


@pytest.mark.parametrize(
    ("comment", "is_reported"),
    [
        ("# hadolint ignore=DL3008", True),
        ("#hadolint ignore = DL3008,SC2086", True),
        ("# hadolint global ignore=DL3008", True),
        ("# dflint: ignore=inline-ignore-banned", True),
        ("# dflint: ignore-file", True),
        ("# shellcheck disable=SC2086", True),
        ("# hadolint shell=/bin/sh", False),
        ("# do not ignore this", False),
        ("# shellcheck shell=bash", False),
    ],
)
def test_comments_that_silence_rules(comment, is_reported):
    for file in (f"FROM a\n{comment}\nRUN x", f"FROM a\nONBUILD RUN x \\\n{comment}\n  y"):
        assert bool(lines("inline-ignore-banned", file)) == is_reported


def test_only_the_skip_of_a_check_directive_silences_rules():
    assert lines("inline-ignore-banned", "# check=skip=JSONArgsRecommended\nFROM a") == [1]
    assert lines("inline-ignore-banned", "# check=error=true\nFROM a\nRUN skip") == []


@pytest.mark.parametrize(
    ("rule", "fragment"),
    [
        ("relative-workdir", "WORKDIR a"),
        ("relative-workdir", "ONBUILD WORKDIR a"),
        ("invalid-port", "EXPOSE 65536"),
        ("invalid-signal", "STOPSIGNAL SIGNONE"),
        ("multiple-cmd", 'CMD ["a"]\nCMD ["b"]'),
        ("multiple-entrypoint", "ONBUILD ENTRYPOINT a\nONBUILD ENTRYPOINT b"),
        ("multiple-healthcheck", "HEALTHCHECK NONE\nHEALTHCHECK CMD a"),
        ("copy-without-trailing-slash", "COPY a.txt b.txt /app/c"),
    ],
)
def test_rules_judge_a_part_of_a_dockerfile_without_its_from(rule, fragment):
    assert lines(rule, fragment) == [1]
