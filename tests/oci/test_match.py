from __future__ import annotations

import pytest

from dflint.oci.match import best_match, suitable_platforms
from dflint.oci.platform import Platform, parse_platform


def platform(text):
    found = parse_platform(text)
    assert isinstance(found, Platform)
    return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("linux/amd64", "linux/amd64 linux/386"),
        ("linux/amd64/v3", "linux/amd64/v3 linux/amd64/v2 linux/amd64 linux/386"),
        ("linux/386", "linux/386"),
        ("linux/arm/v7", "linux/arm/v7 linux/arm/v6 linux/arm/v5"),
        ("linux/arm", "linux/arm/v7 linux/arm/v6 linux/arm/v5"),
        ("linux/arm/v5", "linux/arm/v5"),
        ("linux/arm64", "linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5"),
        ("linux/arm64/v8", "linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5"),
        (
            "linux/arm64/v8.1",
            "linux/arm64/v8.1 linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5",
        ),
        ("linux/s390x", "linux/s390x"),
        ("windows/amd64", "windows/amd64 windows/386"),
    ],
)
def test_older_variants_follow(wanted, expected):
    assert " ".join(map(str, suitable_platforms(platform(wanted)))) == expected


def test_nine_has_all_of_eight_and_five():
    found = [str(each) for each in suitable_platforms(platform("linux/arm64/v9.1"))]

    assert found[:4] == [
        "linux/arm64/v9.1",
        "linux/arm64/v9",
        "linux/arm64/v8.6",
        "linux/arm64/v8.5",
    ]


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ("linux/arm/v7", ["linux/arm/v5", "linux/arm/v6"], 1),
        ("linux/arm/v6", ["linux/arm/v7", "linux/arm/v5"], 1),
        ("linux/arm64", ["linux/amd64", "linux/arm64/v8"], 1),
        ("linux/amd64", ["linux/amd64/v2"], None),
        ("linux/amd64/v2", ["linux/amd64", "linux/amd64/v2", "linux/amd64/v3"], 1),
        ("linux/amd64", ["linux/386"], 0),
        ("linux/amd64", ["windows/amd64"], None),
        ("linux/amd64", [], None),
    ],
)
def test_best_of_those_offered(wanted, offered, expected):
    assert best_match(platform(wanted), [platform(each) for each in offered]) == expected


def test_first_of_equals_and_none_that_nobody_has_said():
    same = platform("linux/amd64")

    assert best_match(same, [None, same, same]) == 1
    assert best_match(same, [None]) is None
