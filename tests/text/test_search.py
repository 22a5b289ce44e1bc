"""Looking for many texts at once finds what looking for each finds."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dflint.text.search import TextSearch

LETTERS = "ab\n\udc80"
#: All texts of up to three of a few characters: many stand in one another, and overlap.
TEXTS = ["".join(one) for size in (1, 2, 3) for one in product(LETTERS, repeat=size)]


@given(st.text(LETTERS, max_size=30))
def test_all_are_found_that_stand_anywhere(text):
    search = TextSearch.of(TEXTS)
    assert search is not None
    assert search.texts == set(TEXTS)
    assert search.found_in(text) == {one for one in TEXTS if one in text}


def test_few_texts_are_left_to_others():
    assert TextSearch.of(TEXTS[:20]) is None
    assert TextSearch.of(map(chr, range(33, 127))) is None
