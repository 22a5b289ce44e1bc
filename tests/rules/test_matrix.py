"""All rules over all examples of all rules: what holds for every finding of every rule."""

from __future__ import annotations

import re

import pytest

import dflint_rules
from dflint.lint.occasions import occasion_of
from dflint.lint.rule import Valid
from dflint.testing.examples import Example, document_of, examples

RULES = dflint_rules.rules()
#: The rules whose own examples show that there is nothing to point at.
POINT_AT_NOTHING = {
    rule.meta.name
    for rule in RULES
    if any(not at.strip() for case in rule.invalid for at in case.at)
}
#: The rules whose examples are other examples with other bytes.
ABOUT_BYTES = {"foreign-encoding", "line-too-long"}
#: Names with which a message may begin.
NAMES = {
    "Kubernetes",
    "Alpine",
    "Debian",
    "CentOS",
    "Docker",
    "Fedora",
    "Git",
    "Go",
    "Linux",
    "Podman",
    "Python",
    "Ubuntu",
    "Windows",
}


def cases():
    """Every example with its name; `bad` and `good` too."""
    for example in examples(RULES):
        yield str(example), example
    for rule in RULES:
        for kind, code in (("bad", rule.bad), ("good", rule.good)):
            if code:
                yield f"{rule.meta.name}-{kind}", Example(rule, Valid(code), 0)


def document(example):
    """The example's document; rules other than its own have their options' defaults."""
    doc = document_of(example.case, example.rule)
    for rule in RULES:
        defaults = {spec.name: spec.default for spec in rule.meta.options}
        doc.settings.options.setdefault(rule.meta.name, defaults)
    return doc


def all_findings(example):
    doc = document(example)
    return doc, [(rule, finding) for rule in RULES for finding in rule().check(doc)]


@pytest.fixture(scope="module")
def matrix():
    """For each example its name, itself, its document, and each rule's findings.

    Every rule is asked, whatever its `on`, `mentions` and `occasion` say; none may raise.
    """
    return [(name, example, *all_findings(example)) for name, example in cases()]


def each(matrix):
    for name, _, doc, found in matrix:
        for rule, finding in found:
            yield f"{rule.meta.name} on {name}", rule, doc, finding


def test_which_rules_fire_on_which_examples(matrix, snapshot):
    lines = []
    for name, example, _, found in matrix:
        counts = {}
        for rule, _ in found:
            if rule.meta.default and rule is not example.rule:
                counts[rule.meta.name] = counts.get(rule.meta.name, 0) + 1
        if counts:
            fired = ", ".join(f"{rule}×{count}" for rule, count in counts.items())
            lines.append(f"{name}: {fired}")

    assert "\n".join(lines) == snapshot


def test_rules_have_nothing_to_say_where_they_are_not_asked(matrix):
    unheard = [
        where
        for where, rule, doc, _ in each(matrix)
        if (rule.on and not doc.has(rule.on))
        or (rule.mentions and not any(text in doc.text.lower() for text in rule.mentions))
        or (rule.occasion and not occasion_of(rule.occasion, rule.mentions)(doc))
    ]

    assert unheard == []


def test_every_finding_is_of_its_rule_and_points_into_the_text(matrix):
    wrong = []
    for where, rule, doc, finding in each(matrix):
        spans = [finding.span, *(related.span for related in finding.related)]
        if finding.rule != rule.meta.name or not all(
            0 <= span.start <= span.end <= len(doc.text) for span in spans
        ):
            wrong.append((where, finding))

    assert wrong == []


def test_every_finding_points_at_something(matrix):
    empty = [
        where
        for where, rule, doc, finding in each(matrix)
        if rule.meta.name not in POINT_AT_NOTHING
        if not finding.span.slice(doc.text).strip(" \t\r\n")
    ]

    assert empty == []


def test_no_finding_is_made_twice(matrix):
    twice = []
    for name, _, _, found in matrix:
        seen = [(one.rule, one.span.start, one.span.end, one.message) for _, one in found]
        if len(set(seen)) < len(seen):
            twice.append((name, sorted(key for key in set(seen) if seen.count(key) > 1)))

    assert twice == []


def test_a_second_run_finds_the_same(matrix):
    def shape(found):
        return [
            (
                *(finding.rule, finding.severity, finding.message),
                *(finding.span.start, finding.span.end),
                [
                    (related.span.start, related.span.end, related.note)
                    for related in finding.related
                ],
            )
            for _, finding in found
        ]

    different = [
        name
        for name, example, _, found in matrix
        if shape(found) != shape(all_findings(example)[1])
    ]

    assert different == []


def test_the_order_of_the_rules_does_not_matter(matrix):
    different = []
    for name, example, _, found in matrix:
        doc = document(example)
        again = [(rule, len(list(rule().check(doc)))) for rule in reversed(RULES)]
        counts = [(rule, sum(one is rule for one, _ in found)) for rule in RULES]
        if list(reversed(again)) != counts:
            different.append(name)

    assert different == []


@pytest.mark.parametrize("change", ["carriage returns", "byte order mark"])
def test_windows_editors_change_no_finding(matrix, change):
    different = []
    for name, example, _, found in matrix:
        code = example.case.code
        if example.rule.meta.name in ABOUT_BYTES or "\r" in code or code.startswith("\ufeff"):
            continue
        changed = "\ufeff" + code if change == "byte order mark" else code.replace("\n", "\r\n")
        _, again = all_findings(
            Example(example.rule, Valid(changed, example.case.options), example.number)
        )
        if [rule for rule, _ in again] != [rule for rule, _ in found]:
            different.append(name)

    assert different == []


def style_fault(message):
    """Against which habit of the house a message goes; None for a good one."""
    word = message.split(" ")[0].rstrip(",;:")
    faults = (
        (not message.strip(), "it is empty"),
        (len(message) > 200, "it is longer than 200 characters"),
        (not message.isprintable(), "it has a line break or a control character"),
        (message.endswith((".", "!", " ")), "it ends with a full stop"),
        (re.fullmatch("[A-Z][a-z]*", word) and word not in NAMES, "it begins with a capital"),
    )
    return next((fault for is_fault, fault in faults if is_fault), None)


def test_messages_keep_the_style_of_the_house(matrix):
    faults = set()
    for _, rule, _, finding in each(matrix):
        for text in (finding.message, *(related.note for related in finding.related)):
            fault = style_fault(text)
            if fault is not None:
                faults.add((rule.meta.name, fault, text))

    assert faults == set()


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("WORKDIR is `/a` already", None),
        ("`x` is not set", None),
        ("BuildKit reads `a`; write `b.`", None),
        ("This is wrong", "it begins with a capital"),
        ("A blank is missing", "it begins with a capital"),
        ("this is wrong.", "it ends with a full stop"),
        ("a\nb", "it has a line break or a control character"),
        ("x" * 201, "it is longer than 200 characters"),
    ],
)
def test_style_is_told(message, fault):
    assert style_fault(message) == fault
