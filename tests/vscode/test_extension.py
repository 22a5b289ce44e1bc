"""The VS Code extension: what it declares is what the server knows, and it can be bundled."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dflint import __version__
from dflint_lsp.features import code_lens, commands
from dflint_lsp.settings import _CHOICES, _DEFAULTS
from tests.vscode.__main__ import alone

EXTENSION = Path(__file__).parents[2] / "vscode-extension"
PACKAGE = json.loads((EXTENSION / "package.json").read_text())
PROPERTIES = PACKAGE["contributes"]["configuration"]["properties"]
SOURCES = "\n".join(one.read_text() for one in sorted((EXTENSION / "src").glob("*.ts")))
#: What the extension itself reads: how dflint is found, and what is left to other extensions.
OWN = {"interpreter", "path", "deferTo"}
TYPES = {bool: "boolean", str: "string", list: "array"}
SERVER_COMMANDS = {
    commands.BUILD_STAGE, commands.STAGE_GRAPH, commands.FIX_ALL, commands.FORMAT,
}  # fmt: skip
CHECK = """\
sub/Dockerfile:2:1: warning: `MAINTAINER` is deprecated [maintainer-deprecated]
"""
FAILED = """\
#3 [broken 1/1] COPY nothing /
#3 ERROR: failed to compute cache key: "/nothing": not found
{excerpt}ERROR: failed to build: failed to solve: failed to compute cache key: "/nothing": not found
"""


def test_every_setting_of_the_server_is_declared():
    assert set(PROPERTIES) == {f"dflint.{name}" for name in OWN | set(_DEFAULTS)}


@pytest.mark.parametrize("name", sorted(_DEFAULTS))
def test_a_setting_is_the_servers(name):
    declared = PROPERTIES[f"dflint.{name}"]
    assert declared["default"] == _DEFAULTS[name]
    assert declared["type"] == TYPES[type(_DEFAULTS[name])]
    assert declared.get("enum", []) == list(_CHOICES.get(name, ()))


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_a_setting_is_described(name):
    assert len(PROPERTIES[name]["markdownDescription"]) > 10
    assert PROPERTIES[name]["markdownDescription"].endswith(".")


@pytest.mark.parametrize("name", ["interpreter", "path", "configuration", "shellcheck.path"])
def test_a_workspace_without_trust_names_nothing_to_run(name):
    trust = PACKAGE["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert f"dflint.{name}" in trust["restrictedConfigurations"]


def test_commands_are_registered():
    declared = {one["command"] for one in PACKAGE["contributes"]["commands"]}
    registered = set(re.findall(r'register\("(dflint\.\w+)"', SOURCES))
    assert declared == registered
    # The client registers those of the server by itself; twice would be an error.
    assert not declared & SERVER_COMMANDS


def test_commands_of_the_server_exist():
    known = {one["command"] for one in PACKAGE["contributes"]["commands"]} | SERVER_COMMANDS
    asked = set(re.findall(r'executeCommand(?:<[^(]*>)?\(\s*"(dflint\.\w+)"', SOURCES))
    asked |= set(re.findall(r'ask\(server, "(dflint\.\w+)"\)', SOURCES))
    assert asked == SERVER_COMMANDS
    linked = re.findall(r"\(command:(dflint\.\w+)", json.dumps(PACKAGE))
    assert linked
    assert set(linked) <= known


def test_lenses_can_show_references():
    assert f'SHOW_REFERENCES = "{code_lens.SHOW_REFERENCES}"' in SOURCES


def test_versions_are_one():
    assert PACKAGE["version"] == __version__
    lock = json.loads((EXTENSION / "package-lock.json").read_text())
    assert lock["version"] == __version__


def test_pictures_and_texts_are_there():
    steps = PACKAGE["contributes"]["walkthroughs"][0]["steps"]
    places = [PACKAGE["icon"], *(one["media"]["markdown"] for one in steps)]
    assert [one for one in places if not (EXTENSION / one).is_file()] == []


def _matched(name: str, line: str) -> dict[str, str] | None:
    """What a problem matcher makes of a line."""
    [matcher] = [one for one in PACKAGE["contributes"]["problemMatchers"] if one["name"] == name]
    pattern = matcher["pattern"]
    match = re.search(pattern["regexp"], line)
    if match is None:
        return None
    return {key: match[value] for key, value in pattern.items() if isinstance(value, int)}


def test_problems_of_checks():
    assert _matched("dflint-check", CHECK.rstrip()) == {
        "file": "sub/Dockerfile", "line": "2", "column": "1", "severity": "warning",
        "code": "maintainer-deprecated", "message": "`MAINTAINER` is deprecated",
    }  # fmt: skip


def test_checks_print_what_is_matched(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nMAINTAINER a\n")
    command = [
        sys.executable,
        "-m",
        "dflint",
        "check",
        "--no-cache",
        "--output-format",
        "concise",
        ".",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    found = [_matched("dflint-check", line) for line in done.stdout.splitlines()]
    [finding] = [one for one in found if one is not None]
    assert (finding["file"], finding["code"]) == ("Dockerfile", "maintainer-deprecated")


def test_problems_of_tasks_are_those_of_the_server():
    """The editor puts a new one in place of an old one by the owner alone."""
    from dflint_lsp.features.diagnostics import _IDENTIFIER

    matchers = {one["name"]: one for one in PACKAGE["contributes"]["problemMatchers"]}
    check = matchers["dflint-check"]
    assert check["owner"] == check["source"] == _IDENTIFIER
    # What is open has live findings.
    assert check["applyTo"] == "closedDocuments"
    assert matchers["dflint-build"]["owner"] != _IDENTIFIER


def _problems(outputs: list[str]) -> list[str | None]:
    """What the extension makes of the outputs of builds, by its own code."""
    if shutil.which("node") is None or not (EXTENSION / "node_modules").is_dir():
        pytest.skip("vscode-extension/node_modules is not installed (npm ci)")
    script = """
        const { buildSync } = require("esbuild");
        const options = { entryPoints: ["src/problem.ts"], format: "cjs", write: false };
        const module = { exports: {} };
        new Function("module", buildSync(options).outputFiles[0].text)(module);
        const outputs = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
        console.log(JSON.stringify(outputs.map((one) => module.exports.problemOf(one) ?? null)));
    """
    done = subprocess.run(
        ["node", "-e", script],
        cwd=EXTENSION, input=json.dumps(outputs), capture_output=True, text=True, check=True,
    )  # fmt: skip
    problems: list[str | None] = json.loads(done.stdout)
    return problems


def test_problems_of_builds():
    from dflint.build.excerpt import excerpt
    from dflint.text.span import Span

    text = "".join(f"RUN {number}\n" for number in range(1, 9))
    begins = [text.index(f"RUN {line}") for line in range(1, 9)]
    shown = [excerpt("/a b/Dockerfile", text, Span(begin, begin + 5)) for begin in begins]
    outputs = [FAILED.format(excerpt=one) for one in shown]
    outputs += [outputs[0].replace("\n", "\r\n"), "ERROR: failed to build: no place\n", ""]
    problems = _problems(outputs)
    assert problems[-2:] == [None, None]
    assert problems[-3] == problems[0]
    for line, problem in enumerate(problems[:8], 1):
        assert problem is not None
        assert _matched("dflint-build", problem) == {
            "file": "/a b/Dockerfile", "line": str(line),
            "message": f'RUN {line}: failed to compute cache key: "/nothing": not found',
        }  # fmt: skip


def _npm_run(script: str) -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node with npm")
    if not (EXTENSION / "node_modules").is_dir():
        pytest.skip("vscode-extension/node_modules is not installed (npm ci)")
    done = subprocess.run(
        ["npm", "run", "--silent", script], cwd=EXTENSION, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_is_small():
    with alone():
        _npm_run("package")
        package = EXTENSION / "dist" / "dflint.vsix"
        assert package.stat().st_size < 300_000
        with zipfile.ZipFile(package) as held:
            names = held.namelist()
            readme = held.read("extension/readme.md").decode()
    assert {"extension/dist/extension.js", "extension/dist/client.js"} < set(names)
    assert [one for one in names if "/src/" in one or "/test/" in one] == []
    # Marketplaces show pictures by their whole address alone.
    pictures = re.findall(r"!\[[^]]*\]\(([^)]*)\)", readme)
    assert pictures
    assert [one for one in pictures if not one.startswith("https://")] == []


def test_pictures_of_the_readme_are_there():
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]*)\)", (EXTENSION / "README.md").read_text())
    assert 3 <= len(pictures) <= 5
    for text, place in pictures:
        assert len(text) > 10
        assert (EXTENSION / place).stat().st_size < 60_000


@pytest.mark.parametrize("script", ["check", "bundle"])
def test_it_compiles(script):
    _npm_run(script)
    if script == "bundle":
        # What activation waits for.
        assert (EXTENSION / "dist" / "extension.js").stat().st_size < 30_000
