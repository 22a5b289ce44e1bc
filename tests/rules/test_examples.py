"""Every built-in rule finds what its examples say, and keeps the conventions."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.docs.rule_page import _shown, page
from dflint.lint.index import index_source
from dflint.testing.examples import check_example, check_rule, examples

RULES = dflint_rules.rules()


@pytest.mark.parametrize("example", list(examples(RULES)), ids=str)
def test_example(example):
    check_example(example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.name)
def test_rule_keeps_the_conventions(rule):
    check_rule(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.name)
def test_page_shows_summary_and_every_example(rule):
    text = page(rule)

    assert text.startswith(f"# {rule.meta.name}\n")
    for case in (*rule.valid, *rule.invalid):
        assert _shown(case.code.rstrip("\n")) in text
    assert _shown(rule.bad.rstrip("\n")) in text
    assert _shown(rule.good.rstrip("\n")) in text


def test_names_and_aliases_do_not_collide():
    names = [rule.meta.name for rule in RULES]
    aliases = {alias for rule in RULES for alias in rule.meta.aliases}

    assert len(names) == len(set(names))
    assert not aliases & set(names)


def test_index_is_up_to_date():
    import dflint_rules._index as index

    with open(index.__file__, encoding="utf-8") as stream:
        assert stream.read() == index_source("dflint_rules")
