"""How many findings our fixes mend, and beside them those of tally: see docs/fixes.md.

    python bench/fix_rate.py FOLDER
    python bench/fix_rate.py FOLDER --tally PROGRAM --record RECORD [--files 300] [--keep FOLDER]

The first prints, for each rule, how many of its findings in a folder of Dockerfiles have a safe
fix, an unsafe one, a proposal, or none.

The second takes up to so many files for each of tally's checks that has a rule of ours, lets
tally and us fix copies of them for that check alone, and prints how many findings are left, in the
eyes of tally and in ours, and in how many files a fix did harm that no builder is needed to see.
In a file with harm nothing counts as mended. The last rows are those of all checks together.
RECORD tells what tally finds in the folder: an object whose `files` gives lists
`[id, severity, line, column, message]`, perhaps compressed with xz.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.fix_harm import worse
from dflint.lint.registry import find_rules
from dflint.lint.select import names_of
from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Checks of tally that have our rules by no id of another tool.
PAIRS = {"tally/sort-packages": "sort-packages"}
#: How the copies of a file came about.
LEVELS = ("tally", "tally unsafe", "dflint", "dflint unsafe")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tally", default="")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="append", help="only this check of tally")
    parser.add_argument("--keep", type=Path, help="where the copies are kept")
    options = parser.parse_args()
    if not options.tally:
        own(sorted(path for path in options.folder.iterdir() if path.is_file()))
        return
    with tempfile.TemporaryDirectory() as made:
        side_by_side(options, options.keep or Path(made))


def own(paths: Iterable[Path]) -> None:
    """Print what our fixes offer."""
    entries = find_rules()
    fixer = Fixer(PlanVerifier(), tuple(entries))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        for finding in fixer.look(fixer.document(str(path), path.read_bytes())):
            fix = finding.fix()
            counts[finding.rule]["findings"] += 1
            counts[finding.rule][fix.applicability.label if fix else "none"] += 1
    total: Counter[str] = Counter()
    columns = ("safe", "unsafe", "display", "none")
    print("| rule | findings | safe | unsafe | proposed | none |\n| --- |" + " ---: |" * 5)
    for name, count in sorted(counts.items(), key=lambda item: -item[1]["findings"]):
        total += count
        if entries[name].fix:
            print(row(f"`{name}`", count["findings"], *(share(count, one) for one in columns)))
    print(row("all rules", total["findings"], *(share(total, one) for one in columns)))


def share(count: Counter[str], column: str) -> str:
    """A part of the findings in percent, nothing for none."""
    return f"{100 * count[column] / count['findings']:.0f}%" if count[column] else ""


def row(*cells: object) -> str:
    """A row of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def side_by_side(options: argparse.Namespace, made: Path) -> None:
    """Print what tally's fixes leave, and what ours do, check by check."""
    opened = lzma.open if options.record.suffix == ".xz" else open
    with opened(options.record, "rt", encoding="utf-8") as stream:
        record = json.load(stream)["files"]
    files: dict[str, list[str]] = defaultdict(list)
    for file, findings in record.items():
        for check in sorted({one[0] for one in findings}):
            files[check].append(file)
    names = names_of(find_rules())
    rows: list[tuple[list[int], list[int]]] = []
    columns = ("check", "files", "by", "found", *LEVELS)
    print(row(*columns), row("---", "---:", "---", *["---:"] * 5), sep="\n", flush=True)
    for check, having in sorted(files.items(), key=lambda item: -len(item[1])):
        alias = PAIRS.get(check, check.rpartition("/")[2])
        rules = tuple(sorted(names.expand(alias)))
        is_shared = rules and not check.startswith("shellcheck/")
        if not is_shared or (options.check and check not in options.check):
            continue
        chosen = random.Random(options.seed).sample(sorted(having), min(options.files, len(having)))
        paths = [options.folder / file for file in chosen]
        rows.append(compare(options.tally, check, rules, paths, made / check.replace("/", "-")))
    for eyes, lists in zip(("tally", "dflint"), zip(*rows, strict=True), strict=True):
        all_, *after = map(sum, zip(*lists, strict=True))
        mended = (f"{100 * (all_ - one) / all_:.1f}%" for one in after)
        print(row("mended of all", "", eyes, all_, *mended))


