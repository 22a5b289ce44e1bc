"""Packages the extension with dflint in it: `python scripts/bundle.py TARGET`, such as linux-x64.

The package needs no more than some Python from 3.11 on. TARGET is one of VS Code's platforms; the
compiled parts are those of its wheels on PyPI, for each Python that there is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1]
BUNDLED = EXTENSION / "bundled"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: The tags of wheels that run on a platform of VS Code.
PLATFORMS = {
    "linux-x64": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "linux-arm64": ("manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64"),
    "alpine-x64": ("musllinux_1_1_x86_64", "musllinux_1_2_x86_64"),
    "alpine-arm64": ("musllinux_1_1_aarch64", "musllinux_1_2_aarch64"),
    "darwin-x64": ("macosx_10_9_x86_64", "macosx_10_13_x86_64", "macosx_11_0_x86_64"),
    "darwin-arm64": ("macosx_11_0_arm64", "macosx_11_0_universal2"),
    "win32-x64": ("win_amd64",),
    "win32-arm64": ("win_arm64",),
}
COMPILED = ("tree-sitter", "tree-sitter-bash")
#: Only what writes dflint's patterns, or checks many files, needs these, and they are compiled.
NEEDLESS = ("parsimonious", "regex", "pyahocorasick", "bin")


def _pip(*words: str) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-compile", "--root-user-action=ignore", *words], check=True)


def _pure(place: Path) -> dict[str, str]:
    """Install dflint and what runs on every Python; the versions of the compiled packages."""
    _pip("--target", str(place), f"{EXTENSION.parent}[lsp]")
    versions = {}
    for name in COMPILED:
        found = next(place.glob(f"{name.replace('-', '_')}-*.dist-info"))
        versions[name] = found.name.removesuffix(".dist-info").rpartition("-")[2]
    for pattern in (*NEEDLESS, *(name.replace("-", "_") for name in COMPILED)):
        for found in (*place.glob(pattern), *place.glob(f"{pattern}-*.dist-info")):
            shutil.rmtree(found)
    # What is compiled to be faster has the same in Python beside it.
    for compiled in (*place.rglob("*.so"), *place.rglob("*.pyd")):
        compiled.unlink()
    return versions


def _compiled(target: str, versions: dict[str, str]) -> None:
    platforms = [word for one in PLATFORMS[target] for word in ("--platform", one)]
    for python in PYTHONS:
        tag = "cp" + python.replace(".", "")
        for name, folder in (("tree-sitter", tag), ("tree-sitter-bash", "abi3")):
            if (BUNDLED / folder).exists():
                continue
            wanted = ("--only-binary=:all:", "--no-deps", "--python-version", python, *platforms)
            _pip("--target", str(BUNDLED / folder), *wanted, f"{name}=={versions[name]}")


def main(words: list[str]) -> int:
    """Make the package; its place is printed."""
    if len(words) != 1 or words[0] not in PLATFORMS:
        sys.stderr.write(f"usage: bundle.py {'|'.join(PLATFORMS)}\n")
        return 2
    [target] = words
    package = EXTENSION / "dist" / f"dflint-{target}.vsix"
    shutil.rmtree(BUNDLED, ignore_errors=True)
    try:
        BUNDLED.mkdir()
        shutil.copy(Path(__file__).with_name("run.py"), BUNDLED)
        _compiled(target, _pure(BUNDLED / "any"))
        # The pages of rules on secrets show some that nobody has.
        shown = ("--allow-package-secrets", "npm", "--allow-package-secrets", "github")
        command = ["npm", "run", "package", "--", "--target", target, *shown, "-o", str(package)]
        subprocess.run(command, cwd=EXTENSION, check=True, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(BUNDLED, ignore_errors=True)
    sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
