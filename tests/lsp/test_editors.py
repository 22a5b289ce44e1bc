"""The server in real editors, as they come with the system."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "editors"
DOCS = Path(__file__).parents[2] / "docs" / "editors.md"
EGLOT = Path("/usr/share/emacs/site-lisp/elpa")
ALE = Path("/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale")
#: An umlaut and a character beyond the basic plane are counted otherwise by each editor.
TEXT = "FROM debian:12\nMAINTAINER Zoë 😀\nRUN  a   &&  b\n"


def _run(command: list[str], tmp_path: Path) -> dict[str, object]:
    place = tmp_path / "Dockerfile"
    place.write_text(TEXT)
    (tmp_path / "dflint.toml").write_text("shellcheck = false\n")
    environment = {
        **os.environ,
        "LSP_CMD": json.dumps([sys.executable, "-m", "dflint_lsp"]),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        [*command, str(place)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    said: dict[str, object] = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            said |= json.loads(line)
    assert done.returncode == 0, done.stderr
    assert "stopped" in said, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return said


def _check(said: dict[str, object]) -> None:
    fixed = ["FROM debian:12", 'LABEL org.opencontainers.image.authors="Zoë 😀"', "RUN  a   &&  b"]
    assert said["diagnostics"] == ["maintainer-deprecated"]
    assert said["action"] == "Write the author as a label"
    assert said["fixed"] == fixed
    assert said["after"] in ([], {})  # Neovim's empty table
    assert said["formatted"] == [*fixed[:2], "RUN a && b"]


def test_in_neovim(tmp_path):
    if shutil.which("nvim") is None:
        pytest.skip("there is no Neovim")
    script = HERE / "neovim.lua"
    options = ["--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}"]
    _check(_run(["nvim", *options], tmp_path))


def test_in_emacs(tmp_path):
    places = sorted(EGLOT.glob("*")) if EGLOT.is_dir() else []
    if shutil.which("emacs") is None or not any("eglot" in place.name for place in places):
        pytest.skip("there is no Emacs with eglot")
    paths = [part for place in places for part in ("-L", str(place))]
    _check(_run(["emacs", "-Q", "--batch", *paths, "-l", str(HERE / "eglot.el")], tmp_path))


def _newcomer(tmp_path: Path, language: str) -> tuple[Path, dict[str, str]]:
    """The settings that the page gives in a language, and an environment that has seen nothing.

    `dflint` is on PATH there, as after an installation.
    """
    [settings] = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)
    place = tmp_path / "settings"
    place.write_text(settings)
    program = tmp_path / "bin" / "dflint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dflint "$@"\n')
    program.chmod(0o755)
    (tmp_path / "Dockerfile").write_text(TEXT)
    path = f"{program.parent}:{os.environ['PATH']}"
    return place, {**os.environ, "HOME": str(tmp_path), "PATH": path, "LC_ALL": "C.UTF-8"}


def test_in_emacs_as_documented(tmp_path):
    places = sorted(EGLOT.glob("*")) if EGLOT.is_dir() else []
    names = [place.name for place in places]
    if shutil.which("emacs") is None or not any("eglot" in name for name in names):
        pytest.skip("there is no Emacs with eglot")
    if not any(name.startswith("dockerfile-mode") for name in names):
        pytest.skip("there is no dockerfile-mode")
    settings, environment = _newcomer(tmp_path, "elisp")
    paths = [part for place in places for part in ("-L", str(place))]
    script = HERE / "documented.el"
    done = subprocess.run(
        ["emacs", "-Q", "--batch", *paths, "-l", str(script), str(settings), "Dockerfile"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    said: dict[str, object] = {}
    for line in done.stdout.splitlines():
        said |= json.loads(line)
    assert done.returncode == 0, done.stderr
    assert said["diagnostics"] == ["maintainer-deprecated"]
    assert said["formatted"] == ["FROM debian:12", "MAINTAINER Zoë 😀", "RUN a && b"]
    assert "stopped" in said


def test_in_vim_with_ale_as_documented(tmp_path):
    if shutil.which("vim") is None or not ALE.is_dir():
        pytest.skip("there is no Vim with ALE")
    settings, environment = _newcomer(tmp_path, "vim")
    heard = tmp_path / "said"
    environment |= {"SETTINGS": str(settings), "SAID": str(heard)}
    done = subprocess.run(
        ["vim", "-N", "-u", str(HERE / "ale.vim"), "--not-a-term", "-T", "dumb", "Dockerfile"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = {}
    for line in heard.read_text().splitlines():
        said |= json.loads(line)
    assert said == {
        "diagnostics": ["maintainer-deprecated"], "places": [[2, 1]], "stopped": True,
    }  # fmt: skip
