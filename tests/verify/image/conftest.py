"""A place to build in: one store and one context for all tests that build in this process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dflint.build.request import BuildRequest, NamedContext
from dflint.build.session import BuildSession
from dflint.verify.image.verifier import ImageVerifier

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "a.txt": "alpha\n",
    "b.txt": "beta\n",
    "app/main.sh": "#!/bin/sh\necho run\n",
    "app/data/one.txt": "1\n",
    "app/data/two.txt": "2\n",
}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """The folder with the context and the store."""
    place = tmp_path_factory.mktemp("verify")
    for name, text in FILES.items():
        path = place / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


@pytest.fixture(scope="session")
def request_of(place, busybox_layout):
    """What a build is asked for, with other values where they are given."""

    def make(**values):
        base = NamedContext("busybox", f"oci-layout://{busybox_layout}")
        return BuildRequest(
            **{
                "context": str(place / "context"),
                "named_contexts": (base,),
                "store": str(place / "store"),
                **values,
            }
        )

    return make


@pytest.fixture(scope="session")
def session(mount_namespace, request_of):
    """A session that all tests share, cache and all."""
    with BuildSession(request_of()) as session:
        yield session


@pytest.fixture
def verifier(session):
    """A verifier that knows no builds yet."""
    return ImageVerifier(session)


@dataclass
class Ran:
    """How a run of the command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        """What it printed, read as JSON."""
        return json.loads(self.out)


@pytest.fixture
def dflint(mount_namespace, place, busybox_layout, tmp_path):
    """Runs the command on Dockerfiles given by text; `busybox` is a base image."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
        "DFLINT_STORE": str(place / "store"),
    }

    def run(verb, *words, builds=True, cwd=tmp_path, **texts):
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        common = ()
        if builds:
            layout = f"--build-context=busybox=oci-layout://{busybox_layout}"
            common = (f"--context={place / 'context'}", layout)
        done = subprocess.run(
            [sys.executable, "-m", "dflint", verb, *common, *map(str, words)],
            capture_output=True,
            env=environment,
            cwd=cwd,
            timeout=180,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
