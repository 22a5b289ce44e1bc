"""Rules that are asked of many documents together say what they say of each alone."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.lint.registry import entry_of
from dflint.lint.runner import Runner
from dflint.semantic import gone_hosts, removed_packages, secret_literals
from dflint.testing.examples import document_of, examples
from dflint_rules.removed_package import RemovedPackage

FORMS = [(mark, form) for mark, form, _, _ in gone_hosts._GONE] + [
    (mark, form) for _, mark, form in secret_literals._FORMS
]


@pytest.mark.parametrize("mark, form", FORMS)
def test_what_is_waited_for_stands_in_all_that_a_form_takes(mark, form):
    assert mark in form.replace("\\", "")


def test_each_package_that_is_gone_has_what_is_waited_for():
    tables = (removed_packages._DEB, removed_packages._APK)
    names = [name for table in tables for name in removed_packages._rows(table)]
    missing = [name for name in names if not any(one in name for one in RemovedPackage.mentions)]
    assert missing == []


def test_many_documents_get_what_each_gets_alone():
    """Of many, all that is waited for is looked for at once."""
    rules = [(entry_of(rule, "dflint"), rule.meta.severity) for rule in dflint_rules.rules()]
    together = Runner(rules, lambda: None, reraise=True)
    for one in examples(dflint_rules.rules()):
        document = document_of(one.case, one.rule)
        again = Document(document.source, document.settings)
        alone = Runner(rules, lambda: None, reraise=True)
        assert _names(together, document) == _names(alone, again), document.text


def _names(runner, document):
    (groups,) = runner._groups.of_all([document])
    return [entry.name for group in groups for entry, _ in group.rules]


def test_rules_find_the_same_in_many_documents_as_in_each_alone():
    rules = [(entry_of(rule, "dflint"), rule.meta.severity) for rule in dflint_rules.rules()]
    together, alone = (Runner(rules, lambda: None, reraise=True) for _ in range(2))
    documents = [document_of(one.case, one.rule) for one in examples(dflint_rules.rules())]
    for rule in dflint_rules.rules():
        defaults = {spec.name: spec.default for spec in rule.meta.options}
        for document in documents:
            document.settings.options.setdefault(rule.meta.name, defaults)
    again = [Document(one.source, one.settings) for one in documents]
    for document, found in zip(again, together.ask_all(documents), strict=True):
        assert _found(found) == _found(alone.ask(document)), document.text


def _found(result):
    return sorted((one.rule, one.span.start, one.span.end, one.message) for one in result.findings)
