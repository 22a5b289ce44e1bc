"""Every built-in rule finds what its examples say, and keeps the conventions."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.docs.rule_page import _shown, page
from dflint.lint.index import index_source
from dflint.lint.registry import entry_of
from dflint.lint.rule import Invalid, Valid
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.testing.examples import (
    check_example,
    check_rule,
    document_of,
    examples,
    findings_of,
)

RULES = dflint_rules.rules()
ENTRIES = {rule.meta.name: entry_of(rule, "examples") for rule in RULES}
#: What else is reported where a defect cannot be shown without another one.
_UNAVOIDABLE = {
    "base-platform-mismatch": {"const-platform"},
    "heredoc-destination": {"relative-copy-destination"},
    "invalid-check-directive": {"shell-form-cmd"},
    "update-alone": {"apt-lists"},
    "undefined-arg-in-from": {"invalid-default-arg-in-from"},
}


@pytest.mark.parametrize("example", list(examples(RULES)), ids=str)
def test_example(example):
    check_example(example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.name)
def test_a_comment_with_its_name_hides_nothing(rule):
    for case in rule.invalid:
        if not case.code.endswith("\n") or case.code.endswith("\\\n") or "\0" in case.code:
            continue  # a comment would not stand by itself
        before = findings_of(rule, document_of(case, rule))
        for name in (rule.meta.name, *rule.meta.aliases):
            named = Invalid(f"{case.code}# {name}\n", at=case.at, options=dict(case.options))
            assert len(findings_of(rule, document_of(named, rule))) == len(before), case.code


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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.name)
def test_page_begins_with_a_dockerfile_that_has_one_defect_and_one_that_has_none(rule):
    assert _reporting(rule, rule.bad) - _UNAVOIDABLE.get(rule.meta.name, set()) == {rule.meta.name}
    assert _reporting(rule, rule.good) == set()


def test_names_and_aliases_do_not_collide():
    names = [rule.meta.name for rule in RULES]
    aliases = {alias for rule in RULES for alias in rule.meta.aliases}

    assert len(names) == len(set(names))
    assert not aliases & set(names)


def test_index_is_up_to_date():
    import dflint_rules._index as index

    with open(index.__file__, encoding="utf-8") as stream:
        assert stream.read() == index_source("dflint_rules")


def _reporting(rule, code):
    """The rules that report the Dockerfile: those that are on by default, and the one itself."""
    selection = Selection(extend_select=(rule.meta.name,))
    runner = Runner(select_rules(ENTRIES, selection), lambda: names_of(ENTRIES), reraise=True)
    doc = document_of(Valid(code, dict(rule.given)), rule)
    return {finding.rule for finding in runner.run(doc).findings}
