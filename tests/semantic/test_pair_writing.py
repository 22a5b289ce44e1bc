"""A legacy pair that is written with `=` means what it meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dflint.cst.reading import read_text
from dflint.semantic.expand import evaluate_word
from dflint.semantic.pair_writing import pair_pieces, replaced

VALUES = st.text(
    st.sampled_from("ab_1 \"'\\`${}:-?#=\t") | st.characters(exclude_characters="\n"),
    min_size=1,
    max_size=14,
).map(lambda text: "x" + text.strip() + "x")
ESCAPES = st.sampled_from("\\`")


def rewritten(value: str, escape: str = "\\") -> str | None:
    line = f"ENV k {value}"
    pieces = pair_pieces(line, (4, 5), 6, escape)
    return None if pieces is None else replaced(line, pieces)


@given(VALUES, ESCAPES, st.dictionaries(st.sampled_from(["a", "b", "_", "ab", "1"]), VALUES))
@example('x$a"b" c', "\\", {"a": "1", "ab": "2"})
@example('x$"a" \'$b', "`", {"a": "1"})
def test_the_value_expands_to_the_same(value: str, escape: str, variables: dict[str, str]) -> None:
    new = rewritten(value, escape)
    if new is None:
        return
    key, written, sign = read_text(new, 0, escape).arguments
    assert (key, sign) == ("k", "=")
    before = evaluate_word(value, variables, escape)
    after = evaluate_word(written, variables, escape)
    assert (after.text if after.error is None else None) == (
        before.text if before.error is None else None
    )


@pytest.mark.parametrize(
    ("value", "new"),
    [
        ("one", "ENV k=one"),
        ("one two", 'ENV k="one two"'),
        ('"one two"', 'ENV k="one two"'),
        ('"one" two', 'ENV k="one two"'),
        ("$A b", 'ENV k="$A b"'),
        ("$A'b' c", 'ENV k="${A}b c"'),
        ("one\\ two", "ENV k=one\\ two"),
        ("one\\ two three", 'ENV k="one two three"'),
        ("a # b", 'ENV k="a # b"'),
        ("a $ 'b\"'", 'ENV k="a \\$ b\\""'),
        ('"a\\n" b', 'ENV k="a\\n b"'),
        ("a ${b:-c d}", 'ENV k="a ${b:-c d}"'),
    ],
)
def test_little_is_changed(value: str, new: str) -> None:
    assert rewritten(value) == new


@pytest.mark.parametrize("value", ['"open', "a b\\", '${A:-"b c"} d', '{{ "x" }} b', "${A b"])
def test_what_is_not_certain_is_left(value: str) -> None:
    assert rewritten(value) is None
