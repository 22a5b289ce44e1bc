#!/usr/bin/env python3
"""Builds generated Dockerfiles with BuildKit and with dflint, and prints what differs.

    run.py --engine DIR --count N --seed S [--first K] [--only K]

DIR is the folder of a running engine. The exit status is 1 where something differs that
`explained.json` does not explain.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.builders import ROOT, Dflint, Engine, Place
from tests.conformance.builds.case import Case
from tests.conformance.builds.compare import LINE, Comparison, Difference, Image, compare
from tests.conformance.builds.generate import describe, make_case

SEVERAL = "line of one of several errors"
SHARED = "line of a step that several stages have"
_MOST_FAILURES = 20
EXPLAINED = Path(__file__).with_name("explained.json")


@dataclass
class Row:
    """One case with what came of it."""

    case: Case
    comparison: Comparison
    differences: list[Difference] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)


class Oracle:
    """Both builders, with their base images in a folder of their own."""

    def __init__(self, engine: str, folder: str) -> None:
        self._folder = folder
        cache = str(ROOT / ".cache" / "busybox")
        self.bases = make_bases(os.path.join(folder, "bases"), cache)
        self._engine = Engine(engine)
        self._dflint = Dflint(os.path.join(folder, "store"))
        self._reasons = read_reasons()
        self._given = {digest for one in self.bases.values() for digest in Image(one).diff_ids}

    def run(self, case: Case) -> Row:
        """Build a case with both, and compare."""
        folder = os.path.join(self._folder, case.name)
        place = Place(case, folder, self.bases)
        try:
            found = self._compare(case, place)
        finally:
            place.remove()
        found.layers = [pair for pair in found.layers if pair[0] not in self._given]
        row = Row(case, found)
        for one in found.differences:
            reason = reason_of(one, self._reasons, case.features)
            if reason:
                row.explained.append(reason)
            else:
                row.differences.append(one)
        return row

    def _excuse(
        self,
        case: Case,
        place: Place,
        found: Comparison,
        theirs: tuple[int, ...],
        ours: tuple[int, ...],
    ) -> None:
        """Mark the line of an error that we come to as well, once our own is out of the way.

        Of steps that fail at the same time either is told; of a step that several stages have
        BuildKit shows each place.
        """
        where = SHARED if is_shared(case.text, theirs, ours) else ""
        text, lines = case.text, ours
        for _ in range(_MOST_FAILURES):
            if where or not lines:
                break
            text = without_lines(text, lines)
            lines = place.build(self._dflint, text).lines
            where = SEVERAL if lines == theirs else ""
        if where:
            found.differences = [
                Difference(where, one.theirs, one.ours) if one.where == LINE else one
                for one in found.differences
            ]

    def _compare(self, case: Case, place: Place) -> Comparison:
        theirs = place.build(self._engine, case.text)
        ours = place.build(self._dflint, case.text)
        found = compare(theirs, ours)
        if any(one.where == LINE for one in found.differences):
            self._excuse(case, place, found, theirs.lines, ours.lines)
        if case.then and found.verdict == "built":
            first = theirs.layout
            theirs = place.build(self._engine, case.then, first)
            second = compare(theirs, place.build(self._dflint, case.then, first))
            found.differences += second.differences
            found.layers += second.layers
            found.verdict += f", then {second.verdict}"
        return found


def is_shared(text: str, theirs: tuple[int, ...], ours: tuple[int, ...]) -> bool:
    """Whether the other builder marks our lines, and beside them only what reads the same."""
    lines = text.split("\n")
    own = {lines[number - 1] for number in ours}
    return set(ours) < set(theirs) and all(lines[number - 1] in own for number in theirs)


def without_lines(text: str, lines: tuple[int, ...]) -> str:
    """A Dockerfile with comments in the place of some lines."""
    return "\n".join(
        "#" if number in lines else line for number, line in enumerate(text.split("\n"), 1)
    )


def read_reasons() -> list[dict[str, str]]:
    """What differs on purpose: expressions for a difference's parts, each with its reason.

    With `feature` only in builds that have it.
    """
    return json.loads(EXPLAINED.read_text(encoding="utf-8"))


def reason_of(difference: Difference, reasons: list[dict[str, str]], features: set[str]) -> str:
    """Why a difference is one on purpose; empty where nothing says so."""
    for one in reasons:
        texts = {"where": difference.where, "theirs": difference.theirs, "ours": difference.ours}
        is_said = all(re.search(one.get(name, ""), text) for name, text in texts.items())
        if is_said and one.get("feature", "") in features | {""}:
            return one["reason"]
    return ""


def run(oracle: Oracle, cases: list[Case], jobs: int, out) -> list[Row]:
    """Run cases, several at once, and print each that differs as it comes."""
    rows = []
    with ThreadPoolExecutor(jobs) as pool:
        for row in pool.map(lambda case: _guarded(oracle, case), cases):
            rows.append(row)
            if row.differences:
                print(f"=== {row.case.name}: {row.comparison.verdict}", file=out)
                print(describe(row.case), file=out)
                for one in row.differences:
                    print(f"  {one}", file=out)
                out.flush()
    return rows


def _guarded(oracle: Oracle, case: Case) -> Row:
    """A case that cannot be compared differs."""
    try:
        return oracle.run(case)
    except (OSError, ValueError, AssertionError, subprocess.TimeoutExpired):
        difference = Difference("run", "", traceback.format_exc())
        return Row(case, Comparison("none"), [difference])


def summary(rows: list[Row]) -> str:
    """Tables: features, verdicts, differences."""
    features = collections.Counter(name for row in rows for name in row.case.features)
    lines = [f"{count:6} {name}" for name, count in sorted(features.items())]
    verdicts = collections.Counter(row.comparison.verdict for row in rows)
    lines += ["", *(f"{count:6} {name}" for name, count in verdicts.most_common())]
    messages = sum(1 for row in rows if row.comparison.message)
    refused = verdicts.get("refused", 0)
    lines.append(f"{messages:6} of {refused} refusals in other words")
    kinds = collections.Counter(
        re.sub(r"[\"'/].*", "…", row.comparison.reason)[:70] for row in rows
    )
    del kinds[""]
    lines += [f"{count:6} refused: {kind}" for kind, count in kinds.most_common()]
    reasons = collections.Counter(reason for row in rows for reason in set(row.explained))
    lines += [f"{count:6} explained: {reason}" for reason, count in reasons.most_common()]
    layers = [pair for row in rows for pair in row.comparison.layers]
    same = sum(theirs == ours for theirs, ours in layers)
    lines.append(f"{same:6} of {len(layers)} layers that were made have BuildKit's diff ID")
    wrong = sum(1 for row in rows if row.differences)
    lines.append(f"{len(rows)} builds, {wrong} with unexplained differences")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", required=True, help="the folder of a running engine")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", help="numbers of single cases")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--messages", action="store_true", help="print why builds are refused")
    given = parser.parse_args()
    numbers = given.only or range(given.first, given.first + given.count)
    cases = [make_case(given.seed, number) for number in numbers]
    folder = tempfile.mkdtemp(prefix="dflint-builds-")
    try:
        rows = run(Oracle(given.engine, folder), cases, given.jobs, sys.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for row in rows if given.messages else ():
        if row.comparison.reason:
            print(f"{row.case.name} {row.comparison.message or row.comparison.reason}")
    print(summary(rows))
    return 1 if any(row.differences for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
