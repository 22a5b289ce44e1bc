"""What fixing costs grows with the length of a file, and no faster."""

from __future__ import annotations

import sys

import pytest

from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer

FILES = {
    "apt": ("FROM debian:12\n", "RUN apt-get update && apt-get install pkg{at}\n"),
    "pip": ("FROM debian:12\n", "RUN pip install pkg{at}\n"),
    "apk": ("FROM alpine:3.20\n", "RUN apk update && apk add pkg{at}\n"),
    "pipes": ("FROM debian:12\n", "RUN foo {at} | bar && baz\n"),
    "stages": ("", "FROM debian:12 AS Stage{at}\nCOPY --from=Stage{at} /a /b\n"),
    "joined": ("FROM alpine:3.20\n", "RUN true\n"),
}


def calls_for(kind, count):
    """How many functions of Python are called to fix a file of so many parts."""
    head, part = FILES[kind]
    text = head + "".join(part.format(at=at) for at in range(count))
    fixer = Fixer(PlanVerifier(), unsafe=True)
    fixer.fix(fixer.document("Dockerfile", text.encode()))  # what is loaded is loaded
    doc = fixer.document("Dockerfile", text.encode())
    calls = 0

    def count_call(frame, event, argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count_call)
    try:
        outcome = fixer.fix(doc)
    finally:
        sys.setprofile(None)
    assert len(outcome.applied) > count // 2
    return calls


@pytest.mark.parametrize("kind", FILES)
def test_twice_as_long_is_no_more_than_twice_the_work(kind):
    assert calls_for(kind, 240) < 2.3 * calls_for(kind, 120)
