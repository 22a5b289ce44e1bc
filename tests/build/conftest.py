"""What whole builds need: the real command, a base image, a store of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import mounts_are_possible

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Built:
    """How a run of the command ended."""

    status: int
    out: bytes
    err: str

    @property
    def log(self):
        """What the steps printed, without numbers and times."""
        words = [line.split(" ", 2) for line in self.err.splitlines() if line.startswith("#")]
        return [one[2] for one in words if len(one) == 3 and one[1][:1].isdigit()]


class Command:
    """Runs `dflint build` on a folder of the test."""

    def __init__(self, place, base, store=None):
        self.place = place
        self.store = store or place / "store"
        self.context = place / "context"
        self.context.mkdir()
        self._base = base
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"},
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "DFLINT_STORE": str(self.store),
        }

    def write(self, files):
        """Files of the context: a text each, or bytes."""
        for name, content in files.items():
            path = self.context / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def arguments(self, *options, context=None):
        """The whole command line."""
        return [
            *(sys.executable, "-m", "dflint", "build", "--progress=plain"),
            f"--build-context=busybox=oci-layout://{self._base}",
            *options,
            str(self.context if context is None else context),
        ]

    def run(self, *options, dockerfile=None, context=None, stdin=b"", timeout=120, **variables):
        """Build, however it ends."""
        if dockerfile is not None:
            self.write({"Dockerfile": dockerfile})
        done = subprocess.run(
            self.arguments(*options, context=context),
            input=stdin,
            capture_output=True,
            env={**self.environment, **variables},
            cwd=self.place,
            timeout=timeout,
            check=False,
        )
        return Built(done.returncode, done.stdout, done.stderr.decode())

    def build(self, *options, **values):
        """Build, which has to succeed."""
        built = self.run(*options, **values)
        assert built.status == 0, built.err
        return built

    def files(self, *options, **values):
        """The folder with the files of what is built."""
        folder = self.place / f"files-{len(list(self.place.iterdir()))}"
        self.build("--output", str(folder), *options, **values)
        return folder

    def image(self, *options, **values):
        """The image as an `OciImage`."""
        path = self.place / f"image-{len(list(self.place.iterdir()))}.tar"
        self.build("--output", f"type=oci,dest={path}", *options, **values)
        return self.read(path)

    def read(self, path):
        """The image in an OCI archive."""
        return OciImage(path)


class OciArchive:
    """An OCI archive: `digest` is that of what its index names first, an image or an index."""

    def __init__(self, path):
        with tarfile.open(path) as archive:
            self.files = {
                one.name: archive.extractfile(one).read() for one in archive if one.isfile()
            }
        self.index = json.loads(self.files["index.json"])
        self.digest = self.index["manifests"][0]["digest"]

    def blob(self, digest):
        """The bytes with that digest."""
        return self.files["blobs/" + digest.replace(":", "/")]


class OciImage(OciArchive):
    """One image in an OCI archive."""

    def __init__(self, path):
        super().__init__(path)
        self.manifest = json.loads(self.blob(self.digest))
        self.document = json.loads(self.blob(self.manifest["config"]["digest"]))
        self.config = self.document["config"]


@pytest.fixture(scope="session")
def _can_build():
    if not mounts_are_possible():
        pytest.skip("building needs root with CAP_SYS_ADMIN")


@pytest.fixture
def command(_can_build, busybox_layout, tmp_path):
    """`dflint build` with a store of its own, and `busybox` as a base image."""
    return Command(tmp_path, busybox_layout)
