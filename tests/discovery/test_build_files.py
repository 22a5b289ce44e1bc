"""Files that describe builds: which Dockerfiles they name, with which contexts and arguments."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dflint.discovery.build_target import (
    BuildFileError,
    kind_of_build_file,
    read_build_file,
)
from dflint.discovery.interpolation import InterpolationError, interpolate


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def builds(folder: Path, name: str, text: str, **others: str) -> dict:
    """What a file names, by service or target; paths from the folder on."""
    write(folder, {name: text, **{key.replace("__", "."): one for key, one in others.items()}})
    path = str(folder / name)
    kind = kind_of_build_file(path)
    assert kind is not None
    return {target.name: target for target in read_build_file(path, kind)}


def paths(folder: Path, found: dict) -> dict:
    def short(path):
        return None if path is None else os.path.relpath(path, folder)

    return {name: (short(one.dockerfile), short(one.context)) for name, one in found.items()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("compose.yaml", "compose"),
        ("docker-compose.yml", "compose"),
        ("a/docker-compose.prod.yml", "compose"),
        ("compose.override.yaml", "compose"),
        ("docker-bake.hcl", "bake"),
        ("docker-bake.override.json", "bake"),
        (".devcontainer/devcontainer.json", "devcontainer"),
        (".devcontainer.json", "devcontainer"),
        ("Dockerfile", None),
        ("composer.json", None),
        ("values.yaml", None),
        ("compose.Dockerfile", None),
    ],
)
def test_files_are_told_by_their_names(name, kind):
    assert kind_of_build_file(name) == kind


def test_short_and_long_builds_of_services(tmp_path):
    found = builds(
        tmp_path,
        "compose.yaml",
        """
services:
  short:
    build: ./app
  long:
    image: x
    build:
      context: backend
      dockerfile: ../docker/Dockerfile.prod
      target: runtime
      args:
        VERSION: 1.10
        DEBUG: true
        TOKEN:
  list:
    build:
      args:
        - A=b=c
        - FROM_THE_ENVIRONMENT
      additional_contexts:
        - docs=./docs
  none:
    image: redis
  remote:
    build: https://github.com/a/b.git
""",
    )

    assert paths(tmp_path, found) == {
        "short": ("app/Dockerfile", "app"),
        "long": ("docker/Dockerfile.prod", "backend"),
        "list": ("Dockerfile", "."),
    }
    assert found["long"].args == {"VERSION": "1.10", "DEBUG": "true"}
    assert (found["long"].target, found["long"].line) == ("runtime", 8)
    assert found["list"].args == {"A": "b=c"}
    assert found["list"].contexts == ("docs",)


def test_anchors_and_merge_keys(tmp_path):
    found = builds(
        tmp_path,
        "docker-compose.yml",
        """
version: "3.9"
x-build: &build
  context: ..
  dockerfile: Dockerfile
  args: &args
    A: "1"
services:
  web:
    build:
      <<: *build
      target: web
  worker:
    build:
      <<: [{target: x}, *build]
      target: worker
      args:
        <<: *args
        B: "2"
""",
    )

    assert paths(tmp_path, found)["web"] == ("../Dockerfile", "..")
    assert [one.target for one in found.values()] == ["web", "worker"]
    assert found["web"].args == {"A": "1"}
    assert found["worker"].args == {"A": "1", "B": "2"}


def test_services_are_extended_and_files_included(tmp_path):
    found = builds(
        tmp_path,
        "compose.yaml",
        """
include:
  - infra/compose.yaml
  - path: [more.yaml]
services:
  web:
    extends:
      file: common/base.yaml
      service: app
    build:
      target: web
  again:
    extends: web
""",
        **{
            "infra/compose__yaml": "services:\n  db:\n    build: db\n",
            "more__yaml": "services:\n  more:\n    build: more\ninclude: [compose.yaml]\n",
            "common/base__yaml": (
                "services:\n  app:\n    build:\n      context: ctx\n      args: {A: b}\n"
            ),
        },
    )

    assert paths(tmp_path, found) == {
        "db": ("infra/db/Dockerfile", "infra/db"),
        "more": ("more/Dockerfile", "more"),
        "web": ("common/ctx/Dockerfile", "common/ctx"),
        "again": ("common/ctx/Dockerfile", "common/ctx"),
    }
    assert found["again"].target == "web"
    assert found["web"].args == {"A": "b"}


def test_variables_come_from_the_file_beside(tmp_path):
    found = builds(
        tmp_path,
        "compose.yaml",
        """
