"""What a build costs by its parts: steps, stages side by side, memory, many small files.

    python bench/build_limits.py [--dflint CMD] [--steps N] [--megabytes N] [--files N]

- steps: seconds of one RUN more, without an image and with one, beside `unshare` with the same
  namespaces that runs nothing
- stages: four stages that only compute, beside one; with two processors the wall time is twice
  that of one
- memory: the largest resident process of a build that copies a large file and writes one
- files: seconds for each thousand of small files, for numbers that double; a linear build takes
  as long for each
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

from build import make_base, seconds

ROUNDS = 3
_COUNT = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
#: Runs its arguments; prints the kilobytes of the largest process, its own left out.
_SMALL_PARENT = """
import os, sys
number = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(number, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


class Builds:
    """Builds of `dflint`, each with an empty store."""

    def __init__(self, command: str, work: Path) -> None:
        self.work = work
        self.store = work / "store"
        self.context = work / "context"
        self.command = [*shlex.split(command), "build", "--progress=quiet"]
        self.command += [f"--store={self.store}"]
        self.command += [f"--build-context=base=oci-layout://{make_base(work)}", "-f", "-"]
        self.command.append(str(self.context))
        self.context.mkdir()
        self.keeps_stores = True

    def words(self, *lines: str) -> list[str]:
        """The command for a Dockerfile of these lines."""
        if self.store.exists():
            # Where the rounds are short its files stay until the end: ext4 passes over inodes that
            # were freed just before, and is slow to make new ones then.
            aside = Path(tempfile.mkdtemp(prefix="store", dir=self.work)) / "store"
            self.store.rename(aside)
            if not self.keeps_stores:
                shutil.rmtree(aside)
        file = self.work / "Dockerfile"
        file.write_text("\n".join(("FROM base", *lines, "")))
        return [str(file) if word == "-" else word for word in self.command]

    def seconds(self, *lines: str, option: str = "") -> float:
        """How long the build takes: the median of some."""
        taken = []
        for _ in range(ROUNDS):
            words = self.words(*lines)
            words[-1:-1] = [option] if option else []
            taken.append(seconds(words))
        return statistics.median(taken)


def steps(builds: Builds, count: int) -> None:
    lines = [f"RUN : {number}" for number in range(count + 1)]
    each = []
    for option in ("--output=type=cacheonly", ""):
        few = builds.seconds(lines[0], option=option)
        each.append((builds.seconds(*lines, option=option) - few) / count * 1000)
    root = str(builds.work / "root")
    unshare = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "chroot", root, "true"]
    begun = time.perf_counter()
    for _ in range(count):
        subprocess.run(unshare, check=True)
    floor = (time.perf_counter() - begun) / count
    print(
        f"a RUN more: {each[0]:.1f} ms, with an image {each[1]:.1f} ms, "
        f"unshare {floor * 1000:.1f} ms"
    )


def stages(builds: Builds) -> None:
    one = builds.seconds(f"RUN {_COUNT}")
    names = [f"s{number}" for number in range(4)]
    lines = [line for name in names for line in (f"FROM base AS {name}", f"RUN {_COUNT}; : {name}")]
    several = builds.seconds(
        *lines, "FROM base", *(f"COPY --from={name} /etc /of-{name}" for name in names)
    )
    print(f"four stages: {several / one:.2f} times as long as one, {os.cpu_count()} processors")


def memory(builds: Builds, megabytes: int) -> None:
    with open(builds.context / "large", "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    write = f"RUN dd if=/dev/urandom of=/made bs=1048576 count={megabytes} 2>/dev/null"
    for what, line in (("COPY", "COPY large /"), ("RUN", write)):
        for suffix in ("", f"--output=type=oci,dest={builds.work / 'image.tar'}"):
            words = builds.words(line)
            words[-1:-1] = [suffix] if suffix else []
            parent = [sys.executable, "-c", _SMALL_PARENT, *words]
            done = subprocess.run(parent, capture_output=True, text=True, check=True)
            kind = "and its archive" if suffix else "alone"
            size = int(done.stdout.split()[-1]) // 1024
            print(f"{what} of {megabytes} MB, {kind}: largest process {size} MB")
    (builds.context / "large").unlink()


def files(builds: Builds, most: int) -> None:
    made = 0
    for count in (most // 8, most // 4, most // 2, most):
        for number in range(made, count):
            place = builds.context / "small" / str(number // 250)
            place.mkdir(parents=True, exist_ok=True)
            (place / str(number)).write_bytes(b"%d" % number)
        made = count
        taken = builds.seconds("COPY small /small")
        print(f"{count} files: {taken:.2f} s, {taken / count * 1000:.3f} s a thousand")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dflint", default="dflint")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--files", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dflint-bench-") as folder:
        builds = Builds(options.dflint, Path(folder))
        steps(builds, options.steps)
        builds.keeps_stores = False
        stages(builds)
        memory(builds, options.megabytes)
        files(builds, options.files)


if __name__ == "__main__":
    main()
