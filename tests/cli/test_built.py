"""`dflint check` of files that describe builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys

DOCKERFILE = """FROM alpine:3.22 AS build
ARG NAME
COPY $NAME /app/
FROM base
USER root
FROM build AS last
USER 1000
"""


def found(dflint, *paths):
    status, out, err = dflint("check", "--output-format", "json", *paths)
    assert "Traceback" not in err
    files = json.loads(out)["files"]
    return status, {
        (one["path"], finding["line"], finding["column"], finding["rule"])
        for one in files
        for finding in one["findings"]
    }


def test_a_dockerfile_is_checked_as_it_is_built(here, dflint):
    (here / "Dockerfile").write_text(DOCKERFILE)
    (here / "docker-compose.yml").write_text(
        "services:\n  a:\n    build:\n      context: .\n      target: '1'\n"
        "      args: {NAME: app.py}\n      additional_contexts: {base: ../b}\n"
    )
    _, alone = found(dflint, "--extend-select", "untagged-image", "Dockerfile")
    assert {rule for _, _, _, rule in alone} == {"untagged-image"}

    status, built = found(dflint, "--extend-select", "untagged-image", "docker-compose.yml")

    assert status == 1
    assert built == {("Dockerfile", 3, 6, "copy-source-missing")}


def test_a_target_is_the_stage_that_is_built(here, dflint):
    text = "FROM alpine:3.22 AS dev\nUSER root\nFROM alpine:3.22 AS prod\nUSER 1000\n"
    (here / "Dockerfile").write_text(text)
    (here / "docker-bake.hcl").write_text('target "default" { target = "dev" }\n')

    assert found(dflint, "Dockerfile")[1] == set()
    assert found(dflint, "docker-bake.hcl")[1] == {("Dockerfile", 2, 6, "root-user")}


def test_findings_of_an_inline_dockerfile_stand_in_the_file(here, dflint):
    (here / "compose.yaml").write_text(
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        FROM alpine:3.22\n        MAINTAINER me\n"
        "        # dflint: ignore=sudo why\n        RUN sudo a\n"
    )

    status, built = found(dflint, "compose.yaml")

    assert status == 1
    assert ("compose.yaml", 6, 9, "maintainer-deprecated") in built
    assert "sudo" not in {rule for _, _, _, rule in built}


def test_an_inline_dockerfile_is_reported_where_it_stands_and_once(here, dflint):
    text = "x: &it |\n  FROM alpine:3.22\n\n  MAINTAINER me\nservices:\n"
    build = "    build: {dockerfile_inline: *it}\n"
    (here / "base.yaml").write_text(f"{text}  a:\n{build}  b:\n{build}")
    (here / "compose.yaml").write_text(
        "services:\n  a:\n    extends: {file: base.yaml, service: a}\n"
        "  b:\n    extends: {file: base.yaml, service: b}\n"
    )

    status, out, _ = dflint("check", "--output-format", "json", "compose.yaml")

    assert status == 1
    places = [
        (os.path.basename(one["path"]), finding["line"], finding["column"], finding["rule"])
        for one in json.loads(out)["files"]
        for finding in one["findings"]
    ]
    assert places == [("base.yaml", 4, 3, "maintainer-deprecated")]


def test_a_file_that_is_built_in_two_ways_is_reported_once(here, dflint):
    (here / "Dockerfile").write_text("FROM alpine:3.22\nARG A=x\nMAINTAINER me\nCOPY $A /b/\n")
    (here / "y").write_text("")
    (here / "compose.yaml").write_text(
        "services:\n  a:\n    build:\n      args: {A: x}\n  b:\n    build:\n      args: {A: y}\n"
    )

    assert found(dflint, "compose.yaml")[1] == {
        ("Dockerfile", 3, 1, "maintainer-deprecated"),
        ("Dockerfile", 4, 6, "copy-source-missing"),
    }


def test_what_cannot_be_built_is_told(here, dflint):
    (here / "Dockerfile").write_text("FROM alpine:3.22 AS a\n")
    (here / "compose.yaml").write_text(
        "services:\n  a:\n    build: no\n  b:\n    build:\n      target: c\n"
    )

    status, out, _ = dflint("check", "compose.yaml")

    assert status == 2
    assert "line 3: `a` is built of `no/Dockerfile`: there is no such file" in out
    assert "line 6: `b` is to be the stage `c`: `Dockerfile` has none of that name" in out

    (here / "compose.yaml").write_text("services: [\n")
    status, out, _ = dflint("check", "compose.yaml")
    assert status == 2
    assert "line 2, column 1: no YAML" in out


def test_a_file_that_names_no_dockerfile_is_passed_over(here, dflint):
    (here / "compose.yaml").write_text("services:\n  a:\n    image: b\n")

    status, out, _ = dflint("check", "compose.yaml")

    assert status == 0
    assert "it names no Dockerfile that is here" in out


def test_fixes_are_applied_to_the_dockerfiles_that_are_named(here, dflint):
    (here / "Dockerfile").write_text("FROM alpine:3.22\nMAINTAINER me\n")
    (here / "compose.yaml").write_text("services:\n  a:\n    build: .\n")

    dflint("check", "--fix", "compose.yaml")

    assert "MAINTAINER" not in (here / "Dockerfile").read_text()


def test_readers_of_yaml_and_hcl_are_loaded_for_such_files_alone(here):
    (here / "Dockerfile").write_text("FROM alpine:3.22\n")
    code = (
        "import sys; from dflint.cli.main import main; main(['check', 'Dockerfile']);"
        "print(sorted({'yaml', 'hcl2', 'lark'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True)

    assert done.stdout.endswith("[]\n")