services:
  a:
    build:
      context: ${DIR:-.}
      dockerfile: Dockerfile.$KIND
      args:
        V: "${VERSION}-${X:-y}"
        UNKNOWN: $NOWHERE
        MONEY: $$5
  b:
    build: ./$NOWHERE
""",
        __env="# comment\nKIND=dev\nVERSION='1.2' \n",
    )

    assert paths(tmp_path, found) == {"a": ("Dockerfile.dev", ".")}
    assert found["a"].args == {"V": "1.2-y", "MONEY": "$5"}


def test_an_inline_dockerfile_has_its_places(tmp_path):
    text = """services:
  a:
    build:
      dockerfile_inline: |
        FROM alpine:$${V}

        RUN apk add $PKG \\
              make
  b:
    build:
      dockerfile_inline: "FROM debian\\nRUN a\\n"
  c:
    build:
      dockerfile_inline: |2-
          # indented
        FROM x
"""
    found = builds(tmp_path, "compose.yaml", text, __env="PKG=git")
    one, two, three = (target.inline for target in found.values())

    assert one.text == "FROM alpine:${V}\n\nRUN apk add git \\\n      make\n"
    assert one.is_exact
    for word in ("alpine", "RUN", "make"):
        assert text[one.origins[one.text.index(word)] :].startswith(word)
    assert text[one.origins[one.text.index("git")] :].startswith("$PKG")
    assert (two.text, two.is_exact) == ("FROM debian\nRUN a\n", False)
    assert three.text == "  # indented\nFROM x"
    assert text[three.origins[three.text.index("FROM")] :].startswith("FROM x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("services:\n  a: [\n", "line 3, column 1: no YAML: "),
        ("- a\n", "line 1, column 1: expected a mapping with `services`"),
        ("services: [a]\n", "line 1, column 11: `services`: expected a mapping, found a list"),
        (
            "services:\n  a:\n    build: [b]\n",
            "line 3, column 12: `services.a.build`: expected a text or a mapping, found a list",
        ),
        (
            "services:\n  a:\n    build:\n      context: {b: c}\n",
            "line 4, column 16: `context`: expected a text, found a mapping",
        ),
        (
            "services:\n  a:\n    build:\n      args: b\n",
            "line 4, column 13: `args`: expected a mapping or a list, found a text",
        ),
        (
            "services:\n  a:\n    build: ${b\n",
            "line 3, column 12: `context`: invalid interpolation format: "
            "expected `$NAME`, `${NAME}` or `$$`",
        ),
        (
            "services:\n  a:\n    extends: b\n    build: .\n",
            "line 3, column 14: `services.a.extends`: there is no service `b`",
        ),
        (
            "services:\n  a:\n    extends: a\n",
            "line 3, column 5: `services.a.extends`: it goes in a circle",
        ),
        (
            "services:\n  a:\n    build:\n      dockerfile: b\n      dockerfile_inline: FROM c\n",
            "line 5, column 26: `dockerfile_inline`: expected no `dockerfile` beside it",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(BuildFileError) as caught:
        builds(tmp_path, "compose.yaml", text)

    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a$A-${A}b", "a1-1b"),
        ("$$A$$$$", "$A$$"),
        ("${B:-x${A}}${B-}", "x1"),
        ("${A:+y}${B:+y}${E:+z}${E+z}", "yz"),
        ("${E:-d}${E-d}", "d"),
        ("${B:?needed}", ""),
    ],
)
def test_interpolation(text, value):
    assert interpolate(text, {"A": "1", "E": ""}).text == value


@pytest.mark.parametrize("text", ["$", "a $ b", "${", "${A", "${}", "${1}", "${A!b}"])
def test_what_is_no_interpolation(text):
    with pytest.raises(InterpolationError):
        interpolate(text, {})


HCL = """
// what is shared
variable "TAG" { default = "1.2" }
variable "NONE" {}
function "twice" {
  params = [a]
  result = "${a}${a}"
}
group "default" { targets = ["app", "images"] }
group "images" { targets = ["web"] }
target "_common" {
  context = "src"
  args = { A = "1", TAG = TAG, N = null }
}
target "app" {
  inherits   = ["_common"]
  dockerfile = "docker/${TAG}.Dockerfile"
  target     = "final"
  args = {
    "B" = "v${TAG}"
    C   = twice(TAG)
    D   = TAG == "1.2" ? "x" : "y"
    E   = 3
    F   = true
    G   = NONE
  }
  contexts = { base = "docker-image://alpine:3.22" }
}
target "web" {
  dockerfile-inline = <<EOT
FROM alpine
RUN apk add git
EOT
}
target "matrix" {
  name = "m-${v}"
  matrix = { v = ["1", "2"] }
  dockerfile = "Dockerfile.${v}"
}
target "open" { dockerfile = twice("a") }
target "remote" { context = "https://github.com/a/b.git" }
"""


def test_bake_in_hcl(tmp_path):
    write(tmp_path, {"docker-bake.hcl": HCL})
    found = read_build_file(str(tmp_path / "docker-bake.hcl"), "bake")
    app = found[0]

    assert [
        (one.name, one.dockerfile and os.path.relpath(one.dockerfile, tmp_path)) for one in found
    ] == [
        ("app", "src/docker/1.2.Dockerfile"),
        ("web", None),
        ("matrix", "Dockerfile.1"),
        ("matrix", "Dockerfile.2"),
    ]
    assert app.args == {"A": "1", "TAG": "1.2", "B": "v1.2", "E": "3", "F": "true"}
    assert (app.target, app.contexts, app.line) == ("final", ("base",), 15)
    web = found[1].inline
    assert web.text == "FROM alpine\nRUN apk add git\n"
    assert HCL[web.origins[web.text.index("git")] :].startswith("git\nEOT")


def test_bake_in_json(tmp_path):
    found = builds(
        tmp_path,
        "docker-bake.json",
        """{
  "variable": {"TAG": {"default": "x"}},
  "group": {"default": {"targets": ["app"]}},
  "target": {
    "base": {"context": "."},
    "app": {"inherits": ["base"], "dockerfile": "Dockerfile.${TAG}", "args": {"A": "b"}}
  }
}""",
    )

    assert paths(tmp_path, found) == {"app": ("Dockerfile.x", ".")}
    assert (found["app"].args, found["app"].line) == ({"A": "b"}, 6)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("docker-bake.hcl", 'target "a" {\n  context = \n}\n', "line 2, column 13: no HCL"),
        ("docker-bake.hcl", 'target "a" {\n  inherits = ["b"]\n}\n', "there is no target `b`"),
        (
            "docker-bake.hcl",
            'target "a" {\n  inherits = ["a"]\n}\ngroup "default" {\n  targets = ["a"]\n}\n',
            "line 1: target `a` inherits",
        ),
        ("docker-bake.json", '{"target": [1]}', "`target`: expected an object of objects"),
        ("docker-bake.json", '{\n "target": x}', "line 2, column 12: no JSON"),
        ("devcontainer.json", "[]", "line 1, column 1: expected an object"),
        ("devcontainer.json", '{\n"build": []}', "line 2: `build`: expected an object"),
        (
            "devcontainer.json",
            '{"build": {"dockerfile": 1}}',
            "line 1: `dockerfile`: expected a text",
        ),
    ],
)
def test_other_files_that_are_wrong(tmp_path, name, text, message):
    with pytest.raises(BuildFileError) as caught:
        builds(tmp_path, name, text)

    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"build": {"dockerfile": "Dockerfile"}}', (".devcontainer/Dockerfile", ".devcontainer")),
        (
            '// c\n{/* "build": */ "build": {"dockerfile": "../D", "context": "..",},}',
            ("D", "."),
        ),
        ('{"dockerFile": "D", "context": ".."}', (".devcontainer/D", ".")),
        ('{"image": "x"}', None),
        ('{"build": {"dockerfile": "${localWorkspaceFolder}/D"}}', None),
    ],
)
def test_devcontainers(tmp_path, text, expected):
    found = builds(tmp_path, ".devcontainer/devcontainer.json", text)

    assert list(paths(tmp_path, found).values()) == ([] if expected is None else [expected])


def test_a_devcontainer_gives_arguments_and_names_compose_files(tmp_path):
    found = builds(
        tmp_path,
        ".devcontainer.json",
        '{"build": {"dockerfile": "D", "target": "t", "args": {"A": "b//c", "X": "${env:Y}"}}}',
    )
    (one,) = found.values()
    assert (one.args, one.target) == ({"A": "b//c"}, "t")

    found = builds(
        tmp_path,
        ".devcontainer.json",
        '{"dockerComposeFile": ["compose.yaml"], "service": "a"}',
        compose__yaml="services:\n  a:\n    build: app\n",
    )
    assert paths(tmp_path, found) == {"a": ("app/Dockerfile", "app")}
