"""A rule that another tool's id selects judges as that tool does."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.text.source import Source

_LABEL = "FROM a\nLABEL base_image=b\n"
_UNSET = "FROM a\nENV B=$C\n"


@pytest.fixture(scope="module")
def session():
    return Session()


def found(session, text, **config):
    report = session.check(Source("Dockerfile", text.encode()), Config(**config))
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize("id", ["UndefinedVar", "buildkit/UndefinedVar"])
def test_an_id_turns_its_switches_on_with_and_without_the_tool(session, id):
    assert found(session, _UNSET, select=(id,)) == ["undefined-variable"]
    assert found(session, _UNSET, select=("undefined-variable",)) == []


def test_an_id_of_tally_turns_its_switches_on(session):
    assert found(session, _LABEL, select=("tally/labels/valid-key",)) == ["label-key"]
    assert found(session, _LABEL, select=("label-key",)) == []
    assert found(session, _LABEL, select=("DL3048",)) == []


def test_a_switch_that_is_configured_stays_as_it_is(session):
    rules = {"label-key": {"strict": False}}

    assert found(session, _LABEL, select=("tally/labels/valid-key",), rules=rules) == []


def test_two_ids_of_one_rule_bring_both_programs(session):
    text = "FROM a\nRUN curl b\nRUN wget c\n"
    ids = ("tally/prefer-curl-config", "tally/prefer-wget-config")

    assert len(found(session, text, select=ids[:1])) == 1
    assert len(found(session, text, select=ids)) == 2
