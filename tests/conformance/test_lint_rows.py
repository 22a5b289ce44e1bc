"""What BuildKit's checks report, row by row and on real files, and rows of single rules."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import lint_corpus
import run
import unit_lint

CHECKS = {
    check for checks in unit_lint.checks_by_rule(Session().names).values() for check in checks
}

#: Probes in which we differ on purpose, and why.
DEFENDED = {
    "Clean-3": "`ONBUILD WORKDIR x` is relative to what a base image says, as WORKDIR is",
    "UndefinedVar-4": "a name that is unset in two words of an instruction is reported once",
    "JSONArgsRecommended-4": "CMD and ENTRYPOINT without a word have no form",
    "Clean-16": "ONBUILD leaves the secret in every image that is built on this one",
    "SecretsUsedInArgOrEnv-2": "recorded by a BuildKit that did not yet exempt `…_FILE`",
    "CopyIgnoredFile-2": "a build decides: `d` is copied for `d/e.txt`, `./b.txt` is not there",
}


def rows_with_rules(path):
    """The rows of a file whose checks are rules of ours."""
    rows = []
    for row in run.rows_of(path):
        wanted = {one["rule"] for one in row["expected"].get("warnings", ())} | {row.get("rule")}
        if wanted - {None} <= CHECKS:
            rows.append(row)
    return rows


def differences(rows):
    found = {row["name"]: run.check_row(row, HERE, None) for row in rows}
    return {name: difference for name, difference in found.items() if difference is not None}


@pytest.mark.parametrize(("name", "least"), [("lint_check", 25), ("lint_doc_examples", 22)])
def test_rows_of_buildkit_agree_where_the_rule_is_there(shared, name, least):
    rows = rows_with_rules(shared / "oracle" / "buildkit-units-dev" / f"{name}.jsonl")

    assert len(rows) >= least
    assert differences(rows) == {}


def test_probes_put_to_buildkit_agree_or_differ_on_purpose():
    rows = rows_with_rules(HERE / "lint_probes.jsonl")

    assert len(rows) >= 80
    assert differences(rows).keys() == DEFENDED.keys()


def test_checks_of_buildkit_are_reported_in_real_files_and_little_else(shared):
    found = lint_corpus.agreements(shared)
    of_rules = {check: one for check, one in found.items() if check in CHECKS}

    assert len(of_rules) >= 14
    for check, one in of_rules.items():
        assert one.recall >= 0.99, (check, one.theirs)
        # Of secrets we report those that ONBUILD and more spellings hide.
        least = 0.97 if check == "SecretsUsedInArgOrEnv" else 0.99
        assert one.precision >= least, (check, one.ours)


def lint_row(dockerfile, *warnings, **more):
    expected = {"warnings": [{"rule": rule, "line": line} for rule, line in warnings]}
    expected |= {key: more.pop(key) for key in list(more) if key.startswith("build_error")}
    return {"suite": "lint-check", "dockerfile": dockerfile, "expected": expected, **more}


ARG = "build-arg:BUILDKIT_DOCKERFILE_CHECK"
CASING = ("FromAsCasing", 2)
FILE = "# check=skip=FromAsCasing\nFROM scratch as b\nMAINTAINER me\n"


@pytest.mark.parametrize(
    "row",
    [
        lint_row("FROM scratch\nCOPY \\\n  $x /\n", ("UndefinedVar", 2)),
        lint_row("FROM scratch as b\n# hadolint ignore=DL4000\nMAINTAINER me\n",
                 ("FromAsCasing", 1), ("MaintainerDeprecated", 3)),
        lint_row(FILE, ("MaintainerDeprecated", 3)),
        lint_row(FILE, CASING, attrs={ARG: "skip=MaintainerDeprecated;error=true"}),
        lint_row(FILE, attrs={ARG: "skip=all"}),
        lint_row(FILE, CASING, ("MaintainerDeprecated", 3), attrs={ARG: "error=true"},
                 build_error="lint violation found for rules: FromAsCasing"),
        lint_row("FROM $A\nENV a b\nFROM $B\n", ("UndefinedArgInFrom", 1),
                 ("InvalidDefaultArgInFrom", 1), build_error="base name …", build_error_line=1),
        lint_row("FROM a\nENV a b\nCOPY --x=1 y z\n", build_error_line=3,
                 build_error="dockerfile parse error on line 3: unknown flag: --x"),
    ],
)  # fmt: skip
def test_rows_are_read_as_buildkit_reads_them(row):
    assert run.check_row(row, HERE, None) is None


@pytest.mark.parametrize(
    "row",
    [
        lint_row("FROM scratch\nENV a b\n"),
        lint_row("FROM scratch\nENV a b\n", ("LegacyKeyValueFormat", 1)),
        lint_row("FROM scratch\nEXPOSE 1/TCP 2/TCP\n", ("ExposeProtoCasing", 2)),
        lint_row(FILE, ("MaintainerDeprecated", 3), attrs={ARG: "error=true"}),
        lint_row("FROM scratch\nENV a b\n", build_error="lint violation found for rules: X"),
        lint_row("FROM scratch\nENV a b\nCOPY --from=A: b c\n", build_error="failed to parse …",
                 build_error_line=3),
    ],
)  # fmt: skip
def test_rows_that_expect_something_else_differ(row):
    assert "dflint alone" in run.check_row(row, HERE, None)


def test_a_row_that_contradicts_buildkit_has_no_verdict_and_an_example_the_other():
    row = lint_row("FROM scratch\n", ("UndefinedVar", 1), known_divergence="wrong")
    example = {"suite": "lint-doc-example", "rule": "DuplicateStageName", "fragment": True,
               "dockerfile": "ENV A=1\n", "expected": {"label": "bad"}}  # fmt: skip

    assert run.check_row(row, HERE, None) == "skip"
    assert "expected hit" in run.check_row(example, HERE, None)
    assert run.check_row({**example, "known_divergence": "it is good"}, HERE, None) is None


def rule_row(rule, dockerfile, expect, **more):
    return {"rule": rule, "dockerfile": dockerfile, "expect": expect, **more}


@pytest.mark.parametrize(
    "row",
    [
        rule_row("DL4000", "MAINTAINER me\n", "hit", count=1),
        rule_row("MaintainerDeprecated", "FROM a\n", "clean", count=0),
        rule_row("stage-name-casing", "FROM a AS B\nFROM a AS C\n", "hit", count=2),
        rule_row("DL4000", "FROM a\n# hadolint ignore=DL4000\nMAINTAINER me\n", "clean"),
        rule_row("undefined-variable", "FROM a\nUSER $NB\n", "clean"),
        rule_row("UndefinedVar", "FROM a\nUSER $NB\n", "hit"),
        rule_row("UndefinedVar", "FROM a\nUSER $NB\n", "hit", options={"unknown-bases": True}),
        rule_row("JSONArgsRecommended", "CMD exec a $B\n", "hit", options={"include-exec": True}),
        rule_row("UndefinedVar", "FROM a\nUSER $NB\n", "hit",
                 config={"rules": {"undefined-variable": {"unknown-bases": True}}}),
    ],
)  # fmt: skip
def test_rules_answer_to_every_name(row):
    assert run.check_row(row, HERE, None) is None


@pytest.mark.parametrize(
    ("row", "difference"),
    [
        (rule_row("DL9999", "FROM a\n", "clean"), "no rule of ours is called DL9999"),
        (rule_row("DL4000", "FROM a\n", "hit"), "expected hit"),
        (rule_row("DL4000", "MAINTAINER me\n", "clean"), "reports lines [1]"),
        (rule_row("DL4000", "MAINTAINER me\n", "hit", count=2), "expected 2 findings"),
    ],
)
def test_a_rule_that_does_not_answer_is_told_and_fails(tmp_path, row, difference):
    file = tmp_path / "rules.jsonl"
    file.write_text(json.dumps(row) + "\n")
    out = io.StringIO()

    assert run.run([file], None, out) == 1
    assert difference in out.getvalue()


def test_the_configuration_of_a_row_is_ours():
    row = rule_row(
        "DL3006", "FROM a\n", "hit", trusted_registries=["a.io"], config={"engine": "classic"}
    )
    names = Session().names
    config = unit_lint.row_config(row, tuple(sorted(names.rules("DL3006"))), names)

    assert config.engine == "classic"
    assert config.trusted_registries == ("a.io",)
    assert config.select == ("DL3006",)
    assert config.rules == Config().rules
