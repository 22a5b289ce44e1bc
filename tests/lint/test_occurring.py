"""What is known to occur in a text, from one version to the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dflint.lint.occurring import Occurring
from dflint.text.search import TextSearch

TEXTS = st.text("abAB\n", max_size=12)
SOUGHT = st.lists(st.text("ab\n", min_size=1, max_size=4).map(lambda one: (one,)), max_size=20)


@given(st.lists(st.tuples(TEXTS, SOUGHT), min_size=1, max_size=6))
def test_versions_know_what_occurs_in_their_own_text(versions):
    occurring = None
    for text, sought in versions:
        occurring = Occurring(text, occurring)
        for one in sought:
            assert occurring.any_of(one) == (one[0] in text.lower())


@given(TEXTS, TEXTS, TEXTS, SOUGHT)
def test_an_edit_within_a_text(before, removed, added, sought):
    """Also where what is looked for stands half in what was edited and half beside it."""
    earlier = Occurring(before + removed + before)
    for one in sought:
        earlier.any_of(one)
    now = Occurring(before + added + before, earlier)
    for one in sought:
        assert now.any_of(one) == (one[0] in (before + added + before).lower())


def test_what_goes_over_lines_is_looked_for_anew():
    earlier = Occurring("a\nb\n")
    assert not earlier.any_of(("b\na",))
    assert Occurring("b\na\n", earlier).any_of(("b\na",))


def test_any_of_several():
    assert Occurring("RUN apt-get").any_of(("yum", "apt"))
    assert not Occurring("RUN apt-get").any_of(("yum", "dnf"))


def test_after_a_search_it_is_known_of_all():
    texts = tuple(chr(97 + at) + other for at in range(26) for other in "xyz")
    search = TextSearch.of(texts)
    assert search is not None
    occurring = Occurring("CX and BY")
    assert occurring.is_fresh
    assert occurring.all_of(search) == {"cx", "by"}
    assert not occurring.is_fresh
    assert occurring.those_of(("ax", "by", "cx")) == ["by", "cx"]
    assert not occurring.any_of(("ax", "bz"))
    later = Occurring("CX and AX", occurring)
    assert not later.is_fresh
    assert later.those_of(texts) == ["ax", "cx"]


MANY = tuple(chr(97 + at) + other for at in range(26) for other in "ab\n")
VERSIONS = st.lists(st.lists(st.text("abAB", max_size=4), max_size=5).map("\n".join), min_size=1)


@given(VERSIONS, st.booleans())
def test_a_search_of_each_version_leaves_out_nothing_that_occurs(versions, goes_over_lines):
    texts = MANY if goes_over_lines else [one for one in MANY if "\n" not in one] + ["a", "bab"]
    search = TextSearch.of([*texts, *(one + "cd" for one in texts)])
    assert search is not None
    assert search.is_within_lines is not goes_over_lines
    occurring = None
    for text in versions:
        occurring = Occurring(text, occurring)
        found = occurring.all_of(search)
        occurs = {one for one in search.texts if one in text.lower()}
        assert found >= occurs
        assert {one for one in search.texts if occurring.any_of((one,))} == occurs


def test_what_was_in_no_line_before_is_looked_for_in_new_lines_only():
    search = TextSearch.of(chr(97 + at) + other for at in range(26) for other in "abcd")
    assert search is not None
    first = Occurring("aa\nba\nca")
    assert first.all_of(search) == {"aa", "ba", "ca"}
    later = Occurring("aa\nba\ncc", first)
    assert later.all_of(search) == {"aa", "ba", "ca", "cc"}
    assert later.those_of(("aa", "ca", "cc", "da")) == ["aa", "cc"]


def test_a_version_that_nobody_asked_is_passed_over():
    first = Occurring("a b")
    assert not first.any_of(("c",))
    unasked = Occurring("a c", first)
    assert unasked.is_unasked
    assert not unasked.is_fresh
    last = Occurring("a b d", unasked)
    assert last._earlier is first
    assert not last.any_of(("c",))
