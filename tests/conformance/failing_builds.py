"""Whether findings foresee where real builds failed: a line per class of failures.

    python tests/conformance/failing_builds.py STEPS [--show RULE] [--unforeseen CLASS]

STEPS is a file of JSON lines, plain or gzipped, one a build that failed: `dockerfile`, `files` (of
the repository, which was the context), `nfiles` (how many there were), `steps` (the instructions
that the builder began, the last of which failed), `cls` and `run_cls` (why). All rules that are on
by default are asked, with the files as the context where the list is whole; what the files hold,
an ignore file among them, is not known. A failure is foreseen when a finding that is an error or a
warning stands in the instruction that failed (in the file, where the builder refused all of it).
Every other instruction that was begun succeeded: a finding that says that the build stops there
is false.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from dflint.context.build_context import BuildContext
from dflint.context.context_files import ListedFiles
from dflint.lint.document import Document, Settings
from dflint.lint.finding import Severity
from dflint.lint.registry import find_rules
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: The rules that say that the build stops, or that a command fails, at what they point at.
STOPPING = frozenset(
    (
        *("archived-release", "command-not-found", "copy-source-missing", "externally-managed-pip"),
        *("go-without-module", "gone-host", "newest-for-old-language", "removed-package"),
    )
)


class Build:
    """One failing build with what is found in its Dockerfile.

    `findings` are pairs of a finding and the index of its instruction, -1 outside of any;
    `failed` is the index of the instruction that failed, None where the builder took no step.
    """

    def __init__(self, row: dict, runner: Runner) -> None:
        self.row = row
        files = {path: b"" for path in row["files"]}
        listed = ListedFiles(files, directories=row["dirs"])
        is_whole = row["nfiles"] <= len(row["files"])
        context = BuildContext(lambda: None, listed) if is_whole else None
        source = Source("Dockerfile", row["dockerfile"].encode("utf-8", "surrogateescape"))
        self.doc = Document(source, Settings(context=context))
        self.findings = [
            (finding, self._instruction_at(finding.span.start))
            for finding in runner.run(self.doc).findings
            if finding.severity >= Severity.WARNING
        ]
        taken = len(row["steps"])
        self.failed = taken - 1 if taken and taken <= len(self.doc.instructions) else None

    @property
    def kind(self) -> str:
        return self.row["run_cls"] or self.row["cls"]

    @property
    def foreseeing(self) -> list[str]:
        """The rules that have a finding where the build failed."""
        return [one.rule for one, at in self.findings if self.failed is None or at == self.failed]

    def untrue(self, rules: frozenset[str]) -> Iterator:
        """The findings of some rules in instructions that succeeded."""
        for finding, at in self.findings:
            if finding.rule in rules and self.failed is not None and 0 <= at < self.failed:
                yield finding

    def _instruction_at(self, offset: int) -> int:
        for at, instruction in enumerate(self.doc.instructions):
            if instruction.line.start <= offset < instruction.line.end:
                return at
        return -1


def read_rows(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as stream:
        for line in stream:
            yield json.loads(line)


def builds(path: Path) -> Iterator[Build]:
    entries = find_rules()
    rules = select_rules(entries, Selection())
    runner = Runner(rules, lambda: names_of(entries), reraise=True)
    for row in read_rows(path):
        yield Build(row, runner)


def table(found: list[Build]) -> Iterator[str]:
    """Lines of Markdown: for each class how many failures, and how many are foreseen."""
    classes: dict[str, list[Build]] = {}
    for build in found:
        classes.setdefault(build.kind, []).append(build)
    ordered = sorted(classes.items(), key=lambda item: -len(item[1]))
    yield "| class | builds | foreseen | by a rule that says so | anything in the file |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for kind, some in [*ordered, ("all", found)]:
        any_rule = sum(bool(build.foreseeing) for build in some)
        stopping = sum(not STOPPING.isdisjoint(build.foreseeing) for build in some)
        in_file = sum(bool(build.findings) for build in some)
        shares = [_share(count, some) for count in (any_rule, stopping, in_file)]
        yield f"| {kind} | {len(some)} | {' | '.join(shares)} |"


def _share(count: int, of: list) -> str:
    return f"{count} ({100 * count / len(of):.1f} %)"


def rule_table(found: list[Build]) -> Iterator[str]:
    """For each rule how many failures it foresees, and its findings in steps that went well."""
    foreseen: dict[str, int] = {}
    untrue: dict[str, int] = {}
    for build in found:
        for rule in set(build.foreseeing):
            foreseen[rule] = foreseen.get(rule, 0) + 1
        for finding in build.untrue(frozenset(one.rule for one, _ in build.findings)):
            untrue[finding.rule] = untrue.get(finding.rule, 0) + 1
    yield "| rule | failures | findings in steps that succeeded |"
    yield "| --- | ---: | ---: |"
    for rule in sorted({*foreseen, *untrue}, key=lambda rule: -foreseen.get(rule, 0)):
        mark = "**" if rule in STOPPING else ""
        yield f"| {mark}{rule}{mark} | {foreseen.get(rule, 0)} | {untrue.get(rule, 0)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("steps", type=Path)
    parser.add_argument("--show", metavar="RULE", help="findings in steps that succeeded")
    parser.add_argument("--unforeseen", metavar="CLASS", help="failures that nothing foresees")
    options = parser.parse_args()
    found = list(builds(options.steps))
    if options.show:
        for build in found:
            for finding in build.untrue(frozenset((options.show,))):
                line = build.doc.lines.position(finding.span.start)[0]
                print(f"{build.row['id']}:{line}: {finding.message}")
    elif options.unforeseen:
        for build in found:
            if build.kind == options.unforeseen and not build.foreseeing:
                print(build.row["id"], build.row["steps"][-1:], sep=": ")
    else:
        print("\n".join([*table(found), "", *rule_table(found)]))


if __name__ == "__main__":
    main()
