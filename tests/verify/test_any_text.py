"""Judging works on any text, and a comment more changes nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dflint.verify.plan import Effect, Outcome, judge
from tests.cst.strategies import dockerfiles
from tests.verify.mutants import document

EFFECTS = st.integers(0, 7).map(Effect)


@settings(max_examples=300, deadline=None)
@given(dockerfiles(), dockerfiles(), EFFECTS)
def test_any_two_texts_can_be_judged(before, after, effects):
    found = judge(document(before), document(after), effects)

    assert (found.outcome is Outcome.DIFFERENT) == bool(found.details)
    assert all(one.encode() for one in found.details if one.isprintable())


@settings(max_examples=300, deadline=None)
@given(dockerfiles())
def test_a_comment_above_the_first_instruction_changes_nothing(text):
    before = document(text)
    if not before.instructions or before.text.startswith("\ufeff"):
        return
    start = before.instructions[0].line.start
    line = text.rfind("\n", 0, start) + 1
    after = document(text[:line] + "# a comment\n" + text[line:])

    assert judge(before, after, Effect.NOTHING).outcome is Outcome.SAME


@settings(max_examples=200, deadline=None)
@given(dockerfiles(), dockerfiles())
def test_a_verdict_of_same_is_symmetric(one, other):
    there = judge(document(one), document(other), Effect.NOTHING).outcome
    back = judge(document(other), document(one), Effect.NOTHING).outcome

    assert (there is Outcome.SAME) == (back is Outcome.SAME)
