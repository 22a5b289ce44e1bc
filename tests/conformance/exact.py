"""Builds random Dockerfiles twice in four ways, and counts those that always give one digest.

    python -m tests.conformance.exact --seed S --count N

The ways are overlayfs and copying, as root and as an ordinary user in a user namespace. Times are
those of SOURCE_DATE_EPOCH with `rewrite-timestamp`; every build is without cache, in a store of its
own, and the context's files have other times and inodes each time. Exit status 1 when digests
differ. Needs root, which takes the place of an ordinary user.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.generated import generate
from tests.executor.test_ordinary_user import _AS_USER, USER, python_for_others

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = "from dflint.__main__ import run\nrun()\n"


class Builder:
    """Runs builds of one context, whoever they are run by."""

    def __init__(self, folder: Path) -> None:
        from dflint.testing.images import busybox_root, write_layout

        self.folder = folder
        folder.chmod(0o755)
        self.layout = folder / "layout"
        write_layout(
            busybox_root(str(folder / "root"), str(ROOT / ".cache/busybox")), str(self.layout)
        )
        self.python = python_for_others()
        (folder / "dflint.py.txt").write_text(_SCRIPT)
        line = f"builder:x:{USER}:{USER}::/:/bin/sh\n"
        (folder / "passwd").write_text(Path("/etc/passwd").read_text() + line)
        for name in ("subuid", "subgid"):
            (folder / name).write_text("builder:2000000:65536\n")

    @property
    def ways(self) -> Iterator[tuple[str, bool]]:
        """The snapshotters, for root and for an ordinary user where there can be one."""
        for snapshotter in ("overlay", "copying"):
            yield snapshotter, False
            if self.python is not None:
                yield snapshotter, True

    def digest(self, context: Path, snapshotter: str, *, is_user: bool) -> str:
        """The digest of the image; what the build has said where it fails."""
        work = self.folder / "work"
        work.mkdir()
        shutil.copytree(context, work / "context", symlinks=True)
        (work / "secret").write_text("a secret\n")
        if is_user:
            subprocess.run(["chown", "-hR", f"{USER}:{USER}", str(work)], check=True)
            _take_modes(context, work / "context")  # a new owner costs a file its set-user-ID
        words = [
            "build", "--progress=plain", "--no-cache", f"--store={work}/store",
            f"--build-context=busybox=oci-layout://{self.layout}",
            "--output=type=image,name=exact:1,rewrite-timestamp=true",
            f"--secret=id=s,src={work}/secret", f"--snapshotter={snapshotter}",
            f"--metadata-file={work}/metadata", str(work / "context"),
        ]  # fmt: skip
        command = [sys.executable, "-m", "dflint"]
        if is_user:
            script = str(self.folder / "dflint.py.txt")
            command = [sys.executable, "-c", _AS_USER, str(self.folder), str(self.python), script]
        libraries = [one for one in sys.path if one.endswith("site-packages")]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "TMPDIR": str(work),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules"), *libraries]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SOURCE_DATE_EPOCH": "1700000000",
        }
        done = subprocess.run(
            [*command, *words], cwd=work, env=environment, capture_output=True, check=False
        )
        try:
            if done.returncode:
                return done.stderr.decode(errors="replace")[-600:]
            return str(json.loads((work / "metadata").read_text())["containerimage.digest"])
        finally:
            shutil.rmtree(work)


def _take_modes(origin: Path, copy: Path) -> None:
    """Give files the modes of those that they are copies of."""
    for path in origin.rglob("*"):
        if not path.is_symlink():
            (copy / path.relative_to(origin)).chmod(path.stat().st_mode & 0o7777)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin none after so long")
    parser.add_argument("--folder", type=Path, help="where to work (default: a new folder)")
    given = parser.parse_args()
    numbers = random.Random(given.seed)
    same = builds = count = 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dflint-exact-", dir=given.folder) as folder:
        builder = Builder(Path(folder))
        ways = list(builder.ways)
        for number in range(given.count):
            if time.monotonic() - begin > given.seconds:
                break
            count += 1
            context = Path(folder) / f"context-{number}"
            generate(numbers, context)
            found: dict[str, list[str]] = {}
            for snapshotter, is_user in ways * given.times:
                digest = builder.digest(context, snapshotter, is_user=is_user)
                way = f"{snapshotter} {'rootless' if is_user else 'root'}"
                found.setdefault(digest, []).append(way)
                builds += 1
            is_same = len(found) == 1 and next(iter(found)).startswith("sha256:")
            same += is_same
            if not is_same:
                print(f"{number}: {(context / 'Dockerfile').read_text()}{found}", flush=True)
    seconds = time.monotonic() - begin
    print(f"seed {given.seed}: {len(ways)} ways, {given.times} times each, {builds} builds,")
    print(f"{same} of {count} Dockerfiles give one digest, {seconds:.0f} s")
    return 0 if same == count else 1


if __name__ == "__main__":
    raise SystemExit(main())
