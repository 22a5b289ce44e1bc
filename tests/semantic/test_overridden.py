"""Instructions that a later one replaces."""

from __future__ import annotations

import pytest

from dflint.cst.instructions import Cmd, Entrypoint, HealthCheck
from dflint.cst.parser.build import parse
from dflint.semantic.overridden import keyword_place, overridden


def texts(source, kind):
    found = overridden(parse(source), kind)
    return [(one.line.text, last.line.text) for one, last in found]


def test_every_earlier_instruction_is_paired_with_the_last_of_its_stage():
    source = "FROM a\nCMD 1\nCMD 2\nCMD 3\nFROM b\nCMD 4\n"

    assert texts(source, Cmd) == [("CMD 1", "CMD 3"), ("CMD 2", "CMD 3")]


def test_triggers_replace_triggers_only():
    source = "FROM a\nONBUILD CMD 1\nCMD 2\nonbuild cmd 3\nONBUILD ENTRYPOINT 4\n"

    assert texts(source, Cmd) == [("ONBUILD CMD 1", "onbuild cmd 3")]
    assert texts(source, Entrypoint) == []


def test_what_stands_before_the_first_from_is_in_no_stage():
    assert texts("CMD 1\nCMD 2\nFROM a\nCMD 3\n", Cmd) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [("HEALTHCHECK NONE", "HEALTHCHECK"), ("ONBUILD  healthcheck NONE", "ONBUILD  healthcheck")],
)
def test_keyword_place_goes_on_to_the_trigger(source, expected):
    instruction = parse(source).instructions[0]
    begin, end = keyword_place(instruction)

    assert source[begin:end] == expected
    assert not list(overridden(parse(source), HealthCheck))


def test_text_without_from_is_read_as_a_part_of_a_stage():
    found = list(overridden(parse("CMD a\nCMD b\n"), Cmd))

    assert [one.reading.arguments for pair in found for one in pair] == [("a",), ("b",)]
