"""Presets: which rules and codes they take."""

from __future__ import annotations

import pytest

from dflint.cli.options import CHECK
from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.lint.finding import Severity
from dflint.lint.presets import PRESETS, takes
from dflint.lint.registry import find_rules
from dflint.lint.select import Selection, select_rules
from dflint.lint.shell_codes import ShellCodes
from dflint.text.source import Source

ENTRIES = find_rules()
FILE = b"FROM a\nMAINTAINER me\nRUN curl -k https://b.org | sh\nSTOPSIGNAL x\n"


def chosen(preset, **more):
    return {entry.name for entry, _ in select_rules(ENTRIES, Selection(preset=preset, **more))}


def test_default_is_what_runs_without_a_preset():
    assert chosen("default") == {name for name, entry in ENTRIES.items() if entry.default}


def test_minimal_takes_errors_only():
    rules = chosen("minimal")

    assert {"unknown-instruction", "invalid-port"} <= rules < chosen("default")
    assert {ENTRIES[name].severity for name in rules} == {Severity.ERROR}


def test_security_takes_the_whole_category_and_nothing_else():
    rules = chosen("security")

    assert {"root-user", "missing-user", "secret-literal"} <= rules
    assert {ENTRIES[name].category for name in rules} == {"security"}


def test_strict_takes_more_than_default_but_no_taste():
    rules = chosen("strict")

    assert chosen("default") | chosen("security") < rules
    assert {"latest-tag", "digest-pin", "curl-fail"} <= rules
    assert rules.isdisjoint({"max-lines", "label-order", "missing-healthcheck", "cache-mount"})


def test_lists_add_to_a_preset_and_take_away():
    rules = chosen("minimal", extend_select=("latest-tag",), ignore=("invalid-port",))

    assert "latest-tag" in rules
    assert "invalid-port" not in rules
    assert chosen("security", select=("latest-tag",)) == {"latest-tag"}


def test_unknown_preset_is_an_error():
    with pytest.raises(ValueError, match="no preset"):
        takes("lax", ENTRIES["latest-tag"])


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_codes_of_shellcheck(preset):
    is_wanted = preset in ("default", "strict")

    assert ShellCodes(Selection(preset=preset)).takes("SC2086") is is_wanted
    assert ShellCodes(Selection(preset=preset)).is_empty is not is_wanted
    assert ShellCodes(Selection(preset=preset, extend_select=("SC2086",))).takes("SC2086")


@pytest.mark.parametrize(
    ("preset", "reported", "silent"),
    [
        ("default", {"maintainer-deprecated", "curl-insecure", "invalid-signal"}, {"missing-user"}),
        ("security", {"curl-insecure", "missing-user"}, {"maintainer-deprecated"}),
        ("minimal", {"invalid-signal"}, {"maintainer-deprecated", "curl-insecure"}),
        ("strict", {"maintainer-deprecated", "missing-user", "curl-fail"}, {"label-order"}),
    ],
)
def test_session_reports_what_the_preset_takes(preset, reported, silent):
    report = Session().check(Source("Dockerfile", FILE), Config(preset=preset))
    rules = {finding.rule for finding in report.findings}

    assert reported <= rules
    assert rules.isdisjoint(silent)


def test_command_line_begins_anew_but_keeps_what_is_ignored():
    config = Config(select=("a",), extend_select=("b",), ignore=("c",), preset="minimal")

    chosen = config.with_overrides(preset="strict")

    assert (chosen.preset, chosen.select) == ("strict", None)
    assert (chosen.extend_select, chosen.ignore) == (("b",), ("c",))
    assert config.with_overrides(ignore=("d",)).preset == "minimal"


def test_option_and_key_have_the_same_names():
    option = next(option for option in CHECK.options if option.name == "--preset")

    assert option.choices == tuple(PRESETS)
