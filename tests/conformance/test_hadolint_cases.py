"""Fragments with hadolint's verdicts: ours is the same, or differs for a reason that is told.

`hadolint_cases.jsonl` has a fragment and what hadolint 2.15.1 says of it on each line; `defended`
says where and why we differ, as docs/hadolint.md does.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from dflint.engine.session import Session
from dflint.text.source import Source

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import run
import unit_lint

ROWS = run.rows_of(HERE / "hadolint_cases.jsonl")
PAGE = HERE.parent.parent / "docs" / "hadolint.md"
CHECKS = sorted({row["rule"] for row in ROWS})
#: The fragments are those on which tools are apart rather than those on which they are not.
LEAST = 0.80


@pytest.fixture(scope="module")
def differs():
    """Whether a row's verdict is not ours."""
    session = Session()

    def report_of(row, config):
        return session.check(Source("Dockerfile", row["dockerfile"].encode()), config)

    return lambda row: unit_lint.rule_row(row, report_of) is not None


def row_of(line):
    """The cells of a row of a table in Markdown."""
    return [cell.replace("\\|", "|") for cell in line[2:-2].split(" | ")]


def test_fragments_of_every_check_are_there():
    ours = {name for name in Session().names.aliases if name.startswith("DL")}

    assert set(CHECKS) == ours
    assert len(ROWS) >= 2000


@pytest.mark.parametrize("check", CHECKS)
def test_the_verdict_is_that_of_hadolint_or_differs_on_purpose(check, differs):
    rows = [row for row in ROWS if row["rule"] == check]
    undefended = [row["dockerfile"] for row in rows if "defended" not in row and differs(row)]
    needless = [row["dockerfile"] for row in rows if "defended" in row and not differs(row)]

    assert undefended == []
    assert needless == [], "these agree and need no defence"


def test_most_verdicts_agree_and_each_check_in_the_main():
    rows = Counter(row["rule"] for row in ROWS)
    same = Counter(row["rule"] for row in ROWS if "defended" not in row)
    shares = {check: same[check] / rows[check] for check in CHECKS}
    print("\n".join(f"{check}: {share:.0%} of {rows[check]}" for check, share in shares.items()))

    assert sum(same.values()) / len(ROWS) >= LEAST
    assert min(shares.values()) >= 0.4, min(shares, key=shares.__getitem__)


def test_every_difference_stands_on_the_page():
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| D"]
    told = {
        (check, f"{where}: {why}", who)
        for ids, _, who, where, why in (row_of(line) for line in table)
        for check in ids.split(", ")
    }
    found = {
        (row["rule"], row["defended"], "hadolint" if row["expect"] == "hit" else "dflint")
        for row in ROWS
        if "defended" in row
    }

    assert told == found
