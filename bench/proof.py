"""What proofs cost: how many fixes a plan decides alone, and how long a verification takes.

    python bench/proof.py plan FOLDER [--fixes 500]
    python bench/proof.py time BASE [--rounds 3] [--steps 12]

The first makes fixes of a folder of Dockerfiles, sampled by file, each alone, and prints how many
the plan decides: it is the same, or it differs by more than the fix declares; the others take a
build.

The second times, each with an empty store, `dflint build` of one Dockerfile and `dflint verify` of
a change of it: one that the plan proves, one of the last step, some of the first. BASE is an OCI
layout with a shell. Only ratios of one run say something.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dflint.lint.document import Document
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint.verify.image.proof import is_proved
from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    plan = verbs.add_parser("plan")
    plan.add_argument("folder", type=Path)
    plan.add_argument("--fixes", type=int, default=500)
    clock = verbs.add_parser("time")
    clock.add_argument("base", type=Path)
    clock.add_argument("--rounds", type=int, default=3)
    clock.add_argument("--steps", type=int, default=12)
    options = parser.parse_args()
    if options.verb == "plan":
        decide(options.folder, options.fixes)
    else:
        measure(options)


def decide(folder: Path, most: int) -> None:
    """Print what plans say of fixes of real files."""
    fixer = Fixer(PlanVerifier(), unsafe=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    random.Random(3).shuffle(files)
    counts: Counter[tuple[str, str]] = Counter()
    spent = 0.0
    for path in files:
        if sum(counts.values()) >= most:
            break
        doc = fixer.document(str(path), path.read_bytes())
        if doc.problems or doc.source.encoding_problem:
            continue
        for finding in fixer.look(doc)[:8]:
            fix = finding.fix()
            if fix is None or not fix.edits or fix.applicability.label == "display":
                continue
            text = apply_edits(doc.text, fix.edits)
            after = Document(
                Source(str(path), text.encode("utf-8", "surrogateescape")), fixer.settings
            )
            begun = time.perf_counter()
            if is_proved(doc, after):
                said = "same"
            elif PlanVerifier().judge(doc, after, [fix]) is not None:
                said = "different"
            else:
                said = "takes a build"
            spent += time.perf_counter() - begun
            counts[fix.applicability.label, said] += 1
    total = sum(counts.values())
    for (level, said), count in sorted(counts.items()):
        print(f"{level:7} {said:14} {count:5} {count / total:6.1%}")
    decided = sum(count for (_, said), count in counts.items() if said != "takes a build")
    print(f"{decided} of {total} fixes decided by the plan ({decided / total:.1%}), ", end="")
    print(f"{1000 * spent / max(total, 1):.1f} ms each")


def dockerfile(steps: int, first: str = "echo 0 > /0") -> str:
    """A Dockerfile of steps that do some work."""
    lines = ["FROM base", f"RUN {first}"]
    work = "for i in $(seq 200); do head -c 20000 /bin/busybox | md5sum >> /{}; done"
    lines += ["RUN " + work.format(number) for number in range(1, steps)]
    return "\n".join([*lines, "RUN echo last > /last", ""])


def measure(options: argparse.Namespace) -> None:
    """Print the seconds of a build and of verifications."""
    text, noisy = (
        dockerfile(options.steps),
        dockerfile(options.steps, "cat /proc/sys/kernel/random/uuid > /0"),
    )
    changes = {
        "proved by the plan": (text, text.replace("RUN", "run")),
        "last step": (text, text.replace("echo last", "true && echo last")),
        "first step": (text, text.replace("echo 0", "true && echo 0")),
        "first step, noisy": (noisy, noisy.replace("cat /proc", "true && cat /proc")),
        "first step, different": (text, text.replace("echo 0", "echo 1")),
    }
    found: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        found.setdefault("one cold build", []).append(_build(options.base, text))
        for name, pair in changes.items():
            found.setdefault(name, []).append(_verify(options.base, *pair))
    cold = statistics.median(found["one cold build"])
    for name, values in found.items():
        seconds = statistics.median(values)
        print(f"{name:24} {seconds:7.2f} s {seconds / cold:6.2f}")


def _build(base: Path, text: str) -> float:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "Dockerfile").write_text(text)
        return _run(base, place, "build", "--progress=quiet", place)


def _verify(base: Path, before: str, after: str) -> float:
    with tempfile.TemporaryDirectory() as place:
        paths = [f"{place}/A", f"{place}/Dockerfile"]
        for path, text in zip(paths, (before, after), strict=True):
            Path(path).write_text(text)
        return _run(base, place, "verify", *paths)


def _run(base: Path, place: str, verb: str, *words: str) -> float:
    store = f"{place}/store"
    context = f"--build-context=base=oci-layout://{base.resolve()}"
    command = [sys.executable, "-m", "dflint", verb, context, f"--store={store}", *words]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "rules")))
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        sys.exit(f"{verb}: {done.stdout}{done.stderr[-2000:]}")
    shutil.rmtree(store, ignore_errors=True)
    return seconds


if __name__ == "__main__":
    main()
