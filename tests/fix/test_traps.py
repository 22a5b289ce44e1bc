"""Dockerfiles in which a fix could do harm, and what the safe fixes of all rules make of them.

A file of `tests/data/traps` has cases, parted by lines of `# ----`: a Dockerfile, then
`# unchanged`, or `# output` and what becomes of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer, faults
from tests.format.laws import check_laws

TRAPS = Path(__file__).parent.parent / "data" / "traps"


def _cases():
    for path in sorted(TRAPS.glob("*.dockerfile")):
        text = path.read_bytes().decode()
        for number, case in enumerate(text.split("# ----\n")):
            given, is_changed, output = case.partition("# output\n")
            before = given.removesuffix("# unchanged\n")
            after = output if is_changed else before
            yield pytest.param(before, after, id=f"{path.stem}-{number}")


CASES = list(_cases())


@pytest.fixture(scope="module")
def fixers():
    return [Fixer(PlanVerifier(), unsafe=unsafe) for unsafe in (False, True)]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_safe_fixes_do_what_is_written_and_unsafe_ones_no_harm(fixers, before, after):
    safe, unsafe = (fixer.fix(fixer.document("Dockerfile", before.encode())) for fixer in fixers)

    assert safe.doc.text == after
    assert faults(fixers[0], safe) == []
    assert faults(fixers[1], unsafe) == []


@pytest.mark.parametrize(("before", "after"), CASES)
def test_formatting_does_no_harm_before_and_after(before, after):
    check_laws(before)
    check_laws(after)
