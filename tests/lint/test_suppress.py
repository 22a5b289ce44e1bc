"""Comments that silence rules."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.cst.parser.build import parse
from dflint.engine.session import Session
from dflint.lint.registry import find_rules
from dflint.lint.select import names_of
from dflint.lint.suppress import Suppressions
from dflint.text.source import Source


def check(text, **overrides):
    config = Config(select=("maintainer-deprecated", "multiple-cmd", "unused-suppression"))
    return Session().check(Source("Dockerfile", text.encode()), config.with_overrides(**overrides))


def rules(text):
    return [finding.rule for finding in check(text).findings]


@pytest.mark.parametrize(
    "comment",
    [
        "# dflint: ignore=maintainer-deprecated",
        "# dflint: ignore=maintainer-deprecated because we like it",
        "#dflint:ignore=DL4000",
        "# dflint: ignore=multiple-cmd, MaintainerDeprecated reason",
        "# dflint: ignore=all",
        "# dflint: ignore",
        "# hadolint ignore=DL4000",
        "# hadolint ignore=DL3008,DL4000",
        "# hadolint global ignore=DL4000",
        "# dflint: ignore-file=DL4000",
    ],
)
def test_comment_above_the_instruction_silences_it(comment):
    report = check(f"FROM a\n{comment}\nMAINTAINER me\n")

    assert [one.rule for one in report.suppressed] == ["maintainer-deprecated"]
    assert "maintainer-deprecated" not in [one.rule for one in report.findings]
    assert report.suppressed[0].suppressed_by == comment


def test_comment_inside_a_continuation_silences_its_instruction():
    text = "FROM a\nMAINTAINER \\\n# dflint: ignore=DL4000\n  me\n"

    assert rules(text) == []


@pytest.mark.parametrize(
    "comment",
    ["# dflint: ignore=multiple-cmd", "# hadolint ignore=DL3008", "# ignore=DL4000", "# dflint: x"],
)
def test_other_comments_silence_nothing(comment):
    assert "maintainer-deprecated" in rules(f"FROM a\n{comment}\nMAINTAINER me\n")


def test_comment_above_another_instruction_silences_nothing():
    text = "# hadolint ignore=DL4000\nFROM a\nMAINTAINER me\n"

    assert rules(text) == ["maintainer-deprecated"]


def test_file_wide_comment_may_stand_anywhere():
    text = "FROM a\nMAINTAINER me\nMAINTAINER you\n# dflint: ignore-file=DL4000\n"

    assert rules(text) == []


def test_comment_like_line_in_a_heredoc_silences_nothing():
    text = "FROM a\nRUN <<E\n# dflint: ignore-file=DL4000\nE\nMAINTAINER me\n"

    assert rules(text) == ["maintainer-deprecated"]


def test_check_directive_skips_rules_by_their_buildkit_names():
    assert rules("# check=skip=MaintainerDeprecated\nFROM a\nMAINTAINER me\n") == []
    assert rules("# check=skip=all\nFROM a\nMAINTAINER me\n") == []
    assert rules("# check=skip=Foo\nFROM a\nMAINTAINER me\n") == ["maintainer-deprecated"]


def test_check_directive_makes_what_buildkit_finds_an_error():
    report = check("# check=error=true\nFROM a\nMAINTAINER me\n")

    assert [one.severity.label for one in report.findings] == ["error"]


def test_suppression_that_silences_nothing_is_reported_at_the_name():
    report = check("FROM a\n# dflint: ignore=multiple-cmd,DL4000\nMAINTAINER me\n")

    (finding,) = report.findings
    assert finding.rule == "unused-suppression"
    line = finding.source_line
    assert line[finding.place.column - 1 : finding.place.end_column - 1] == "multiple-cmd"


def test_unknown_rule_in_a_suppression_is_reported_with_the_nearest_name():
    report = check("FROM a\n# dflint: ignore=multiple-cmds\nRUN x\n")

    (finding,) = report.findings
    assert finding.rule == "unused-suppression"
    assert "did you mean `multiple-cmd`" in finding.message


def test_unused_suppressions_of_other_tools_are_left_alone():
    assert rules("FROM a\n# hadolint ignore=DL4000\nRUN x\n") == []


def test_shellcheck_comments_are_kept_with_their_reach():
    text = "FROM a\n# shellcheck disable=SC2086,SC2046\nRUN x\nRUN y\n"
    tree = parse(text)
    names = names_of(find_rules())

    (found,) = Suppressions(tree, text, names, frozenset()).all

    assert (found.tool, found.names) == ("shellcheck", ("SC2086", "SC2046"))
    assert found.reach.slice(text) == "# shellcheck disable=SC2086,SC2046\nRUN x\n"


def test_skip_all_of_the_check_directive_leaves_what_is_no_check_of_buildkit():
    text = "# check=skip=all\nFROM a\n# dflint: ignore=DL4003\nRUN x\n"

    assert rules(text) == ["unused-suppression"]


@pytest.mark.parametrize("comment", ["# dflint: ignore", "# hadolint ignore=DL1001"])
def test_no_comment_silences_the_rule_that_bans_comments(comment):
    report = check(f"FROM a:1\n{comment}\nRUN x\n", select=("inline-ignore-banned",))

    assert [(one.rule, one.place.line) for one in report.findings] == [("inline-ignore-banned", 2)]


@pytest.mark.parametrize(
    "above",
    [
        "# check=skip=MaintainerDeprecated\n",
        "#check = skip=Foo,MaintainerDeprecated;error=true\n# more\n  ",
        "# check=skip=all\n",
    ],
)
def test_check_comment_above_an_instruction_skips_checks_for_it_alone(above):
    report = check(f"FROM a\n{above}MAINTAINER me\nMAINTAINER you\n")

    assert [one.place.line for one in report.suppressed] == [1 + above.count("\n") + 1]
    assert [one.severity.label for one in report.findings] == ["warning"]


@pytest.mark.parametrize(
    "above",
    ["# check=skip=MaintainerDeprecated\n\n", "# check=skip=Foo\n", "# check skip=all\n"],
)
def test_check_comment_elsewhere_or_of_other_rules_skips_nothing(above):
    assert rules(f"FROM a\n{above}MAINTAINER me\n") == ["maintainer-deprecated"]


def test_check_comments_do_not_skip_what_the_builder_refuses():
    config = Config(select=("invalid-image-reference",))
    for skip in ("all", "InvalidDefaultArgInFrom"):
        text = f"# check=skip={skip}\nFROM Alpine\n"
        report = Session().check(Source("Dockerfile", text.encode()), config)

        assert [one.rule for one in report.findings] == ["invalid-image-reference"]
