"""Findings stand at the characters in the Dockerfile that ShellCheck means."""

from __future__ import annotations

import pytest

FROM = "FROM scratch\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("RUN ls $a\n", [("SC2086", "$a")]),
        ("RUN --network=none ls $a\n", [("SC2086", "$a")]),
        ("RUN ls && \\\n  # a comment\n\n  ls $a\n", [("SC2086", "$a")]),
        ("RUN\tls\t\\\n\t\t&& ls\t$a\n", [("SC2086", "$a")]),
        ("RUN echo é“x” 日本 $a\n", [("SC2086", "$a")]),
        ("RUN ls $some\\\nthing here\n", [("SC2086", "$some\\\nthing")]),
        ("ONBUILD RUN ls \\\n  $a\n", [("SC2086", "$a")]),
        ("RUN ls $a; \\\r\n  ls $b\r\n", [("SC2086", "$a"), ("SC2086", "$b")]),
        ("RUN <<EOF\nls\n  ls $a\nEOF\n", [("SC2086", "$a")]),
        ("RUN <<-EOF\n\tls\n\t\tls\t$a\n\tEOF\n", [("SC2086", "$a")]),
        ("RUN <<EOF\n#!/bin/bash\nls\nls $a\nEOF\n", [("SC2086", "$a")]),
        ("RUN cat <<EOF > /x && ls $a\nbody $b\nEOF\n", [("SC2086", "$a")]),
        ("RUN ls \\\n  $a", [("SC2086", "$a")]),
    ],
)
def test_the_very_characters_are_covered(found, body, expected):
    assert found(FROM + body, ignore=("SC2154", "SC1*")) == expected


def test_with_an_escape_character_of_another_kind(found):
    text = "# escape=`\nFROM scratch\nRUN ls && `\n  ls $a\n"

    assert found(text, ignore=("SC2154",)) == [("SC2086", "$a")]


def test_bytes_that_are_no_utf_8_shift_nothing(found):
    assert found(b"FROM scratch\nRUN echo \xff\xfe $a\n", ignore=("SC2154",)) == [("SC2086", "$a")]


def test_a_byte_order_mark_shifts_nothing(found):
    text = "\ufeffFROM scratch\nRUN ls $a\n"

    assert found(text, ignore=("SC2154",)) == [("SC2086", "$a")]


def test_what_is_set_before_the_script_shifts_nothing(found):
    text = "FROM scratch\nENV a=1 b=2\nRUN ls $a $b \\\n  $c\nRUN <<EOF\nls $a\nls $d\nEOF\n"

    assert found(text, ignore=("SC2154",)) == [("SC2086", "$c"), ("SC2086", "$d")]


def test_a_script_that_ends_too_early_is_one_finding_where_it_goes_wrong(report, shellcheck):
    (finding,) = report(FROM + 'RUN ls && \\\n  echo "$A\nRUN ls\n').findings

    assert (finding.rule, finding.place.line, finding.place.column) == ("SC1072", 3, 8)
    assert finding.message == (
        "Couldn't parse this double quoted string: expected end of double quoted string"
    )
    assert [one.place.line for one in finding.related] == [3]


def test_an_if_without_fi_is_one_finding(found):
    assert found(FROM + "RUN if true; then ls\n") == [("SC1072", "i")]


def test_carriage_returns_in_a_heredoc_are_one_finding(report, shellcheck):
    (finding,) = report(FROM + "RUN <<EOF\r\nls\r\nls\r\nls\r\nEOF\r\n").findings

    assert (finding.rule, finding.place.line) == ("SC1017", 3)
