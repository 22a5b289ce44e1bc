#!/usr/bin/env python3
"""Builds real Dockerfiles with BuildKit and with dflint on small local images, and compares.

    corpus.py --engine DIR --count N [--first K] FOLDER

Every image that a file begins with is a shell with programs that do nothing under the names of
package managers and other tools. What COPY and ADD name is made up. FOLDER has Dockerfiles; of
those with several steps that can be read N are taken from the Kth on, sorted by the digest of their
names. Prints a table; the exit status is 1 where something differs without a reason.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from dflint.build.frontend import model_of, read_file
from dflint.cst.instructions import Add, Copy, Run
from dflint.graph.build import Build
from dflint.graph.build_stages import context_name
from dflint.graph.lower_build import needed_images
from dflint.graph.refused import RefusedError
from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.builders import ROOT
from tests.conformance.builds.case import EPOCH, Case, ContextFile
from tests.conformance.builds.run import Oracle, run, summary

#: What steps of real files call.
TOOLS = (
    "apk", "apt", "apt-get", "apt-key", "bundle", "cargo", "cmake", "composer", "conda", "curl",
    "dnf", "docker-php-ext-install", "dotnet", "g++", "gcc", "gem", "git", "go", "gradle", "java",
    "javac", "make", "mvn", "node", "npm", "npx", "pecl", "php", "pip", "pip3", "pnpm", "poetry",
    "python", "python3", "ruby", "rustup", "sudo", "useradd", "groupadd", "usermod", "wget", "yarn",
    "yum", "microdnf", "uv", "locale-gen", "update-ca-certificates", "systemctl", "adduser",
    "addgroup", "ldconfig", "gpg", "bash", "unzip", "tar",
)  # fmt: skip
#: They do nothing.
IDLE = dict.fromkeys(TOOLS, "#!/bin/sh\nexit 0\n")


def cases_of(folder: str, count: int) -> list[tuple[Case, list[str]]]:
    """Cases with the names of the images that they need."""
    names = [os.path.join(place, name) for place, _, files in os.walk(folder) for name in files]
    names.sort(key=lambda name: hashlib.sha256(os.path.relpath(name, folder).encode()).digest())
    found: list[tuple[Case, list[str]]] = []
    for name in names:
        case = read_case(f"c{len(found)}", Path(name))
        if case is not None:
            found.append(case)
        if len(found) == count:
            break
    return found


def read_case(name: str, path: Path) -> tuple[Case, list[str]] | None:
    """The case of one file; None for one that cannot be read, or has less than four steps."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    found = make_case(name, text, 4)
    if found is not None:
        found[0].features.add(str(path))
    return found


def make_case(name: str, text: str, least: int = 1) -> tuple[Case, list[str]] | None:
    """The case of a text with the names of its images; None where it cannot be read or made.

    That is one with less steps than `least`, or that needs the network.
    """
    try:
        tree = read_file(text)
        model = model_of(tree, Build())
        images = needed_images(tree, model, Build())
    except RefusedError:
        return None
    steps = [one for one in tree.instructions if isinstance(one, (Run, Copy, Add))]
    is_remote = any(
        "://" in word or "git@" in word
        for one in steps
        if isinstance(one, Add)
        for word in one.reading.arguments
    )
    if len(steps) < least or is_remote or "syntax=" in text:
        return None
    files: dict[str, ContextFile] = {}
    for one in steps:
        if isinstance(one, (Copy, Add)) and not one.reading.flag("from"):
            for word in one.reading.arguments[:-1]:
                _make_up(files, word)
    return Case(name, text, list(files.values())), [
        context_name(reference) for reference, _ in images
    ]


def _make_up(files: dict[str, ContextFile], word: str) -> None:
    """A file of the name, or a directory with one in it where the name has no dot."""
    clean = os.path.normpath("/" + word.replace("*", "x")).strip("/")
    if not clean or any(sign in clean for sign in "$?[<\\\"'"):
        return
    is_file = "." in clean.rpartition("/")[2][1:] and not word.endswith("/")
    parts = clean.split("/")
    if parts[0] in ("Dockerfile", ".dockerignore"):
        return
    for at in range(1, len(parts) + (not is_file)):
        _add(files, "/".join(parts[:at]), "d")
    _add(files, clean if is_file else f"{clean}/made-up", "f")


def _add(files: dict[str, ContextFile], path: str, kind: str) -> None:
    above = files.get(os.path.dirname(path))
    if path in files or (above is not None and above.kind == "f"):
        return
    number = len(files)
    data = b"" if kind == "d" else path.encode() + b"." * number
    mtime = (EPOCH - 5000 + number * 100) * 10**9
    files[path] = ContextFile(path, kind, data, "", 0o755 if kind == "d" else 0o644, mtime)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", required=True, help="the folder of a running engine")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("folder", help="a folder with Dockerfiles")
    given = parser.parse_args()
    place = tempfile.mkdtemp(prefix="dflint-corpus-")
    try:
        cases = cases_of(given.folder, given.first + given.count)[given.first :]
        oracle = Oracle(given.engine, place)
        cache = str(ROOT / ".cache" / "busybox")
        base = make_bases(os.path.join(place, "tools"), cache, IDLE)["base"]
        oracle.bases |= {name: base for _, names in cases for name in names}
        rows = run(oracle, [case for case, _ in cases], given.jobs, sys.stdout)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print("\n".join(summary(rows).splitlines()[len(rows) :]))
    return 1 if any(row.differences for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
