"""The rules against the cases of BuildKit's own checks."""

from __future__ import annotations

import json

import dflint_rules
from dflint.context.build_context import BuildContext, IgnoreFile
from dflint.lint.document import Document, Settings
from dflint.text.source import Source

#: The checks of BuildKit that the rules cover.
CHECKS = (
    "CopyIgnoredFile",
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
#: `*/tmp/*` does not match `tmp/helloworld.txt`: BuildKit copies the file.
WRONG_EXAMPLES = ("CopyIgnoredFile-0-bad",)


def reported(source, ignored=None):
    context = BuildContext(lambda: ignored and IgnoreFile(".dockerignore", ignored))
    doc = Document(Source("Dockerfile", source.encode()), Settings(context=context))
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
        ours = reported(row["dockerfile"], row.get("dockerignore"))
        if theirs != ours:
            differences.append((row["name"], theirs, ours))

    assert differences == []


def test_rules_tell_the_bad_from_the_good_examples_of_buildkit(shared):
    differences = []
    for row in rows(shared, "lint_doc_examples.jsonl"):
        if row["rule"] in CHECKS and row["name"] not in WRONG_EXAMPLES:
            found = reported(row["dockerfile"], row.get("dockerignore"))
            is_reported = row["rule"] in {name for name, _ in found}
            if is_reported != (row["expected"]["label"] == "bad"):
                differences.append(row["name"])

    assert differences == []
