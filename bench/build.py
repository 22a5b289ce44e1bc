"""Wall time of builds, in turn: `dflint build` beside a Docker engine with BuildKit and buildah.

    python bench/build.py [--dflint CMD] [--docker CMD] [--buildah CMD]
                          [--rounds N] [--files N] [--size BYTES]

The build is twenty times a small COPY and a RUN, then a COPY of many files, on a base of busybox
that every builder has beforehand. Every round builds with an empty cache, writes the image as an
OCI archive, builds with a full cache, and writes the archive again. Layers are made with the first
archive, but by buildah, which makes them with the build. Nothing is deleted before the end: ext4
passes over inodes that were freed within the last minutes, and takes ten times as long. Give a
folder in TMPDIR where that has not been done either. `--docker` is a command that
has buildx, with DOCKER_HOST set; `--buildah` is run with a store of its own and without a
container runtime (`--isolation chroot`). Without them dflint is measured alone. The medians of
the rounds are printed; the machine's noise is in all figures: only their ratios in one run say
something.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dflint.testing.images import busybox_root, write_layout

COLD, FIRST, CACHED, AGAIN = "empty cache", "first archive", "full cache", "archive again"


def make_base(work: Path) -> Path:
    """An OCI layout with busybox."""
    root = busybox_root(str(work / "root"), str(work))
    write_layout(root, str(work / "base"))
    return work / "base"


def make_context(folder: Path, files: int, size: int) -> None:
    """A Dockerfile and its context: `files` files of nearly `size` bytes."""
    data = os.urandom(size)
    lines = ["FROM base", "ARG ROUND", "RUN : $ROUND"]
    folder.mkdir()
    for number in range(20):
        (folder / f"small{number}").write_text(str(number))
        lines += [f"COPY small{number} /small{number}", f"RUN touch /touched{number}"]
    for number in range(files):
        place = folder / "data" / f"d{number // 100}"
        place.mkdir(exist_ok=True, parents=True)
        (place / f"f{number}").write_bytes(data[: size - number % 500])
    lines += ["COPY data /data/", ""]
    (folder / "Dockerfile").write_text("\n".join(lines))


def seconds(command: list[str], **variables: str) -> float:
    """How long a command takes; it has to succeed.

    What others have written is on disk before it begins.
    """
    os.sync()
    begun = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{shlex.join(command)}: {done.stderr[-2000:]}")
    return time.perf_counter() - begun


def dflint(command: str, base: Path, context: Path, work: Path) -> dict[str, float]:
    """One round of `dflint build`."""
    store = tempfile.mkdtemp(prefix="store", dir=work)
    build = [*shlex.split(command), "build", "--progress=quiet", f"--store={store}"]
    build += [f"--build-context=base=oci-layout://{base}", str(context)]
    target = work / "image.tar"
    archive = [*build, f"--output=type=oci,dest={target}"]
    return _round([*build, "--output=type=cacheonly"], archive, target)


def buildkit(command: str, base: Path, context: Path, work: Path) -> dict[str, float]:
    """One round of a Docker engine; the archive holds no attestations, as ours does not."""
    build = [*shlex.split(command), "buildx", "build", "--network=host", "--provenance=false"]
    build += ["--sbom=false", f"--build-context=base=oci-layout://{base}", str(context)]
    # Another first instruction is another cache.
    build.insert(-1, f"--build-arg=ROUND={os.urandom(8).hex()}")
    target = work / "image.tar"
    archive = [*build, f"--output=type=oci,dest={target}"]
    return _round([*build, "--output=type=cacheonly"], archive, target)


def buildah(command: str, base: Path, context: Path, work: Path) -> dict[str, float]:
    """One round of buildah; its archive is compressed each time."""
    folder = tempfile.mkdtemp(prefix="buildah", dir=work)
    program = [*shlex.split(command), f"--root={folder}/root", f"--runroot={folder}/run"]
    program.append("--storage-driver=overlay")
    seconds([*program, "pull", f"oci:{base}"])
    listed = subprocess.run([*program, "images", "-q"], capture_output=True, text=True, check=True)
    seconds([*program, "tag", listed.stdout.split()[0], "localhost/base:latest"])
    build = [*program, "build", "--isolation=chroot", "--layers", "--network=host"]
    build += ["-t", "localhost/made", str(context)]
    target = work / "image.tar"
    return _round(build, [*program, "push", "localhost/made", f"oci-archive:{target}"], target)


def _round(build: list[str], archive: list[str], target: Path) -> dict[str, float]:
    found = {COLD: seconds(build), FIRST: seconds(archive), CACHED: seconds(build)}
    target.unlink()
    found[AGAIN] = seconds(archive)
    target.unlink()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dflint", default="dflint")
    parser.add_argument("--docker", default="")
    parser.add_argument("--buildah", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--size", type=int, default=41000)
    options = parser.parse_args()
    builders: dict[str, tuple[Callable[..., dict[str, float]], str]] = {
        "dflint": (dflint, options.dflint),
        "BuildKit": (buildkit, options.docker),
        "buildah": (buildah, options.buildah),
    }
    taken: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="dflint-bench-") as folder:
        work = Path(folder)
        base = make_base(work)
        make_context(work / "context", options.files, options.size)
        for _ in range(options.rounds):
            for name, (builder, command) in builders.items():
                if command:
                    for what, time_taken in builder(command, base, work / "context", work).items():
                        taken.setdefault((name, what), []).append(time_taken)
    for (name, what), times in taken.items():
        median = statistics.median(times)
        ours = statistics.median(taken["dflint", what])
        more = "" if name == "dflint" else f"  dflint/it {ours / median:.3f}"
        print(f"{name:10}{what:16}{median:8.2f} s{more}")


if __name__ == "__main__":
    main()
