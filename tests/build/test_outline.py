"""Outlines and lists of targets, as buildx 0.29 printed them."""

from __future__ import annotations

import json

from dflint.build.frontend import build_graph, model_of, read_file
from dflint.build.outline import outline, targets
from dflint.build.outline_text import outline_json, outline_text, targets_json, targets_text
from dflint.graph.build import Build
from tests.build.bases import base

FILE = """# check=skip=all

# BASE is the base image
ARG BASE=busybox
# not described
ARG UNUSED
# VER of it
ARG VER=1.2
# base stage here
# base is the first
FROM $BASE AS base
# A first
ARG A=1 B
ARG VER
RUN --mount=type=secret,id=tok,required --mount=type=ssh echo
RUN --mount=type=cache,target=/c,id=cc --mount=type=secret,target=/x/y,env=FOO true

# build makes it
# build it
FROM base AS build
ARG C="x y"
ARG TARGETARCH
ARG HTTP_PROXY
RUN --mount=type=cache,target=/d true
FROM scratch
COPY --from=build / /
FROM build AS Other
"""

DESCRIBED = """# a first line

# b before blank
FROM busybox AS b
# A above

ARG A=1
# B one
# not B
# B two
ARG B=<2>&
ARG \\
  C=3
# B again
ARG B
RUN --mount=type=secret,id=s1 --mount=type=secret,target=/q,required=true true
RUN --mount=type=ssh,id=k,required true
# last thing
# last one
FROM --platform=$TARGETPLATFORM busybox AS last
ARG D
COPY --from=b / /
RUN --mount=type=secret,id=s1,required true
"""


def read(text, **values):
    tree = read_file(text)
    build = Build(base=base, **values)
    model = model_of(tree, build)
    return outline(tree, model, build_graph(text, build)), targets(model)


def text_of(text, **values):
    return outline_text(read(text, **values)[0])


def test_outline_as_text():
    assert text_of(FILE) == (
        "TARGET: other\n"
        "\n"
        "BUILD ARG    VALUE     DESCRIPTION\n"
        "BASE         busybox   is the base image\n"
        "VER          1.2       of it\n"
        "A            1         first\n"
        "B                      \n"
        "C            x y       \n"
        "HTTP_PROXY             \n"
        "\n"
        "SECRET   REQUIRED\n"
        "tok      true\n"
        "y        \n"
        "\n"
        "SSH       REQUIRED\n"
        "default   \n"
        "\n"
    )


def test_outline_of_a_target_with_arguments():
    assert text_of(FILE, target="base", arguments={"A": "7"}) == (
        "TARGET:      base\n"
        "DESCRIPTION: stage here\n"
        "\n"
        "BUILD ARG   VALUE     DESCRIPTION\n"
        "BASE        busybox   is the base image\n"
        "VER         1.2       of it\n"
        "A           7         first\n"
        "B                     \n"
        "\n"
        "SECRET   REQUIRED\n"
        "tok      true\n"
        "y        \n"
        "\n"
        "SSH       REQUIRED\n"
        "default   \n"
        "\n"
    )


def test_outline_has_what_other_stages_take():
    assert text_of(DESCRIBED) == (
        "TARGET:      last\n"
        "DESCRIPTION: thing\n"
        "\n"
        "BUILD ARG   VALUE   DESCRIPTION\n"
        "A           1       above\n"
        "C           3       \n"
        "B                   again\n"
        "D                   \n"
        "\n"
        "SECRET   REQUIRED\n"
        "q        true\n"
        "s1       true\n"
        "\n"
        "SSH   REQUIRED\n"
        "k     true\n"
        "\n"
    )


def test_outline_of_a_stage_without_a_name():
    assert text_of("ARG X=scratch\nFROM $X\n") == (
        "BUILD ARG   VALUE     DESCRIPTION\nX           scratch   \n\n"
    )


def test_arguments_that_defaults_name_are_taken_too():
    text = "ARG V=1\nARG W=$V-x\nARG Q\nFROM busybox AS a\nARG W\nARG Q\nARG Z=$W\nFROM busybox\n"
    found = read(text, target="a", arguments={"Q": "1", "V": "5"})[0]

    assert [(one.name, one.value, one.lines.start) for one in found.arguments] == [
        ("V", "5", 1),
        ("W", "5-x", 2),
        ("Q", "1", 6),
        ("Z", "5-x", 7),
    ]


def test_outline_as_json():
    found = outline_json(read(DESCRIBED)[0], b"x")
    document = json.loads(found)

    assert list(document) == ["name", "description", "args", "secrets", "ssh", "sources"]
    assert document["args"][1] == {
        "name": "C",
        "value": "3",
        "location": {
            "ranges": [
                {"start": {"line": 12}, "end": {"line": 12}},
                {"start": {"line": 13}, "end": {"line": 13}},
            ]
        },
    }
    assert document["secrets"][1] == {
        "name": "s1",
        "required": True,
        "location": {"ranges": [{"start": {"line": 23}, "end": {"line": 23}}]},
    }
    assert found.endswith('  "sources": [\n    "eA=="\n  ]\n}\n')


def test_json_has_no_characters_of_html():
    found = outline_json(read("FROM scratch\nARG B=<2>&\n")[0], b"")

    assert '"value": "\\u003c2\\u003e\\u0026"' in found


def test_targets_as_text():
    assert targets_text(read(FILE)[1]) == (
        "TARGET          DESCRIPTION\n"
        "base            stage here\n"
        "build           makes it\n"
        "                \n"
        "other (default) \n"
    )
    assert targets_text(read("FROM scratch\n")[1]) == "TARGET    DESCRIPTION\n(default) \n"


def test_targets_as_json():
    assert json.loads(targets_json(read(DESCRIBED)[1], b"x")) == {
        "targets": [
            {
                "name": "b",
                "description": "before blank",
                "base": "busybox",
                "location": {"ranges": [{"start": {"line": 4}, "end": {"line": 4}}]},
            },
            {
                "name": "last",
                "default": True,
                "description": "thing",
                "base": "busybox",
                "platform": "$TARGETPLATFORM",
                "location": {"ranges": [{"start": {"line": 20}, "end": {"line": 20}}]},
            },
        ],
        "sources": ["eA=="],
    }
