"""Durations of HEALTHCHECK."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.duration import Duration, DurationProblem, parse_duration

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("30s", 30 * SECOND),
        ("1h2m3.5s", 3723 * SECOND + SECOND // 2),
        ("1.5h", 5400 * SECOND),
        (".5s", SECOND // 2),
        ("5.s", 5 * SECOND),
        ("+1s", SECOND),
        ("-1m", -60 * SECOND),
        ("1h1h", 7200 * SECOND),
        ("1ns1us1µs1μs1ms", 1_003_001),
        ("0.3333333333333333333h", 1200 * SECOND),
        ("0.9999999999999999999999s", SECOND),
        ("9223372036854775807ns", (1 << 63) - 1),
        ("-9223372036854775808ns", -(1 << 63)),
        ("00000000000000000000000000000001s", SECOND),
    ],
)
def test_durations(text, nanoseconds):
    assert parse_duration(text) == Duration(nanoseconds)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'time: invalid duration ""'),
        ("-", 'time: invalid duration "-"'),
        ("s", 'time: invalid duration "s"'),
        (".s", 'time: invalid duration ".s"'),
        ("abc", 'time: invalid duration "abc"'),
        ("9223372037s", 'time: invalid duration "9223372037s"'),
        ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
        ("2562047h1000000h", 'time: invalid duration "2562047h1000000h"'),
        ("99999999999999999999s", 'time: invalid duration "99999999999999999999s"'),
        ("00", 'time: missing unit in duration "00"'),
        ("5", 'time: missing unit in duration "5"'),
        ("1.2.3s", 'time: missing unit in duration "1.2.3s"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("1S", 'time: unknown unit "S" in duration "1S"'),
        ("5sx", 'time: unknown unit "sx" in duration "5sx"'),
        ("3m-2s", 'time: unknown unit "m-" in duration "3m-2s"'),
        (
            '1\\"é\t',
            'time: unknown unit "\\\\\\"\\xc3\\xa9\\x09" in duration "1\\\\\\"\\xc3\\xa9\\x09"',
        ),
    ],
)
def test_reasons_of_go(text, message):
    problem = parse_duration(text)

    assert isinstance(problem, DurationProblem)
    assert problem.message == message


@given(st.text(st.sampled_from("0123456789.-+hmsnuµ") | st.characters()))
def test_any_text_is_a_duration_or_a_problem(text):
    found = parse_duration(text)

    assert found.message if isinstance(found, DurationProblem) else abs(found.nanoseconds) < 1 << 64


@given(st.integers(0, 1 << 62))
def test_nanoseconds_come_back(nanoseconds):
    assert parse_duration(f"{nanoseconds}ns") == Duration(nanoseconds)
    assert parse_duration(f"-{nanoseconds}ns") == Duration(-nanoseconds)


@pytest.mark.parametrize("piece", ["0", "1s", ".", "s", "0.1h", "9"])
def test_long_texts_are_read(piece):
    parse_duration(piece * 100_000)


def test_durations_are_values():
    assert len({Duration(1), Duration(1), Duration(2)}) == 2
    assert repr(Duration(5)) == "Duration(5)"
    assert repr(parse_duration("5")) == "DurationProblem('time: missing unit in duration \"5\"')"
