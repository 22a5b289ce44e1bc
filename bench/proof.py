"""What proofs cost: how many fixes a plan decides alone, and how long a verification takes.

    python bench/proof.py plan FOLDER [--files 1000] [--contexts] [--all]
    python bench/proof.py time BASE [--rounds 3] [--steps 12]

The first makes the safe fixes of the default rules on a sample of a folder of Dockerfiles, each
alone, and formats each file. It prints by rule how many of them the plan alone shows to keep their
contracts; the others take a build. Files that no builder takes are left out.

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
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dflint.context.build_context import BuildContext
from dflint.cst.instructions import Add, Copy
from dflint.engine.context import context_of
from dflint.format.formatter import format_source
from dflint.format.options import FormatOptions
from dflint.lint.contract import SAME_IMAGE, Contract
from dflint.lint.document import Document
from dflint.lint.finding import Finding
from dflint.lint.fix import Applicability
from dflint.lint.registry import find_rules
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint.verify.image.proof import decided
from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    plan = verbs.add_parser("plan")
    plan.add_argument("folder", type=Path)
    plan.add_argument("--files", type=int, default=1000)
    plan.add_argument("--all", action="store_true", help="all rules, and unsafe fixes too")
    plan.add_argument(
        "--contexts", action="store_true", help="over contexts with what is added and copied"
    )
    clock = verbs.add_parser("time")
    clock.add_argument("base", type=Path)
    clock.add_argument("--rounds", type=int, default=3)
    clock.add_argument("--steps", type=int, default=12)
    options = parser.parse_args()
    if options.verb == "plan":
        decide(options)
    else:
        measure(options)


def decide(options: argparse.Namespace) -> None:
    """Print of how many fixes of real files the plan alone shows that they keep their contracts."""
    fixer = Fixer(PlanVerifier(), unsafe=options.all)
    entries = find_rules()
    chosen = select_rules(entries, Selection())
    runner = Runner(chosen, lambda: names_of(entries), reraise=True)
    files = sorted(path for path in options.folder.rglob("*") if path.suffix != ".tsv")
    files = [path for path in files if path.is_file()]
    random.Random(3).shuffle(files)
    counts: Counter[tuple[str, str]] = Counter()
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        for path in files[: options.files]:
            doc = fixer.document(str(path), path.read_bytes())
            if doc.problems or doc.source.encoding_problem:
                continue  # nothing can be built, before or after
            found = fixer.look(doc) if options.all else runner.run(doc).findings
            for rule, text, contract in _changes(doc, found, options.all):
                after = _document(doc, text)
                context = _context(doc, Path(place)) if options.contexts else None
                begun = time.perf_counter()
                verdict = decided(doc, after, contract, context)
                spent.append(time.perf_counter() - begun)
                said = "takes a build" if verdict is None else verdict.level.value
                number = _instructions(doc, after) if rule.startswith("format") else 1
                counts[rule, said] += 1
                if rule.startswith("format"):
                    counts["format, by instruction", said] += number
    _print(counts, spent)


def _changes(
    doc: Document, findings: Iterable[Finding], is_all: bool
) -> Iterator[tuple[str, str, Contract]]:
    """Each fix alone: its rule, the text that it leaves and its contract; and the formatting."""
    for finding in findings:
        fix = finding.fix()
        if fix is None or not fix.edits or fix.applicability is Applicability.DISPLAY:
            continue
        if fix.is_safe or is_all:
            yield finding.rule, apply_edits(doc.text, fix.edits), fix.contract or SAME_IMAGE
    laid_out = format_source(doc.source, FormatOptions())
    if laid_out.changed:
        yield "format, by file", laid_out.text, SAME_IMAGE


def _document(doc: Document, text: str) -> Document:
    data = text.encode("utf-8", "surrogateescape")
    return Document(Source(doc.source.path, data), doc.settings)


def _context(doc: Document, place: Path) -> BuildContext | None:
    """A context that has what ADD and COPY ask for: folders and texts, as the names tell."""
    folder = Path(tempfile.mkdtemp(dir=place))
    for instruction in (*doc.all(Add), *doc.all(Copy)):
        if instruction.reading.flag("from") is not None:
            continue
        for word in instruction.reading.arguments[:-1]:
            name = os.path.normpath("/" + word)[1:]
            if not name or len(name) > 200 or set(word) & set("$*?[\\<:"):
                continue
            path = folder / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if word.endswith("/") or "." not in path.name:
                    path.mkdir(exist_ok=True)
                elif not path.exists():
                    path.write_text("text\n")
            except OSError:
                continue  # one name stands for a file and for a folder
    return context_of(doc.source, str(folder))


def _instructions(before: Document, after: Document) -> int:
    """How many instructions are laid out otherwise; at least one, for what is between them."""
    pairs = zip(before.instructions, after.instructions, strict=True)
    lines = [(one.line, other.line) for one, other in pairs]
    texts = [(before.text[one.above : one.stop], after.text[other.above : other.stop])
             for one, other in lines]  # fmt: skip
    return max(1, sum(one != other for one, other in texts))


def _print(counts: Counter[tuple[str, str]], spent: list[float]) -> None:
    print(f"{'':34} decided by the plan   takes a build")
    for rule in sorted({name for name, _ in counts}):
        rows = {said: count for (name, said), count in counts.items() if name == rule}
        build = rows.pop("takes a build", 0)
        told = ", ".join(f"{count} {said}" for said, count in sorted(rows.items()))
        print(f"{rule:34} {told:24} {build or '':>8}")
    by_file, by_instruction = "format, by file", "format, by instruction"
    fixes = {name for name, _ in counts} - {by_file, by_instruction}
    for what, names in (
        ("formatting by file", {by_file}),
        ("formatting by instruction", {by_instruction}),
        ("lint fixes", fixes),
        ("lint fixes and formatting by file", fixes | {by_file}),
        ("lint fixes and formatting by instruction", fixes | {by_instruction}),
    ):
        some = {key: count for key, count in counts.items() if key[0] in names}
        total = sum(some.values())
        plan = sum(count for (_, said), count in some.items() if said != "takes a build")
        print(f"{what}: {plan} of {total} decided by the plan ({plan / max(total, 1):.1%})")
    if spent:
        spent.sort()
        last = spent[int(len(spent) * 0.99) - 1]
        print(f"{1000 * sum(spent) / len(spent):.1f} ms each, 99 % within {1000 * last:.1f} ms")


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
