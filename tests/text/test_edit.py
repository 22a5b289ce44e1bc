"""Edits are made as they say, and meet where they cannot both be made."""

from __future__ import annotations

import pytest

from dflint.text.edit import Edit, apply_edits, moved, new_spans
from dflint.text.span import Span


def test_edits_are_made_in_the_order_of_the_text():
    edits = [Edit(Span(4, 5), ""), Edit.insertion(0, ">"), Edit(Span(1, 3), "xyz")]

    assert apply_edits("abcdef", edits) == ">axyzdf"


def test_overlapping_edits_are_refused():
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("abcdef", [Edit(Span(0, 3), ""), Edit(Span(2, 4), "")])


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (Edit(Span(0, 2), ""), Edit(Span(2, 4), ""), False),
        (Edit(Span(0, 3), ""), Edit(Span(2, 4), ""), True),
        (Edit.insertion(2, "x"), Edit.insertion(2, "y"), True),
        (Edit.insertion(2, "x"), Edit.insertion(3, "y"), False),
        (Edit.insertion(2, "x"), Edit(Span(2, 4), ""), True),
        (Edit.insertion(4, "x"), Edit(Span(2, 4), ""), True),
        (Edit.insertion(5, "x"), Edit(Span(2, 4), ""), False),
    ],
)
def test_edits_meet_where_their_order_would_matter(one, other, meets):
    assert one.meets(other) is meets
    assert other.meets(one) is meets


def test_what_edits_wrote_is_found_again():
    text = "abcdef"
    edits = [Edit.insertion(0, ">>"), Edit(Span(1, 3), "x"), Edit(Span(4, 5), "")]

    after = apply_edits(text, edits)

    assert [span.slice(after) for span in new_spans(edits)] == [">>", "x", ""]
    assert new_spans(edits)[2].start == after.index("f")


def test_a_span_is_found_again_with_what_is_inserted_at_its_ends():
    text = "abcdef"
    edits = [Edit.insertion(0, ">>"), Edit.insertion(2, "<")]
    edits += [Edit(Span(3, 4), ""), Edit.insertion(5, "!")]

    after = apply_edits(text, edits)

    first, second = moved([Span(2, 5), Span(5, 6)], edits)
    assert first.slice(after) == "<ce!"
    assert second.slice(after).endswith("f")
