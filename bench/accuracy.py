"""How often dflint agrees with another tool, and findings to be read: see docs/accuracy.md.

    python bench/accuracy.py FOLDER --oracle RECORD --tool hadolint [--markdown]
    python bench/accuracy.py FOLDER --oracle RECORD --tool hadolint --differences DL3003 --sample 20
    python bench/accuracy.py FOLDER --findings cd-in-run --sample 30 --seed 1

RECORD is what the tool (hadolint, tally or buildkit) said of the folder, perhaps compressed with
xz: the output of `hadolint --no-fail -f json FOLDER/*`; for hadolint and tally also an object whose
`files` gives lists `[id, severity, line, column, message]`; for BuildKit lines with an object for
each file, with `warnings`. Which of our rules stand for a check
is told by their aliases, or by `--pair CHECK=RULE`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
from bisect import bisect_right
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dflint.config.schema import Config
from dflint.cst.parser.build import parse
from dflint.engine.session import Session
from dflint.text.lines import LineIndex
from dflint.text.source import Source

#: Of a longer instruction only so many lines are printed.
LONGEST = 30


class Record:
    """What another tool said: sets of (check, line, message) by file, and what it refuses."""

    def __init__(self, findings, refused):
        self.findings = findings
        self.refused = refused


def read_record(path: Path, tool: str) -> Record:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        if tool == "buildkit":
            return buildkit_record([json.loads(line) for line in stream])
        return linter_record(json.load(stream))


def buildkit_record(rows) -> Record:
    refused = {row["file"] for row in rows if {"parse", "instr", "lint"} & row.keys()}
    findings = {
        row["file"]: {(one["rule"], one["line"], one["msg"]) for one in row.get("warnings", ())}
        for row in rows
    }
    return Record(findings, refused)


def linter_record(record) -> Record:
    """Of hadolint, where DL1000 is a file that it cannot parse, or of tally."""
    if isinstance(record, list):
        files: dict[str, list] = {}
        for one in record:
            found = [one["code"], one["level"], one["line"], one["column"], one["message"]]
            files.setdefault(Path(one["file"]).name, []).append(found)
        record = {"files": files}
    findings = {
        file: {(alias_of(check), line, message) for check, _, line, _, message in found}
        for file, found in record["files"].items()
    }
    refused = {file for file, found in findings.items() if any(one[0] == "DL1000" for one in found)}
    return Record(findings, refused | record.get("failed_alone", {}).keys())


def alias_of(check: str) -> str:
    """A check as our rules' aliases name it: tally's own by their full names, others bare."""
    return check if check.startswith("tally/") else check.rpartition("/")[2]


class Checked:
    """A file of the folder with our findings, and its lines by instruction."""

    def __init__(self, path: Path, session: Session, config: Config):
        source = Source(str(path), path.read_bytes())
        lines = LineIndex(source.text)
        instructions = parse(source.text).instructions
        self.name = path.name
        self.text = source.text.split("\n")
        self.starts = [lines.line(one.line.start) for one in instructions]
        self.ends = [lines.line(max(one.line.start, one.line.stop - 1)) for one in instructions]
        self.findings = [
            (one.rule, one.place.line, one.message)
            for one in session.check(source, config).findings
        ]

    def unit(self, line: int, per: str) -> int:
        """What is compared: the line, the last instruction that begins there or above, or 0."""
        if per == "line":
            return line
        return bisect_right(self.starts, line) if per == "instruction" else 0

    def line(self, line: int) -> str:
        return " ".join(self.text[line - 1].split())

    def extent(self, line: int, context: int = 0) -> tuple[int, int]:
        """First and last line of the instruction at a line, and so many around them."""
        at = bisect_right(self.starts, line) - 1
        first, last = (line, line) if at < 0 else (self.starts[at], max(line, self.ends[at]))
        return max(first - context, 1), min(last + context, len(self.text))

    def excerpt(self, line: int, context: int = 0) -> str:
        first, last = self.extent(line, context)
        shown = range(first, last + 1)
        if len(shown) > LONGEST:
            begin = min(max(first, line - LONGEST // 2), last + 1 - LONGEST)
            shown = range(begin, begin + LONGEST)
        mark = {line: ">"}
        return "\n".join(f"{mark.get(n, ' ')}{n:5} | {self.text[n - 1]}" for n in shown)


def check_folder(arguments, session: Session, rules) -> list[Checked]:
    config = Config(select=tuple(sorted(rules)))
    paths = sorted(arguments.folder.glob(arguments.glob))
    return [Checked(path, session, config) for path in paths if path.is_file()]


def by_unit(findings, names, checked: Checked, per: str):
    """The messages of some rules or checks by what is compared."""
    units: dict[int, list[tuple[int, str]]] = {}
    for name, line, message in findings:
        if name in names:
            units.setdefault(checked.unit(line, per), []).append((line, message))
    return units


class Comparison:
    """A check of the other tool beside the rules that stand for it."""

    def __init__(self, check: str, rules):
        self.check = check
        self.rules = rules
        self.both = 0
        self.differences = []  # (side, file, line, message)

    def add(self, checked: Checked, record: Record, per: str) -> None:
        theirs = by_unit(record.findings.get(checked.name, ()), {self.check}, checked, per)
        ours = by_unit(checked.findings, self.rules, checked, per)
        self.both += len(theirs.keys() & ours.keys())
        for side, some, others in (("ours", ours, theirs), ("theirs", theirs, ours)):
            for unit in some.keys() - others.keys():
                self.differences.append((side, checked, *min(some[unit])))

    def only(self, side: str) -> int:
        return sum(difference[0] == side for difference in self.differences)

    def figures(self) -> tuple[int, int, int, int, int]:
        """Theirs, ours, both, only ours, only theirs."""
        ours, theirs = self.only("ours"), self.only("theirs")
        return self.both + theirs, self.both + ours, self.both, ours, theirs


def shared_checks(session: Session, pairs) -> dict[str, set[str]]:
    """The rules that stand for each check."""
    shared: dict[str, set[str]] = {}
    for entry in session.entries.values():
        for alias in entry.aliases:
            shared.setdefault(alias, set()).add(entry.name)
    for pair in pairs:
        check, _, rule = pair.partition("=")
        shared.setdefault(alias_of(check), set()).add(rule)
    return shared


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def table(comparisons, session: Session):
    """The rows of the table, a row for all at its end."""
    header = ["check", "rules", "theirs", "ours", "both", "only ours", "only theirs"]
    rows = [[*header, "precision", "recall"]]
    total = [0] * 5
    for one in comparisons:
        figures = one.figures()
        if not any(figures):
            continue
        total = [sum(pair) for pair in zip(total, figures, strict=True)]
        states = ((name, session.entries[name].default) for name in sorted(one.rules))
        rules = ", ".join(name if default else f"{name} (off)" for name, default in states)
        rows.append([one.check, rules, *row_of(figures)])
    return [*rows, ["all", "", *row_of(total)]]


def row_of(figures) -> list[str]:
    theirs, ours, both, _, _ = figures
    return [*map(str, figures), share(both, ours), share(both, theirs)]


def print_table(rows, markdown: bool) -> None:
    if markdown:
        marks = ["---", "---", *["---:"] * (len(rows[0]) - 2)]
        for row in (rows[0], marks, *rows[1:]):
            print(f"| {' | '.join(row)} |")
        return
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        padded = [
            f"{cell:<{width}}" if at < 2 else f"{cell:>{width}}"
            for at, (cell, width) in enumerate(cells)
        ]
        print("  ".join(padded).rstrip())


def sample(items, arguments, key):
    """Some of the items by chance; with --spread those that are unlike each other come first.

    A file of many alike findings would else fill the sample; figures for all findings need the
    plain one. `key` gives what should not come twice: if there are not enough items, the first of
    it may, then the next.
    """
    shuffled = random.Random(arguments.seed).sample(items, k=len(items))
    if not arguments.spread:
        return shuffled[: arguments.sample]
    kept: list = []
    for skipped in range(len(key(items[0])) + 1 if items else 0):
        seen = {part for item in kept for part in key(item)[skipped:]}
        left = []
        for item in shuffled:
            parts = key(item)[skipped:]
            if len(kept) == arguments.sample or seen.intersection(parts):
                left.append(item)
            else:
                kept.append(item)
                seen.update(parts)
        shuffled = left
    return kept


def compare(arguments, session: Session) -> None:
    record = read_record(arguments.oracle, arguments.tool)
    shared = shared_checks(session, arguments.pair)
    if arguments.differences:
        wanted = [arguments.differences]
        if arguments.differences in session.entries:
            wanted = [one for one in shared if arguments.differences in shared[one]]
        shared = {one: shared[one] for one in wanted if one in shared}
        if not shared:
            raise SystemExit(f"no rule stands for {arguments.differences}")
    comparisons = [Comparison(check, shared[check]) for check in sorted(shared)]
    files = check_folder(arguments, session, set().union(*shared.values()))
    for checked in files:
        if checked.name not in record.refused:
            for one in comparisons:
                one.add(checked, record, arguments.per)
    refused = sum(checked.name in record.refused for checked in files)
    print(f"{len(files)} files, {refused} left out because {arguments.tool} refuses them\n")
    if arguments.differences:
        for one in comparisons:
            show_differences(one, arguments)
    else:
        seen = {check for found in record.findings.values() for check, _, _ in found}
        ours = [one for one in comparisons if one.check in seen or arguments.all]
        print_table(table(ours, session), arguments.markdown)


def show_differences(one: Comparison, arguments) -> None:
    """Print some differences with the instruction and what either side says of the place."""
    differences = sorted(one.differences, key=lambda it: (it[1].name, it[2], it[0]))
    _, _, both, ours, theirs = one.figures()
    print(f"{one.check}: {both} in common, {ours} only ours, {theirs} only theirs\n")
    for side, checked, line, message in sample(
        differences, arguments, lambda it: (it[3], it[1].name, it[1].line(it[2]))
    ):
        tool = "dflint" if side == "ours" else arguments.tool
        print(f"== only {side}  {checked.name}:{line}\n   {tool}: {message}")
        print(checked.excerpt(line, arguments.context) + "\n")


def show_findings(arguments, session: Session) -> None:
    """Print some of our findings with the lines around them."""
    names = {rule for name in arguments.findings.split(",") for rule in session.names.expand(name)}
    if not names:
        raise SystemExit(f"no rule is named {arguments.findings}")
    files = check_folder(arguments, session, names)
    found = [(checked, *one) for checked in files for one in checked.findings]
    hit = sum(bool(checked.findings) for checked in files)
    print(f"{len(found)} findings in {hit} of {len(files)} files; seed {arguments.seed}\n")
    chosen = sample(found, arguments, lambda it: (it[3], it[0].name, it[0].line(it[2])))
    for number, (checked, rule, line, message) in enumerate(chosen, 1):
        print(f"== {number}  {checked.name}:{line}  {rule}\n   {message}")
        print(checked.excerpt(line, arguments.context) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--glob", default="*Dockerfile*", help="which files of the folder")
    parser.add_argument("--oracle", type=Path, help="the other tool's findings")
    parser.add_argument("--tool", choices=("hadolint", "tally", "buildkit"), default="hadolint")
    parser.add_argument("--per", choices=("instruction", "line", "file"), default="instruction")
    parser.add_argument("--pair", action="append", default=[], metavar="CHECK=RULE")
    parser.add_argument("--all", action="store_true", help="also checks that the record lacks")
    parser.add_argument("--differences", metavar="RULE")
    parser.add_argument("--findings", metavar="RULES")
    parser.add_argument("--sample", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spread", action="store_true", help="first what is unlike each other")
    parser.add_argument("--context", type=int, default=0, help="lines around an instruction")
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args()
    if bool(arguments.findings) == bool(arguments.oracle):
        parser.error("give either --findings or --oracle")
    session = Session()
    if arguments.findings:
        show_findings(arguments, session)
    else:
        compare(arguments, session)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
