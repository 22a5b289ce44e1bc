"""The VS Code extension: what it declares is what the server knows, and it can be bundled."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from dflint import __version__
from dflint_lsp.features import code_lens, commands
from dflint_lsp.settings import _CHOICES, _DEFAULTS

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
sub/Dockerfile:2:1 warning maintainer-deprecated
  `MAINTAINER` is deprecated
  2 | MAINTAINER a
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


def _matched(name: str, lines: list[str]) -> dict[str, str] | None:
    """What a problem matcher makes of lines that begin where it may begin."""
    [matcher] = [one for one in PACKAGE["contributes"]["problemMatchers"] if one["name"] == name]
    found: dict[str, str] = {}
    for pattern, line in zip(matcher["pattern"], lines, strict=False):
        match = re.search(pattern["regexp"], line)
        if match is None:
            return None
        found |= {key: match[value] for key, value in pattern.items() if isinstance(value, int)}
    return found


def test_problems_of_checks():
    assert _matched("dflint-check", CHECK.splitlines()) == {
        "file": "sub/Dockerfile", "line": "2", "column": "1", "severity": "warning",
        "code": "maintainer-deprecated", "message": "`MAINTAINER` is deprecated",
    }  # fmt: skip


@pytest.mark.parametrize("line", range(1, 9))
def test_problems_of_builds(line):
    from dflint.build.excerpt import excerpt
    from dflint.text.span import Span

    text = "".join(f"RUN {number}\n" for number in range(1, 9))
    begin = text.index(f"RUN {line}")
    shown = excerpt("Dockerfile", text, Span(begin, begin + 5)).splitlines()
    names = [one["name"] for one in PACKAGE["contributes"]["problemMatchers"]]
    found = [_matched(name, shown) for name in names if name.startswith("dflint-build")]
    expected = {"file": "Dockerfile", "line": str(line), "message": f"RUN {line}"}
    assert [one for one in found if one is not None] == [expected]


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
    _npm_run("package")
    package = EXTENSION / "dist" / "dflint.vsix"
    assert package.stat().st_size < 300_000
    with zipfile.ZipFile(package) as held:
        names = held.namelist()
        readme = held.read("extension/readme.md").decode()
    assert "extension/dist/extension.js" in names
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
        assert (EXTENSION / "dist" / "extension.js").stat().st_size < 600_000
