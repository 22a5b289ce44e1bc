"""Names of Dockerfiles, and texts that are templates."""

from __future__ import annotations

import csv
import json
import lzma
from pathlib import Path

import pytest

from dflint.discovery.markup import template_reason
from dflint.discovery.recognise import (
    Kind,
    kind_of_name,
    looks_like_dockerfile,
)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "Containerfile",
        "containerfile",
        "Dockerfile.dev",
        "Dockerfile.3.11",
        "Containerfile.prod",
        "dockerfile.dev",
        "Dockerfile-alpine",
        "Dockerfile_test_run",
        "app.Dockerfile",
        "app.dockerfile",
        "app.v2.Containerfile",
        "app.containerfile",
        "Dockerfile.js.Dockerfile",
        "Dockerfile.x86_64-unknown-linux-gnu",
    ],
)
def test_name_of_a_dockerfile(name: str) -> None:
    assert kind_of_name(name) is Kind.DOCKERFILE


@pytest.mark.parametrize(
    "name",
    [
        "DOCKERFILE",
        "Dockerfiles",
        "MyDockerfile",
        "Dockerfile2",
        "Makefile",
        "Dockerfile.dockerignore",
        "app.Dockerfile.dockerignore",
        "Dockerfile.md",
        "Dockerfile.MD",
        "Dockerfile-guide.md",
        "Dockerfile.lock",
        "Dockerfile.bak",
        "Dockerfile.bak~",
        "Dockerfile~",
        "Dockerfile.orig",
        "Dockerfile.rej",
        "Dockerfile.swp",
        ".Dockerfile.swp",
        "Dockerfile.yaml",
        "Dockerfile.md.j2",
        "docker-compose.yml",
    ],
)
def test_name_of_something_else(name: str) -> None:
    assert kind_of_name(name) is Kind.OTHER


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile.j2",
        "Dockerfile.tmpl",
        "Dockerfile.tpl",
        "Dockerfile-linux.template",
        "Dockerfile.erb",
        "Containerfile.in",
        "Dockerfile.m4",
        "Dockerfile.jinja",
        "Dockerfile.mustache",
        "Dockerfile.gotmpl",
        "Dockerfile.dev.j2",
        "Dockerfile.go.tmpl",
        "app.Dockerfile.j2",
    ],
)
def test_name_of_a_template(name: str) -> None:
    assert kind_of_name(name) is Kind.TEMPLATE


