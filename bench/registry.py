"""How long a push and a pull of a large image take, beside `skopeo copy`, and in how much memory.

    python bench/registry.py [--megabytes 500] [--rounds 3]

Starts Debian's `docker-registry` on loopback, and puts an image of three layers of random bytes
through it: `dflint push` and `pull`, `skopeo copy` from and to an OCI layout, in turns. The
registry is emptied before each push, the target before each pull. Printed is the best of the
rounds, in seconds, with the largest resident memory of a process in megabytes. What a process
takes before it is the program counts too, so a small Python starts each: that floor is 10 MB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dflint.content.store import ContentStore
from tests.registry.server import PROGRAM, real_registry
from tests.registry.test_server import an_image

LAYERS = 3
#: Runs its arguments; prints the exit status and the kilobytes.
_SMALL_PARENT = """
import os, sys
number = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(number, 0)
print(status, usage.ru_maxrss)
"""


def measured(command: list[str], **variables: str) -> tuple[float, float]:
    """The seconds and the megabytes of a command, which has to succeed."""
    start = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _SMALL_PARENT, *command],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds = time.monotonic() - start
    status, kilobytes = map(int, found.stdout.split()[-2:])
    if status:
        raise SystemExit(f"{command[0]} failed")
    return seconds, kilobytes / 1024


def make_image(store: str, name: str, megabytes: int) -> None:
    """Put an image of layers into a store; gzip, so that skopeo sends them as they are."""
    kept = ContentStore(store)
    size = megabytes * 1_000_000 // LAYERS
    an_image(kept, name, *(os.urandom(size) for _ in range(LAYERS)), is_gzip=True)
    kept.close()


def compare(
    place: Path, address: str, megabytes: int, rounds: int
) -> dict[str, tuple[float, float]]:
    """The best seconds and the most megabytes, by tool and direction."""
    store, layout = place / "store", place / "layout"
    name = f"{address}/large:1"
    # In a process of its own: what this one takes counts for what it starts.
    making = multiprocessing.Process(target=make_image, args=(str(store), name, megabytes))
    making.start()
    making.join()
    python = [sys.executable, "-m", "dflint"]
    skopeo = ["skopeo", "--insecure-policy", "copy", "-q"]
    pushed, pulled = place / "registry" / "data", place / "pulled"
    path = os.pathsep.join([str(ROOT), str(ROOT / "rules")])
    ours = {"PYTHONPATH": path, "DOCKER_CONFIG": str(place)}
    steps: dict[str, tuple[Path, Callable[[], tuple[float, float]]]] = {
        "dflint push": (
            pushed, lambda: measured([*python, "push", "-q", name], DFLINT_STORE=str(store), **ours)
        ),
        "skopeo push": (
            pushed,
            lambda: measured(
                [*skopeo, "--dest-tls-verify=false", f"oci:{store}:{name}", f"docker://{name}"]
            ),
        ),
        "dflint pull": (
            pulled,
            lambda: measured([*python, "pull", "-q", name], DFLINT_STORE=str(pulled), **ours),
        ),
        "skopeo pull": (
            pulled,
            lambda: measured(
                [*skopeo, "--src-tls-verify=false", f"docker://{name}", f"oci:{layout}:x"]
            ),
        ),
    }  # fmt: skip
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for step, (emptied, run) in steps.items():
            for one in (emptied, layout):
                shutil.rmtree(one, ignore_errors=True)
            os.sync()
            found.setdefault(step, []).append(run())
    return {
        step: (min(one[0] for one in runs), max(one[1] for one in runs))
        for step, runs in found.items()
    }


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="bench/registry.py")
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the images are for the time (default: $TMPDIR)")
    options = parser.parse_args()
    for program in (PROGRAM, "skopeo"):
        if shutil.which(program) is None:
            parser.error(f"{program} is not installed")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="dflint-registry-", dir=options.folder) as folder:
        place = Path(folder)
        (place / "registry").mkdir()
        with real_registry(place / "registry") as address:
            found = compare(place, address, options.megabytes, options.rounds)
    for step, (seconds, memory) in found.items():
        print(f"{step:<12} {seconds:6.2f} s {memory:6.0f} MB")
    for way in ("push", "pull"):
        ratio = found[f"dflint {way}"][0] / found[f"skopeo {way}"][0]
        print(f"{way}: {ratio:.2f} of the time of skopeo")


if __name__ == "__main__":
    main()
