"""The server in real editors, as they come with the system."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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


def _blocks(language: str) -> list[str]:
    """What the page gives in a language."""
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)


def _newcomer(tmp_path: Path, settings: str) -> tuple[Path, dict[str, str]]:
    """A file with these settings, and an environment that has seen nothing.

    `dflint` is on PATH there, as after an installation.
    """
    place = tmp_path / "settings"
    place.write_text(settings)
    program = tmp_path / "bin" / "dflint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dflint "$@"\n')
    program.chmod(0o755)
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "dflint.toml").write_text("shellcheck = false\n")
    path = f"{program.parent}:{os.environ['PATH']}"
    before = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return place, {**before, "HOME": str(tmp_path), "PATH": path, "LC_ALL": "C.UTF-8"}


def test_in_emacs_as_documented(tmp_path):
    places = sorted(EGLOT.glob("*")) if EGLOT.is_dir() else []
    names = [place.name for place in places]
    if shutil.which("emacs") is None or not any("eglot" in name for name in names):
        pytest.skip("there is no Emacs with eglot")
    if not any(name.startswith("dockerfile-mode") for name in names):
        pytest.skip("there is no dockerfile-mode")
    [text] = _blocks("elisp")
    settings, environment = _newcomer(tmp_path, text)
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
    [text] = _blocks("vim")
    settings, environment = _newcomer(tmp_path, text)
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


def _neovim_version() -> tuple[int, ...]:
    """The version of Neovim; (0,) where there is none."""
    if shutil.which("nvim") is None:
        return (0,)
    done = subprocess.run(["nvim", "--version"], capture_output=True, text=True)
    match = re.match(r"NVIM v(\d+)\.(\d+)", done.stdout)
    assert match is not None, done.stdout
    return tuple(map(int, match.groups()))


@pytest.mark.parametrize(("block", "oldest"), [(0, (0, 11)), (1, (0, 8))])
def test_in_neovim_as_documented(tmp_path, block, oldest):
    if _neovim_version() < oldest:
        pytest.skip(f"there is no Neovim of {'.'.join(map(str, oldest))} or later")
    servers = _blocks("lua")
    _, environment = _newcomer(tmp_path, "")
    place = tmp_path / ".config" / "nvim" / "init.lua"
    place.parent.mkdir(parents=True)
    place.write_text(servers[block] + servers[2])
    done = subprocess.run(
        ["nvim", "--headless", "Dockerfile", "-c", f"luafile {HERE / 'documented.lua'}"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = {}
    for line in done.stdout.splitlines():
        said |= json.loads(line)
    assert said == {
        "diagnostics": ["maintainer-deprecated"],
        "written": [
            "FROM debian:12",
            'LABEL org.opencontainers.image.authors="Zoë 😀"',
            "RUN a && b",
        ],
    }


class _Screen:
    """A program in a terminal of its own."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, {**environment, "TERM": "xterm-256color"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
        self._raw = b""

    def until(self, seen: Callable[[str], bool], limit: float = 60) -> bool:
        """Whether what was drawn since the last key comes to fulfil something, within seconds."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], 0.1)
            if ready:
                self._raw += os.read(self.terminal, 65536)
            text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", self._raw).decode(errors="replace")
            if seen(text):
                return True
        return False

    def type(self, keys: str) -> None:
        self._raw = b""
        os.write(self.terminal, keys.encode())

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def test_in_helix_as_documented(tmp_path):
    program = shutil.which("hx") or shutil.which("helix")
    if program is None:
        pytest.skip("there is no Helix")
    [text] = [one for one in _blocks("toml") if "language-server" in one]
    _, environment = _newcomer(tmp_path, "")
    place = tmp_path / ".config" / "helix" / "languages.toml"
    place.parent.mkdir(parents=True)
    place.write_text(text)
    screen = _Screen([program, "Dockerfile"], tmp_path, environment)
    file = tmp_path / "Dockerfile"
    try:
        assert screen.until(lambda text: "is deprecated" in text)
        screen.type("2gg a")
        assert screen.until(lambda text: "Write the author as a label" in text)
        screen.type("\r")
        assert screen.until(lambda text: "LABEL" in text)
        screen.type(":w\r")
        assert screen.until(lambda _: "LABEL" in file.read_text())
        assert file.read_text().splitlines()[2] == "RUN a && b"
    finally:
        screen.end()
