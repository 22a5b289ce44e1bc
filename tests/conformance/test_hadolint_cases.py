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

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import run
import verdicts

ROWS = run.rows_of(HERE / "hadolint_cases.jsonl")
PAGE = HERE.parent.parent / "docs" / "hadolint.md"
CHECKS = sorted({row["rule"] for row in ROWS})
#: The fragments are those on which tools are apart rather than those on which they are not.
LEAST = 0.80


@pytest.fixture(scope="module")
def differs():
    """Whether a row's verdict is not ours."""
    return verdicts.comparing()


def test_fragments_of_every_check_are_there():
    ours = {name for name in Session().names.aliases if name.startswith("DL")}

    assert set(CHECKS) == ours
    assert len(ROWS) >= 2000


@pytest.mark.parametrize("check", CHECKS)
def test_the_verdict_is_that_of_hadolint_or_differs_on_purpose(check, differs):
    undefended, needless = verdicts.told_wrongly(ROWS, check, differs)

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
        for ids, _, who, where, why in (verdicts.cells_of(line) for line in table)
        for check in ids.split(", ")
    }

    assert told == verdicts.found_differences(ROWS, "hadolint")
