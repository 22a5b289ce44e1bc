"""Whether verdicts agree with what BuildKit exports.

    python -m tests.verify.exports --engine DIR [--pairs 100] [--seconds S] [--buildx]

DIR is the folder of a running engine. Builds pairs of Dockerfiles, half of them wrong fixes and
half changes that are none, with dflint and with the engine's BuildKit, and holds the verdict on
each pair against BuildKit's two exports, which are unpacked and compared here by other means: their
merged files with owners, modes, links, attributes and contents, and their configurations. With
`--buildx` the verdict is that of `dflint verify --engine buildx`. The exit status is 1 where they
disagree.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from dflint.build.session import BuildSession
from dflint.verify.image.verifier import ImageVerifier
from tests.conformance.builds.bases import make_bases
from tests.verify import image_mutants
from tests.verify.subtle_mutants import RIGHT, WRONG, request

ROOT = Path(__file__).resolve().parents[2]
#: What differs from build to build says nothing here, nor what an engine's own frontend may lack,
#: nor blanks in a text for a shell, which are one to a verdict.
_LEFT_OUT = re.compile(r"\bdate\b|random|RANDOM|mktemp|uuid|\$\$|--parents|--exclude|^CMD a", re.M)


def pairs(count):
    """So many pairs of texts without content that differs by itself, right ones and wrong ones."""
    right = [one for one in RIGHT if not _LEFT_OUT.search(one[1])]
    right += [one for one in image_mutants.rebuilds(4 * count) if not _LEFT_OUT.search(one[1])]
    wrong = [one for one in WRONG if not _LEFT_OUT.search(one[1] + one[2])]
    half = count // 2
    yield from right[:half]
    yield from wrong[:: max(1, len(wrong) // (count - half))][: count - half]


class Engine:
    """BuildKit of an engine in a folder."""

    def __init__(self, folder, contexts, place):
        self.environment = {
            **os.environ,
            "DOCKER_HOST": f"unix://{folder}/d.sock",
            "DOCKER_CONFIG": f"{folder}/cfg",
            "PATH": f"{folder}/bin{os.pathsep}{os.environ['PATH']}",
        }
        self._contexts = contexts
        self._place = place

    def export(self, text, context):
        """What is in the image of a text: files by path, and the configuration; None without."""
        layout = tempfile.mkdtemp(dir=self._place)
        path = Path(layout) / "Dockerfile"
        path.write_text(text)
        command = [
            "docker",
            "buildx",
            "build",
            "--network=host",
            "--provenance=false",
            "-q",
            f"--file={path}",
        ]
        command += [f"--build-context={name}=oci-layout://{where}:latest"
                    for name, where in self._contexts.items()]  # fmt: skip
        command.append(f"--output=type=oci,tar=false,dest={layout}/image")
        done = subprocess.run(
            [*command, context], env=self.environment, capture_output=True, check=False
        )
        found = _read(f"{layout}/image") if done.returncode == 0 else None
        if found is None:
            print("  " + done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200])
        shutil.rmtree(layout)
        return found


def _read(layout):
    blobs = Path(layout) / "blobs" / "sha256"

    def blob(digest):
        return (blobs / digest.partition(":")[2]).read_bytes()

    (entry,) = json.loads((Path(layout) / "index.json").read_text())["manifests"]
    manifest = json.loads(blob(entry["digest"]))
    document = json.loads(blob(manifest["config"]["digest"]))
    files = {}
    for number, layer in enumerate(manifest["layers"]):
        data = blob(layer["digest"])
        _apply(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data, files, number)
    named = {}
    for path, (inode, *entry) in files.items():
        named.setdefault(inode, []).append(path)
        files[path] = (inode, *entry)
    found = {path: (*entry, sorted(named[inode])) for path, (inode, *entry) in files.items()}
    return found, _settings(document)


def _settings(document):
    """The configuration without times, history and layers, and without an order of variables."""
    config = dict(document.get("config") or {})
    config["Env"] = sorted(config.get("Env") or [])
    rest = {key: value for key, value in document.items()
            if key not in ("created", "history", "rootfs", "config")}  # fmt: skip
    return {key: value for key, value in {**rest, **config}.items() if value not in (None, [], "")}


def _apply(data, files, layer):
    """Put the entries of a layer's archive over what is there (OCI image specification)."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = list(archive)
        for member in members:
            folder, _, name = member.name.rpartition("/")
            if name == ".wh..wh..opq":
                _remove(files, folder + "/")
            elif name.startswith(".wh."):
                gone = f"{folder}/{name[4:]}".lstrip("/")
                files.pop(gone, None)
                _remove(files, gone + "/")
        for number, member in enumerate(members):
            path = member.name.rstrip("/")
            if path.rpartition("/")[2].startswith(".wh."):
                continue
            if not member.isdir():
                _remove(files, path + "/")
            if member.islnk():
                files[path] = files[member.linkname]
                continue
            content = archive.extractfile(member).read() if member.isreg() else b""
            xattrs = sorted((key, value) for key, value in member.pax_headers.items()
                            if key.startswith("SCHILY.xattr."))  # fmt: skip
            files[path] = (
                (layer, number), member.type, member.mode, member.uid, member.gid,
                member.linkname, member.devmajor, member.devminor, xattrs,
                hashlib.sha256(content).hexdigest(),
            )  # fmt: skip


