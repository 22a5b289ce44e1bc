"""Fixes do no harm to any file: those of every rule at once, safe and unsafe ones.

Of the real files a sample is taken, the same each time; with `DFLINT_ALL_FILES=1` all of them are.
"""

from __future__ import annotations

import os
import random

import pytest

import dflint_rules
from dflint.testing.examples import examples
from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer, faults

#: The files of the corpus are taken in so many shares, to fail apart and to run side by side.
SHARES = 8
IS_ALL = bool(os.environ.get("DFLINT_ALL_FILES"))
#: How many ordinary files of each share are in the sample.
SAMPLE = 60
#: Files of more bytes are left out: thousands of instructions are tried one by one.
LONGEST = 200_000 if IS_ALL else 20_000


def files_of_share(folder, share):
    """The hostile files of a share, and its ordinary ones or a sample of them."""
    hostile, ordinary = (
        sorted(
            path
            for path in (folder / kind).rglob("*")
            if path.is_file() and path.name != "MANIFEST.tsv" and path.stat().st_size < LONGEST
        )[share::SHARES]
        for kind in ("hostile", "dev")
    )
    if not IS_ALL:
        ordinary = random.Random(share).sample(ordinary, SAMPLE)
    return hostile + ordinary


@pytest.fixture(scope="module", params=["safe", "unsafe"])
def fixer(request):
    return Fixer(PlanVerifier(), unsafe=request.param == "unsafe")


@pytest.mark.parametrize("rule", dflint_rules.rules(), ids=lambda rule: rule.meta.name)
def test_all_fixes_do_no_harm_to_the_examples_of_a_rule(fixer, rule):
    codes = [example.case.code for example in examples([rule])] + [rule.bad, rule.good]

    found = {}
    for code in codes:
        outcome = fixer.fix(fixer.document("Dockerfile", code.encode("utf-8", "surrogateescape")))
        wrong = faults(fixer, outcome)
        if wrong:
            found[code] = wrong

    assert found == {}


@pytest.mark.parametrize("share", range(SHARES))
def test_all_fixes_do_no_harm_to_real_files(fixer, shared, share):
    files = files_of_share(shared / "corpus", share)

    found = {}
    for path in files:
        outcome = fixer.fix(fixer.document(str(path), path.read_bytes()))
        wrong = faults(fixer, outcome)
        if wrong:
            found[path.name] = wrong

    assert found == {}
