"""Runs one case with BuildKit of a Docker engine, and with `dflint build`."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.builds.case import EPOCH, Case, write_files

ROOT = Path(__file__).resolve().parents[3]
_TIMEOUT = 120
_MARKED = re.compile(r"^ *(\d+) \| >>> ", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """How a build ended: `layout` is the OCI layout that it wrote, empty when it failed."""

    layout: str
    log: str

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the Dockerfile that the error marks."""
        return tuple(sorted({int(one) for one in _MARKED.findall(self.log)}))

    @property
    def message(self) -> str:
        """The error, without what buildx and dflint put before it."""
        found = [
            one.partition(": ")[2]
            for one in self.log.splitlines()
            if one.startswith(("ERROR: ", "dflint: ", "error: "))
        ]
        text = re.sub(r"checksum of ref \S+", "checksum of ref source", found[-1] if found else "")
        return text.removeprefix("failed to build: ").removeprefix("failed to solve: ")


class Engine:
    """BuildKit of the engine that `get_buildkit.sh` has put into a folder and started there."""

    name = "buildkit"

    def __init__(self, folder: str) -> None:
        self._environment = {
            **_environment(),
            "DOCKER_HOST": f"unix://{folder}/d.sock",
            "DOCKER_CONFIG": os.path.join(folder, "cfg"),
            "PATH": os.path.join(folder, "bin") + os.pathsep + os.environ["PATH"],
        }

    def run(self, options: list[str]) -> subprocess.CompletedProcess[str]:
        command = ["docker", "buildx", "build", "--network=host", "--no-cache"]
        return _run([*command, *options], self._environment)


class Dflint:
    """`dflint build` of this checkout, with a store of its own."""

    name = "dflint"

    def __init__(self, store: str) -> None:
        self._environment = {
            **_environment(),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "DFLINT_STORE": store,
        }

    def run(self, options: list[str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dflint", "build", "--no-cache"]
        return _run([*command, *options], self._environment)


Builder = Engine | Dflint


def _environment() -> dict[str, str]:
    proxies = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
    kept = {name: text for name, text in os.environ.items() if name.lower() not in proxies}
    return {**kept, "SOURCE_DATE_EPOCH": str(EPOCH)}


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_TIMEOUT,
        check=False,
    )


class Place:
    """The folder of one case: its context and secrets, and what builders make of it."""

    def __init__(self, case: Case, folder: str, bases: dict[str, str]) -> None:
        self._case = case
        self._folder = folder
        self._bases = bases
        self._salt = secrets.token_hex(4)
        write_files(case.other, os.path.join(folder, f"other-{case.name}"))
        for name, text in case.secrets.items():
            with open(os.path.join(folder, f"secret-{name}"), "w", encoding="utf-8") as file:
                file.write(text)

    def build(self, builder: Builder, text: str, first: str = "") -> Outcome:
        """Build a Dockerfile of the case; `first` is the layout of the image named so."""
        salted = text.replace("@SALT@", self._salt)
        kind = "then" if first else "image"
        # BuildKit keeps what it knows of a context under the name of its folder.
        context = os.path.join(self._folder, f"{kind}-{self._case.name}")
        if not os.path.exists(context):
            write_files(self._case.files, context)
        with open(os.path.join(context, "Dockerfile"), "wb") as file:
            file.write(salted.encode("utf-8", "surrogateescape"))
        os.utime(file.name, (EPOCH - 60, EPOCH - 60))
        layout = os.path.join(self._folder, f"{builder.name}-{kind}")
        done = builder.run([*self._options(first), f"--output={_output(layout)}", context])
        return Outcome(layout if done.returncode == 0 else "", done.stdout)

    def _options(self, first: str) -> list[str]:
        case = self._case
        bases = {**self._bases, "first": first} if first else self._bases
        options = ["--progress=plain", "--provenance=false", "--sbom=false"]
        options += [
            f"--build-context={name}=oci-layout://{path}:{'x' if name == 'first' else 'latest'}"
            for name, path in bases.items()
        ]
        options.append(f"--build-context=other={self._folder}/other-{case.name}")
        options += [f"--secret=id={name},src={self._folder}/secret-{name}" for name in case.secrets]
        if first:
            return options
        options += [f"--build-arg={name}={text}" for name, text in case.build_args.items()]
        options += [f"--label={name}={text}" for name, text in case.labels.items()]
        options += [f"--target={case.target}"] if case.target else []
        return [*options, *([f"--platform={case.platform}"] if case.platform else [])]

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _output(layout: str) -> str:
    return f"type=oci,tar=false,dest={layout},name=x:x,rewrite-timestamp=true"