def _remove(files, prefix):
    for path in [one for one in files if one.startswith(prefix)]:
        del files[path]


def verdict_of_command(engine, wanted, before, after, place):
    """Whether `dflint verify --engine buildx` takes a pair for one image; None for unknown."""
    paths = [f"{place}/before", f"{place}/after"]
    for path, text in zip(paths, (before, after), strict=True):
        Path(path).write_text(text)
    named = [f"--build-context={one.name}={one.location}:latest" for one in wanted.named_contexts]
    done = subprocess.run(
        [sys.executable, "-m", "dflint", "verify", "--no-plan", "--engine=buildx", "--network=host",
         f"--context={wanted.context}", *named, *paths],
        env={**engine.environment, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "rules")))},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        print(f"  {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}")
        return None
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description="whether verdicts agree with BuildKit's exports")
    parser.add_argument("--engine", required=True)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--start", type=int, default=0, help="leave out so many pairs")
    parser.add_argument("--seconds", type=float, default=3600, help="begin no pair after so many")
    parser.add_argument("--buildx", action="store_true")
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace

    enter_mount_namespace()
    place = tempfile.mkdtemp(prefix="dflint-exports-")
    agreed = same = compared = 0
    begun = time.monotonic()
    try:
        bases = make_bases(f"{place}/bases", str(ROOT / ".cache" / "busybox"))
        wanted = request(place, bases)
        names = {
            one.name: one.location.removeprefix("oci-layout://") for one in wanted.named_contexts
        }
        engine = Engine(os.path.abspath(given.engine), names, place)
        with BuildSession(wanted) as session:
            for name, before, after in list(pairs(given.pairs))[given.start :]:
                if time.monotonic() - begun > given.seconds:
                    break
                one, other = (engine.export(text, wanted.context) for text in (before, after))
                is_same = one is not None and one == other
                if given.buildx:
                    said = verdict_of_command(engine, wanted, before, after, place)
                else:
                    said = ImageVerifier(session).compare(before, after).is_accepted
                compared += 1
                agreed += said == is_same and one is not None
                same += is_same
                if said != is_same or one is None:
                    print(f"  {name}: BuildKit {is_same}, dflint {said}: {after!r}", flush=True)
                    _show(one, other)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{agreed} of {compared} verdicts agree with BuildKit's exports, {same} of one image")
    return int(agreed < compared)


def _show(one, other):
    """Print what is not the same in two exports."""
    for mine, theirs in zip(one or (), other or (), strict=True) if one and other else ():
        for key in sorted(mine.keys() | theirs.keys()):
            if mine.get(key) != theirs.get(key):
                print(f"     {key}: {mine.get(key)} {theirs.get(key)}"[:300])


if __name__ == "__main__":
    sys.exit(main())