def compare(
    tally: str, check: str, rules: tuple[str, ...], paths: list[Path], made: Path
) -> tuple[list[int], list[int]]:
    """Print the rows of one check; what tally and we find, and what each level leaves of it."""
    copies = {"": made / "before"} | {one: made / one.replace(" ", "-") for one in LEVELS}
    for folder in copies.values():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in paths:
            shutil.copyfile(path, folder / path.name)
    run(tally, check, copies["tally"], "--fix", "--fix-rule", check)
    run(tally, check, copies["tally unsafe"], "--fix", "--fix-unsafe", "--fix-rule", check)
    for level, is_unsafe in (("dflint", False), ("dflint unsafe", True)):
        fixer = Fixer(PlanVerifier(), rules, unsafe=is_unsafe)
        for path in copies[level].iterdir():
            path.write_bytes(
                fixer.fix(fixer.document(path.name, path.read_bytes())).doc.source.data
            )
    harmed = [harms(copies[""], copies[one]) for one in LEVELS]
    theirs = [run(tally, check, folder) for folder in copies.values()]
    ours = [found(rules, folder) for folder in copies.values()]
    print(row(f"`{check}`", len(paths), "tally", *left(theirs, harmed)))
    print(row("", "", "dflint", *left(ours, harmed)))
    print(row("", "", "harm", "", *map(len, harmed)), flush=True)
    return left(theirs, harmed), left(ours, harmed)


def left(counts: list[Counter[str]], harmed: list[set[str]]) -> list[int]:
    """How many are found in the originals, and left by each level: all where it did harm."""
    before, *after = counts
    numbers = [before.total()]
    for now, spoilt in zip(after, harmed, strict=True):
        numbers.append(sum((before if name in spoilt else now)[name] for name in before | now))
    return numbers


def run(tally: str, check: str, folder: Path, *options: str) -> Counter[str]:
    """Let tally look for one check; the number of its findings by file.

    Files that it refuses are left out.
    """
    fixed = ("lint", "--no-config", "--slow-checks", "off", "--fail-level", "none", "-f", "json")
    only = ("--ignore", "*", "--select", check)
    files = sorted(map(str, folder.iterdir()))
    while True:
        command = [tally, *fixed, *only, *options, *files]
        done = subprocess.run(command, capture_output=True, text=True)
        start = done.stdout.find("{")
        if start >= 0:
            break
        refused = [file for file in files if file in done.stderr]
        if not refused:
            raise SystemExit(f"{check}: {done.stderr[-500:]}")
        print(f"{check}: {done.stderr.strip()}", file=sys.stderr)
        files = [file for file in files if file not in refused]
    said = json.loads(done.stdout[start:])
    return Counter(
        Path(file["file"]).name
        for file in said["files"]
        for one in file["violations"]
        if one["rule"] == check
    )


def found(rules: tuple[str, ...], folder: Path) -> Counter[str]:
    """How much our rules find in each file of a folder."""
    fixer = Fixer(PlanVerifier(), rules)
    looks = {
        path.name: fixer.look(fixer.document(path.name, path.read_bytes()))
        for path in folder.iterdir()
    }
    return Counter({name: len(findings) for name, findings in looks.items()})


def harms(before: Path, after: Path) -> set[str]:
    """The files of a folder that are worse off than their originals."""
    fixer = Fixer(PlanVerifier())
    spoilt = set()
    for path in after.iterdir():
        old, new = (path.read_bytes() for path in (before / path.name, path))
        if old == new:
            continue
        said = worse(*(fixer.document(path.name, data) for data in (old, new)))
        if said:
            spoilt.add(path.name)
            print(f"{path.parent.name}/{path.name}: {'; '.join(said)[:200]}", file=sys.stderr)
    return spoilt


if __name__ == "__main__":
    main()
