"""The server in real editors, as they come with the system."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "editors"
EGLOT = Path("/usr/share/emacs/site-lisp/elpa")
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
