"""Compares our findings with the warnings of BuildKit's checks on real files, a line per check.

    python tests/conformance/lint_corpus.py SHARED [--differences CHECK]

SHARED holds `corpus/dev` and `oracle/buildkit-dev.jsonl.xz`. A finding agrees with a warning when
it is in the instruction that BuildKit names; findings of any rule with the check's name count. In
a file that BuildKit refuses it stops at the error: what we find there alone is counted apart.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import run
import unit_lint

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.text.source import Source


class Agreement:
    """How often both, only we, or only BuildKit report a check; `beyond` are ours in refused files.

    `ours` and `theirs` hold file and line of the differences.
    """

    def __init__(self) -> None:
        self.both = 0
        self.beyond = 0
        self.ours: list[tuple[str, int]] = []
        self.theirs: list[tuple[str, int]] = []

    @property
    def recall(self) -> float:
        return self.both / (self.both + len(self.theirs)) if self.both or self.theirs else 1.0

    @property
    def precision(self) -> float:
        return self.both / (self.both + len(self.ours)) if self.both or self.ours else 1.0


def agreements(shared: Path) -> dict[str, Agreement]:
    """The agreement on each check that BuildKit or we report in the corpus."""
    session = Session()
    checks = unit_lint.checks_by_rule(session.names)
    config = Config(select=tuple(sorted(checks)), rules=unit_lint.BUILDKIT_OPTIONS)
    found: dict[str, Agreement] = {}
    for row in run.rows_of(shared / "oracle" / "buildkit-dev.jsonl.xz"):
        if row.get("parse") or row.get("instr"):
            continue
        data = (shared / "corpus" / "dev" / row["file"]).read_bytes()
        source = Source(row["file"], data)
        report = session.check(source, config)
        theirs = {(one["rule"], one["line"]) for one in row.get("warnings") or []}
        ours = {
            (check, finding.place.line)
            for finding in (*report.findings, *report.suppressed)
            for check in checks[finding.rule] - unit_lint.EXPERIMENTAL
        }
        compare(row, ours, theirs, unit_lint.InstructionLines(source.text), found)
    return found


def compare(
    row: dict,
    ours: set[tuple[str, int]],
    theirs: set[tuple[str, int]],
    lines: unit_lint.InstructionLines,
    found: dict[str, Agreement],
) -> None:
    """Add what a file has to the agreements."""
    placed = {(check, lines.of(line)) for check, line in ours}
    told = {(check, lines.of(line)) for check, line in theirs}
    for check, line in theirs:
        agreement = found.setdefault(check, Agreement())
        if (check, lines.of(line)) in placed:
            agreement.both += 1
        else:
            agreement.theirs.append((row["file"], line))
    for check, line in ours:
        if (check, lines.of(line)) in told:
            continue
        agreement = found.setdefault(check, Agreement())
        if row.get("lint"):
            agreement.beyond += 1
        else:
            agreement.ours.append((row["file"], line))


def table(found: dict[str, Agreement]) -> str:
    """The agreements as text."""
    head = ("check", "BuildKit", "both", "only ours", "in refused", "only theirs")
    lines = ["{:32}{:>9}{:>7}{:>11}{:>12}{:>13}  recall precision".format(*head)]
    for check, one in sorted(found.items()):
        counts = (one.both + len(one.theirs), one.both, len(one.ours), one.beyond, len(one.theirs))
        line = "{:32}{:9}{:7}{:11}{:12}{:13}".format(check, *counts)
        lines.append(f"{line}  {one.recall:6.4f}    {one.precision:6.4f}")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--differences", metavar="CHECK", help="list file and line as well")
    arguments = parser.parse_args()
    result = agreements(arguments.shared)
    print(table(result))
    listed = result.get(arguments.differences, Agreement())
    for mark, places in (("ours", listed.ours), ("theirs", listed.theirs)):
        for file, line in places:
            print(f"only {mark}: {file}:{line}")
