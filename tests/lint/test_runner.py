"""Rules run apart from one another."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.lint.finding import Severity
from dflint.lint.registry import entry_of, find_rules
from dflint.lint.rule import Category, Meta, Rule
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.source import Source


class Crashing(Rule):
    """A rule that fails."""

    meta = Meta("crashing", Category.STYLE, Severity.INFO, since="1")

    def check(self, doc):
        yield self.finding(doc, doc.instructions[0], "first")
        raise KeyError("boom")


class Steady(Rule):
    """A rule that works."""

    meta = Meta("steady", Category.STYLE, Severity.INFO, since="1", aliases=("DL0001", "Both"))

    def check(self, doc):
        for instruction in reversed(doc.instructions):
            yield self.finding(doc, doc.keyword(instruction), "here")


def entries(*rules):
    return {rule.meta.name: entry_of(rule, "test") for rule in rules}


def run(text, *rules, reraise=False):
    known = entries(*rules)
    runner = Runner(select_rules(known, Selection()), lambda: names_of(known), reraise)
    return runner.run(Document(Source("Dockerfile", text.encode())))


def test_a_crashing_rule_costs_only_itself():
    result = run("FROM a\nRUN b\n", Crashing, Steady)

    assert [finding.rule for finding in result.findings if finding.rule == "steady"] == [
        "steady"
    ] * 2
    (crash,) = result.crashes
    assert "rule `crashing` crashed (KeyError: 'boom')" in str(crash)


def test_a_crash_comes_through_for_debugging():
    with pytest.raises(KeyError):
        run("FROM a\n", Crashing, reraise=True)


def test_findings_come_by_place():
    result = run("FROM a\nRUN b\n", Steady)

    starts = [finding.span.start for finding in result.findings]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection(), {"crashing", "steady"}),
        (Selection(select=("DL0001",)), {"steady"}),
        (Selection(select=("DL*",)), {"steady"}),
        (Selection(select=("ALL",), ignore=("Both",)), {"crashing"}),
        (Selection(select=("style",)), {"crashing", "steady"}),
        (Selection(select=(), extend_select=("steady",)), {"steady"}),
        (Selection(ignore=("cra*",)), {"steady"}),
    ],
)
def test_selection_by_name_alias_category_and_beginning(selection, names):
    chosen = select_rules(entries(Crashing, Steady), selection)

    assert {entry.name for entry, _ in chosen} == names


def test_severity_can_be_set():
    chosen = select_rules(entries(Steady), Selection(severity={"steady": Severity.ERROR}))

    assert [severity for _, severity in chosen] == [Severity.ERROR]


def test_one_alias_can_mean_several_rules():
    names = names_of(find_rules())

    assert names.expand("MultipleInstructionsDisallowed") == {
        "multiple-cmd", "multiple-entrypoint", "multiple-healthcheck",
    }  # fmt: skip