@pytest.mark.parametrize(
    "name", ["dockerfile.py", "Dockerfile.go", "Dockerfile.java", "Dockerfile.txt"]
)
def test_name_that_leaves_it_open(name: str) -> None:
    assert kind_of_name(name) is Kind.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "FROM a",
        "\n# c\n\nFROM --platform=$X a AS b\nRUN x",
        "ARG A=1\nFROM a",
        "from a as b",
        "\ufeffFROM a",
        "# syntax=x\r\nFROM a\r\n",
    ],
)
def test_text_that_begins_like_a_dockerfile(text: str) -> None:
    assert looks_like_dockerfile(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# c",
        "from os import path",
        "package main",
        "import x",
        "FROM",
        "RUN a",
        "from . import a",
    ],
)
def test_text_that_does_not(text: str) -> None:
    assert not looks_like_dockerfile(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("FROM {{ base }}\nRUN x\n", "`{{ base }}` in line 1"),
        ("FROM a\n{% if x %}\nRUN x\n{% endif %}\n", "`{% if x %}` in line 2"),
        ("FROM a\n{# c #}\n", "`{# c #}` in line 2"),
        ("{# c #}\nFROM a\n", "`{# c #}` in line 1"),
        ("FROM a\n{{- range .Pkgs }}\nRUN x\n", "`{{- range .Pkgs }}` in line 2"),
        ("{{\n  def a: 1\n-}}\nFROM a\n", "`{{` in line 1"),
        ("FROM <%= @base %>\n", "`<%= @base %>` in line 1"),
        ("FROM a\n%%BODY%%\n", "`%%BODY%%` in line 2"),
        ("FROM a\n@@BODY@@\n", "`@@BODY@@` in line 2"),
        ("@BODY@\nFROM a\n", "`@BODY@` in line 1"),
        ("FROM a\n__BODY_1__\n", "`__BODY_1__` in line 2"),
        ("include(`base.m4')\nFROM a\n", "`include(` in line 1"),
        ("FROM a\nENV A={{ b }}\n", "`{{ b }}` in line 2"),
        ("FROM a\nRUN b \\\n  {{ c }}\n{{ end }}\n", "`{{ end }}` in line 4"),
        ("FROM a:%%V%%\nRUN b\nesac\n", "`%%V%%` in line 1"),
        ('# include "Containerfile"\nRUN a\n#endif\n', '`# include "` in line 1'),
    ],
)
def test_markup_that_a_builder_refuses_makes_a_template(text: str, shown: str) -> None:
    reason = template_reason(text)

    assert reason is not None
    assert shown in reason


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nENV A=\"{{ cookiecutter.a }}\"\nRUN docker inspect --format '{{.Id}}' x\n",
        "FROM a\nCOPY {{ a }} /b/\n",
        "FROM balenalib/%%BALENA_MACHINE_NAME%%-node:10\nRUN a\n",
        "FROM a\nRUN <<EOF\n{{ not an instruction }}\nEOF\n",
        "FROM a\nRUN b \\\n{{ c }}\n",
        "FROM a\n#include <stdio.h>\nRUN b\n",
        "FROM a\nRUN sed s/@A@/b/ && echo __A__ ${#x}\n",
        "FROM a\nRNU docker inspect --format '{{.Id}}' x\n",
        "FROM a\nRUN --mout=x docker inspect --format '{{.Id}}' x\n",
        "FROM a\nfrobnicate\n",
        "",
    ],
)
def test_markup_in_values_and_mistakes_without_markup_make_none(text: str) -> None:
    assert template_reason(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\n" + "{{" * 50_000,
        "FROM a\n" + "%%" * 50_000,
        "FROM a\n@@" + "A" * 100_000,
        "FROM a\n__A" + "_A" * 50_000,
        "FROM a\n" + "__A " * 20_000,
        "FROM a\n" + "m4_" * 30_000 + "include(",
        "#include " + " " * 100_000 + "include <",
    ],
)
def test_hostile_text_takes_no_noticeable_time(text: str) -> None:
    template_reason(text)


def test_every_name_in_real_repositories_is_recognised(shared: Path) -> None:
    folder = shared / "corpus" / "dev"
    unknown = []
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = kind_of_name(row["path"].rpartition("/")[2])
            text = (folder / f"{row['sha12']}.Dockerfile").read_text("utf-8", "replace")
            if kind is not Kind.DOCKERFILE and not (
                kind is Kind.OPEN and looks_like_dockerfile(text)
            ):
                unknown.append(row["path"])

    assert unknown == []


def test_no_file_that_buildkit_reads_is_taken_for_a_template(shared: Path) -> None:
    folder = shared / "corpus" / "dev"
    taken = 0
    with lzma.open(shared / "oracle" / "buildkit-dev.jsonl.xz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            text = (folder / row["file"]).read_bytes().decode("utf-8", "surrogateescape")
            if template_reason(text) is not None:
                taken += 1
                assert "parse" in row or "instr" in row, row["file"]

    assert taken == 1


def test_templates_that_buildkit_refuses_are_recognised(shared: Path) -> None:
    folder = shared / "corpus" / "hostile" / "templates"
    missed = []
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = (folder / f"{row['sha12']}.Dockerfile").read_text("utf-8")
            refused = row["buildkit"] in ("reject-parse", "reject-instruction")
            if (template_reason(text) is not None) != refused:
                missed.append(row["sha12"])

    # The one that is left has a shell's array syntax in it and no markup.
    assert missed == ["401f3a71290f"]
