"""Packages the extension and tries it in code-server: `python -m tests.vscode [SCENE[.STEP]...]`.

It needs a node with npm; `CODE_SERVER`, the entry point of code-server (`out/node/entry.js`) or its
program; `PLAYWRIGHT`, the folder of playwright-core; and Chromium, or `CHROMIUM` that names it.
Where one is missing, it says which and ends with 2. What is tried is in `vscode-extension/test`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

EXTENSION = Path(__file__).parents[2] / "vscode-extension"


def missing() -> str:
    """What there is not, of all that is needed; empty if nothing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no node with npm"
    program = os.environ.get("CODE_SERVER", "code-server")
    if shutil.which(program) is None and not Path(program).is_file():
        return "there is no code-server: CODE_SERVER names none, nor is it on PATH"
    if not Path(os.environ.get("PLAYWRIGHT", "")).joinpath("package.json").is_file():
        return "there is no playwright-core: PLAYWRIGHT does not name its folder"
    if not Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).is_file():
        return "there is no Chromium"
    return ""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """While nobody else packages the extension, in whatever process."""
    with open(EXTENSION / "package.json", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def main(words: list[str]) -> int:
    """Install what packaging needs, package, and drive; the exit status of what fails."""
    what = missing()
    if what:
        print(what, file=sys.stderr)
        return 2
    steps = [["npm", "run", "package"]]
    if not (EXTENSION / "node_modules").is_dir():
        steps.insert(0, ["npm", "ci", "--no-audit", "--no-fund"])
    with tempfile.TemporaryDirectory() as place:
        environment = {"DFLINT_PYTHON": sys.executable, "VSIX": f"{place}/dflint.vsix"} | os.environ

        def run(*command: str) -> int:
            done = subprocess.run(command, cwd=EXTENSION, env=environment, check=False)
            return done.returncode

        with alone():
            for step in steps:
                if (status := run(*step)) != 0:
                    return status
            shutil.copy(EXTENSION / "dist" / "dflint.vsix", place)
        return run("npm", "run", "drive", "--", *words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
