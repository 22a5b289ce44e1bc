"""Wall time of builds, in turn: `dflint build` beside a Docker engine with BuildKit.

    python bench/build.py BASE [--dflint CMD] [--docker CMD] [--rounds N] [--files N] [--size BYTES]

BASE is an OCI layout with a small Linux system. The build is twenty times a small COPY and a RUN,
then a COPY of many files, and all of it again from one stage into another; the result is an OCI
archive. Every round builds with an empty cache, then with a full one. `--docker` is a command that
has buildx, with DOCKER_HOST set; without it dflint is measured alone. The machine's noise is in all
figures: only their ratios in one run say something.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def make_context(folder: Path, files: int, size: int) -> None:
    """A Dockerfile and its context: `files` files of nearly `size` bytes."""
    data = os.urandom(size)
    lines = ["FROM base AS made"]
    folder.mkdir()
    for number in range(20):
        (folder / f"small{number}").write_text(str(number))
        lines += [f"COPY small{number} /small{number}", f"RUN touch /touched{number}"]
    for number in range(files):
        place = folder / f"d{number // 100}"
        place.mkdir(exist_ok=True)
        (place / f"f{number}").write_bytes(data[: size - number % 500])
    lines += ["COPY . /data/", "FROM base", "COPY --from=made /data /data", ""]
    (folder / "Dockerfile").write_text("\n".join(lines))


def seconds(command: list[str], **variables: str) -> float:
    """How long a command takes; it has to succeed."""
    begun = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{shlex.join(command)}: {done.stderr[-2000:]}")
    return time.perf_counter() - begun


def measure(options: argparse.Namespace, work: Path) -> dict[str, list[float]]:
    """The seconds of each round, by what was measured."""
    context = work / "context"
    make_context(context, options.files, options.size)
    base = f"--build-context=base=oci-layout://{Path(options.base).resolve()}"
    output = f"--output=type=oci,dest={work / 'image.tar'}"
    ours = [*shlex.split(options.dflint), "build", "--progress=quiet", base, output, str(context)]
    found: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        shutil.rmtree(work / "store", ignore_errors=True)
        for name in ("dflint, empty cache", "dflint, full cache"):
            taken = seconds(ours, DFLINT_STORE=str(work / "store"))
            found.setdefault(name, []).append(taken)
        if options.docker:
            theirs = [*shlex.split(options.docker), "buildx", "build", "--network=host"]
            theirs += ["--provenance=false", "--sbom=false", base, output, str(context)]
            found.setdefault("BuildKit, empty cache", []).append(seconds([*theirs, "--no-cache"]))
            found.setdefault("BuildKit, full cache", []).append(seconds(theirs))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base")
    parser.add_argument("--dflint", default="dflint")
    parser.add_argument("--docker", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--size", type=int, default=41000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dflint-bench-") as folder:
        found = measure(options, Path(folder))
    for name, taken in found.items():
        line = f"{name:24}{statistics.median(taken):8.2f} s"
        theirs = found.get(name.replace("dflint", "BuildKit"))
        if theirs and theirs is not taken:
            line += f"  {statistics.median(taken) / statistics.median(theirs):.3f} of BuildKit"
        print(line)


if __name__ == "__main__":
    main()
