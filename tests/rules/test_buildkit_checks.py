"""The rules against the cases of BuildKit's own checks."""

from __future__ import annotations

import json

import dflint_rules
from dflint.lint.document import Document
from dflint.text.source import Source

#: The checks of BuildKit that the rules cover.
CHECKS = (
    "ConsistentInstructionCasing",
    "DuplicateStageName",
    "ExposeProtoCasing",
    "FromAsCasing",
    "FromPlatformFlagConstDisallowed",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "InvalidDefinitionDescription",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "MultipleInstructionsDisallowed",
    "NoEmptyContinuation",
    "RedundantTargetPlatform",
    "ReservedStageName",
    "SecretsUsedInArgOrEnv",
    "StageNameCasing",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
)


def reported(source):
    doc = Document(Source("Dockerfile", source.encode()))
    return {
        (alias, doc.lines.line(finding.span.start))
        for rule in dflint_rules.rules()
        for alias in rule.meta.aliases
        if alias in CHECKS and (not rule.on or doc.has(rule.on))
        for finding in rule().check(doc)
    }


def rows(shared, name):
    place = shared / "oracle" / "buildkit-units-dev" / name
    return [json.loads(line) for line in place.read_text().splitlines()]


def test_rules_say_what_the_cases_of_buildkit_expect(shared):
    differences = []
    for row in rows(shared, "lint_check.jsonl"):
        # Comments that skip checks are read by the runner, not by the rules.
        if "check=skip" in row["dockerfile"]:
            continue
        expected = row["expected"]
        warnings = expected.get("warnings_all_targets") or expected["warnings"]
        theirs = {(one["rule"], one["line"]) for one in warnings if one["rule"] in CHECKS}
        if theirs != reported(row["dockerfile"]):
            differences.append((row["name"], theirs, reported(row["dockerfile"])))

    assert differences == []


def test_rules_tell_the_bad_from_the_good_examples_of_buildkit(shared):
    differences = []
    for row in rows(shared, "lint_doc_examples.jsonl"):
        if row["rule"] in CHECKS:
            is_reported = row["rule"] in {name for name, _ in reported(row["dockerfile"])}
            if is_reported != (row["expected"]["label"] == "bad"):
                differences.append(row["name"])

    assert differences == []
