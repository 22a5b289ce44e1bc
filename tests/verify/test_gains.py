"""What a script keeps: the quick look says nothing that reading the words would not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dflint.verify import gains

WORDS = st.sampled_from((
    "apt-get", "install", "-y", "a", "b;", "&&", "||", "|", ";", "&", ">", "2>&1", "!", "[", "]",
    "/var/*", "$x", "$HOME/b", "a=b", "a&&b", "if", "fi", "do", "[[", "]]", "esac;", "^", "~",
))  # fmt: skip
BLANKS = st.sampled_from((" ", "  ", "\t"))
LINES = st.lists(WORDS, min_size=1, max_size=7)
INSERTIONS = st.lists(st.tuples(st.integers(0, 9), WORDS), max_size=3)


@given(LINES, INSERTIONS, BLANKS, st.frozensets(WORDS, max_size=2))
def test_what_only_adds_words_gains(line, insertions, blank, lost):
    longer = list(line)
    for at, word in insertions:
        longer.insert(at, word)
    before, after = blank.join(line), " ".join(longer)
    assert gains._only_adds_words(before, after)
    looks = gains._only_adds_words
    gains._only_adds_words = lambda *_: False
    try:
        assert gains.text_gains(before, after, lost)
    finally:
        gains._only_adds_words = looks


def test_the_quick_look_is_not_for_what_has_quotes_or_less_words():
    assert not gains._only_adds_words("a b c", "a c")
    assert not gains._only_adds_words("a b", "b a")
    for mark in "'\"\\#`(){}<\n\f\N{NO-BREAK SPACE}":
        assert not gains._only_adds_words(f"a {mark} b", f"a {mark} b c")
