"""Fragments with tally's verdicts: ours is the same, or differs for a reason that is told.

`tally_cases.jsonl` has a fragment and what tally 0.45.0 says of it, asked for one check of its own,
on each line; `defended` says where and why we differ, as docs/tally.md does.
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

ROWS = run.rows_of(HERE / "tally_cases.jsonl")
PAGE = HERE.parent.parent / "docs" / "tally.md"
CHECKS = sorted({row["rule"] for row in ROWS})
#: The fragments are those on which tools are apart rather than those on which they are not.
LEAST = 0.75
#: What tally refuses to read, or what says nothing of a short file.
WITHOUT = {
    "tally/max-lines",
    "tally/require-secret-mounts",
    "tally/require-stages",
    "tally/unknown-instruction",
    "tally/platform-mismatch",
}


@pytest.fixture(scope="module")
def differs():
    """Whether a row's verdict is not ours."""
    return verdicts.comparing()


def test_fragments_of_every_check_are_there():
    ours = {name for name in Session().names.aliases if name.startswith("tally/")}

    assert set(CHECKS) == ours - WITHOUT


@pytest.mark.parametrize("check", CHECKS)
def test_the_verdict_is_that_of_tally_or_differs_on_purpose(check, differs):
    undefended, needless = verdicts.told_wrongly(ROWS, check, differs)

    assert undefended == []
    assert needless == [], "these agree and need no defence"


def test_most_verdicts_agree():
    same = Counter("defended" in row for row in ROWS)[False]

    assert same / len(ROWS) >= LEAST


def test_every_difference_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8").split("## On short examples")[1]
    lines = [line for line in text.splitlines() if line[:8] == "| tally/"]
    told = {
        (check, f"{where}: {why}", who)
        for check, _, who, where, why in (
            verdicts.cells_of(line) for line in lines if line[:8] == "| tally/"
        )
    }

    assert told == verdicts.found_differences(ROWS, "tally")
