"""Fixes that can be made together are, and the others wait."""

from __future__ import annotations

from dflint.fix.choose import Proposal, choose
from dflint.lint.finding import Finding, Severity
from dflint.lint.fix import Fix
from dflint.text.edit import Edit
from dflint.text.span import Span


def proposal(rule, *edits, scope=None):
    edits = [Edit(Span(start, end), text) for start, end, text in edits]
    finding = Finding(rule, Severity.INFO, edits[0].span, "wrong")
    return Proposal(finding, Fix("mend it", edits, scope=scope))


def names(proposals):
    return [one.rule for one in proposals]


def test_the_order_of_the_text_decides_and_then_the_name():
    first = proposal("b", (0, 4, "x"))
    second = proposal("a", (2, 6, "y"))
    third = proposal("a", (0, 4, "z"))

    chosen, waiting = choose([first, second, third])

    assert names(chosen) == ["a"]
    assert chosen == [third]
    assert waiting == [first, second]


def test_a_fix_is_all_of_its_edits_or_none():
    both = proposal("a", (0, 1, "x"), (10, 12, "y"))
    meeting = proposal("b", (5, 6, "x"), (11, 13, "y"))

    chosen, waiting = choose([meeting, both])

    assert names(chosen) == ["a"]
    assert names(waiting) == ["b"]


def test_an_edit_that_two_fixes_share_is_in_nobodys_way():
    one = proposal("a", (0, 0, "x"), (4, 5, "y"))
    other = proposal("b", (0, 0, "x"), (7, 8, "z"))

    assert names(choose([one, other])[0]) == ["a", "b"]


def test_one_structural_fix_of_an_instruction_is_made():
    scope = Span(0, 20)
    first = proposal("a", (1, 2, "x"), scope=scope)
    second = proposal("b", (10, 11, "x"), scope=scope)
    small = proposal("c", (15, 16, "x"))
    elsewhere = proposal("d", (25, 26, "x"), scope=Span(20, 30))

    chosen, waiting = choose([first, second, small, elsewhere])

    assert names(chosen) == ["a", "d"]
    assert names(waiting) == ["b", "c"]


def test_a_structural_fix_waits_for_small_ones_before_it():
    small = proposal("a", (1, 2, "x"))
    structural = proposal("b", (10, 11, "x"), scope=Span(0, 20))

    assert names(choose([structural, small])[1]) == ["b"]
