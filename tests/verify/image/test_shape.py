"""What the form of content that differs from build to build admits, and what not."""

from __future__ import annotations

import gzip

import pytest

from dflint.verify.image.shape import learn, learn_word


def fits(samples, other):
    shape, _ = learn([one.encode("latin-1") for one in samples])
    return shape(other.encode("latin-1"))


@pytest.mark.parametrize(
    ("samples", "good", "bad"),
    [
        (
            ["Thu Nov 26 02:43:09 UTC 2026\n", "Thu Nov 26 02:43:11 UTC 2026\n"],
            ["Thu Nov 26 02:43:10 UTC 2026\n"],
            ["1764124768\n", "Thu Nov 26 02:43:10 2026\n", ""],
        ),
        (["1764124768\n", "1764124770\n"], ["1764124769\n"], ["2026\n", "1764124769\nx\n"]),
        (["12\n", "31999\n"], ["7\n", "456\n"], ["x\n", "12 \n"]),
        (
            ["id=9f3b-00aa\nrest\n", "id=17c4-77b2\nrest\n"],
            ["id=ffff-1234\nrest\n"],
            ["id=ffff-1234\n", "id=ffff\nrest\n", "id=zzzz-1234\nrest\n"],
        ),
        (["k3J+/aB=\n", "Zz/9+qR=\n"], ["aaaabbb=\n"], ["aa aabb=\n", "a" * 40 + "\n"]),
        (["k3JaaBxU\n", "Zz19xqRo\n"], ["a+ab/bcC\n"], ["a ab/bcC\n", "a+ab/bcCC\n"]),
        (["a\nx 1\nb\n", "a\nb\n"], ["a\nb\n", "a\nanything\nb\n"], ["b\na\n", "a\n"]),
    ],
)
def test_text(samples, good, bad):
    assert all(fits(samples, one) for one in (*samples, *good))
    assert not any(fits(samples, one) for one in bad)


def test_what_is_always_the_same_has_to_be():
    assert fits(["x", "x"], "x")
    assert not fits(["x", "x"], "y")


def test_a_time_in_binary_content():
    one, other, third = (gzip.compress(b"content" * 9, mtime=time) for time in (1, 250, 258))
    shape, why = learn([one, other])

    assert shape(third)
    assert not shape(gzip.compress(b"contend" * 9, mtime=3))
    assert not shape(third + b"x")
    assert "4 bytes" in why


LONG = [f"line {number} of many\n" for number in range(30_000)]


@pytest.mark.parametrize(
    ("change", "is_fit"),
    [
        (lambda lines: lines, True),
        (lambda lines: ["at 12:07, 99\n", *lines[1:]], True),
        (lambda lines: lines[:-1], False),
        (lambda lines: [*lines, "more\n"], False),
        (lambda lines: [*lines[:7], "line 8 of many\n", *lines[8:]], False),
    ],
)
def test_long_text_keeps_what_samples_have_in_common(change, is_fit):
    samples = ["".join([f"at 12:0{number}, {number}\n", *LONG]) for number in (3, 4)]
    lines = ["at 12:05, 7\n", *LONG]

    assert fits(samples, "".join(change(lines))) == is_fit


def test_bytes_of_other_sizes_keep_the_texts_that_samples_have_in_common():
    samples = [f"\0\1{'x' * size}\0a text that stays\0{size}\0\x7f" for size in (9, 12)]

    assert fits(samples, f"\0\1{'x' * 10}\0a text that stays\0\3\0")
    assert not fits(samples, f"\0\1{'x' * 10}\0a text that goes\0\3\0")


def test_names():
    pattern = learn_word(["tmp.aB3dEf", "tmp.axx9yz"])

    assert pattern.fullmatch("tmp.Q1w2e3")
    assert not pattern.fullmatch("tmp.Q1w2e3r")
    assert not pattern.fullmatch("tmp-Q1w2e3")
