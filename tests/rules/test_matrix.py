"""All rules over all examples: one snapshot shows every rule that fires beside another."""

from __future__ import annotations

import dflint_rules
from dflint.testing.examples import document_of, examples

RULES = dflint_rules.rules()


def test_which_rules_fire_on_which_examples(snapshot):
    lines = []
    for example in examples(RULES):
        doc = document_of(example.case, example.rule)
        fired = []
        for rule in RULES:
            doc.settings.options[rule.meta.name] = {
                spec.name: spec.default for spec in rule.meta.options
            }
            if rule.meta.default and (not rule.on or doc.has(rule.on)):
                count = len(list(rule().check(doc)))
                if count and rule is not example.rule:
                    fired.append(f"{rule.meta.name}×{count}")
        if fired:
            lines.append(f"{example}: {', '.join(fired)}")

    assert "\n".join(lines) == snapshot
