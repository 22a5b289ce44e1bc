"""Similar names."""

from __future__ import annotations

import pytest

from dflint.text.nearest import MOST_CANDIDATES, distance, nearest


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("buidler", ["builder", "base"], "builder"),
        ("DIR_ASSET", ["DIR_ASSETS", "DIR_BINARIES"], "DIR_ASSETS"),
        ("node_base", ["node-base"], "node-base"),
        ("Build", ["build"], "build"),
        ("PAHT", ["PATH"], "PATH"),
        ("GOPATH", ["PATH"], None),
        ("ab", ["ac"], None),
        ("abc", ["axy"], None),
        ("abcdef", ["abcdef"], None),
        ("", ["a"], None),
        ("abc", [], None),
    ],
)
def test_a_slip_of_the_pen_is_recognised_and_another_word_is_not(name, candidates, expected):
    assert nearest(name, candidates) == expected


def test_the_nearest_counts_and_among_equals_the_first():
    assert nearest("abcdefg", ["abcdxyg", "abcdxfg"]) == "abcdxfg"
    assert nearest("abcdefg", ["abcdefz", "abcdefy"]) == "abcdefy"


def test_distance_counts_a_swap_of_neighbours_as_one_edit():
    assert distance("ab", "ba", 2) == 1
    assert distance("abc", "abc", 0) == 0
    assert distance("abc", "abd", 0) == 1
    assert distance("abc", "xyz", 1) == 2
    assert distance("abc", "abcdef", 2) == 3


def test_many_names_and_long_names_are_not_searched():
    names = [f"name{number}" for number in range(MOST_CANDIDATES + 1)]

    assert nearest("nam1", names) is None
    assert nearest("a" * 100_000, ["a" * 100_001]) is None
