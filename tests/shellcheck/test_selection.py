"""ShellCheck's codes are selected and silenced as our own rules are."""

from __future__ import annotations

import json

import pytest

from dflint.cli.main import main
from dflint.config.load import load_config
from dflint.config.patterns import PatternList
from dflint.errors import ConfigError
from dflint.lint.finding import Severity
from dflint.lint.registry import find_rules
from dflint.lint.select import Selection, names_of
from dflint.lint.shell_codes import ShellCodes

TEXT = "FROM a\nRUN x=$(cat y) && ls $x $(cat y)\n"
BOTH = ["SC2046", "SC2086"]


def codes(result):
    return sorted(one.rule for one in result.findings if one.rule.startswith("SC"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"select": None}, BOTH),
        ({"select": ("SC2086",)}, ["SC2086"]),
        ({"select": ("SC2*",)}, BOTH),
        ({"select": ("shell",)}, BOTH),
        ({"select": ("ALL",)}, BOTH),
        ({"select": ("latest-tag",)}, []),
        ({"select": ("latest-tag",), "extend_select": ("SC2046",)}, ["SC2046"]),
        ({"ignore": ("SC2046",)}, ["SC2086"]),
        ({"ignore": ("SC20*",)}, []),
        ({"select": None, "ignore": ("SC*",)}, []),
        ({"select": None, "ignore": ("shell",)}, []),
        ({"select": None, "shellcheck": False}, []),
        ({"select": None, "shellcheck": True}, BOTH),
        ({"severity_threshold": Severity.WARNING}, ["SC2046"]),
    ],
)
def test_selection(report, shellcheck, settings, expected):
    assert codes(report(TEXT, **settings)) == expected


def test_codes_that_are_off_are_on_when_selected(report, shellcheck):
    text = "FROM a\nRUN . ./x; echo '$x'\n"

    assert codes(report(text, select=None)) == []
    assert codes(report(text, select=None, extend_select=("SC1091",))) == ["SC1091"]
    assert codes(report(text, select=("shell",))) == ["SC1091", "SC2016"]


def test_severities(report, shellcheck):
    levels = {one.rule: one.severity for one in report(TEXT).findings}
    assert levels == {"SC2046": Severity.WARNING, "SC2086": Severity.INFO}

    result = report(TEXT, severity={"SC2086": Severity.ERROR})
    assert {one.rule: one.severity for one in result.findings}["SC2086"] == Severity.ERROR


def test_files_can_have_codes_ignored(report, shellcheck, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ignores = ((PatternList.of(("Dockerfile",), str(tmp_path)), ("SC2046",)),)

    assert codes(report(TEXT, per_file_ignores=ignores)) == ["SC2086"]


@pytest.mark.parametrize(
    "comment",
    [
        "# shellcheck disable=SC2086",
        "# shellcheck disable=2086",
        "# shellcheck disable=SC2080-SC2090",
        "# shellcheck disable=SC2086,SC1000 # for a reason",
        "# hadolint ignore=SC2086",
        "# hadolint global ignore=SC2086",
        "# dflint: ignore=SC2086",
        "# dflint: ignore=SC208*",
        "# dflint: ignore-file=SC2086",
    ],
)
def test_comments_silence_them(report, shellcheck, comment):
    above = TEXT.replace("RUN", f"{comment}\nRUN")
    inside = TEXT.replace("&& ", f"&& \\\n  {comment}\n  ")

    assert codes(report(above)) == ["SC2046"]
    assert codes(report(inside)) == ["SC2046"]
    assert [one.rule for one in report(above).suppressed] == ["SC2086"]


def test_comments_in_heredocs_are_shellchecks_own(report, shellcheck):
    text = "FROM a\nRUN <<EOF\n# shellcheck disable=SC2086\nls $x\nls $(cat y)\nEOF\n"

    assert codes(report(text)) == ["SC2046", "SC2154"]


def unused(result):
    return [one.message for one in result.findings if one.rule == "unused-suppression"]


def test_a_suppression_that_silences_nothing_is_reported(report, shellcheck):
    select = ("SC*", "unused-suppression")
    comment = "# dflint: ignore=SC2086,SC2999,SC3*\n"

    (first, second) = unused(report(TEXT.replace("RUN", f"{comment}RUN"), select=select))
    assert first.startswith("`SC2999` reports nothing here")
    assert second.startswith("`SC3*` reports nothing here")


def test_no_suppression_is_called_unused_where_nobody_looked(report, fake):
    text = "FROM a\n# dflint: ignore=SC2086\nRUN ls\n# dflint: ignore\nRUN pwd\n"
    select = ("SC*", "unused-suppression")
    absent = {"shellcheck_path": "/nowhere/shellcheck"}

    assert unused(report(text, select=select, **absent)) == []
    assert unused(report(text, select=select, shellcheck_path=fake("kill -9 $$"))) == []
    # Turned off, it is as with a rule that is off; and without scripts nothing can be found.
    assert unused(report(text, select=select, shellcheck=False)) == [
        "this suppression silences nothing: remove it"
    ]
    text = "FROM a\n# dflint: ignore=SC2086\nUSER x\n"
    assert len(unused(report(text, select=select, **absent))) == 1


def test_what_is_not_asked_for_is_not_called_unused(report, shellcheck):
    text = "FROM a\n# dflint: ignore=SC2046\nRUN ls\n"

    assert unused(report(text, select=("SC2086", "unused-suppression"))) == []


@pytest.mark.parametrize(
    ("selection", "is_empty", "is_explicit"),
    [
        (Selection(), False, False),
        (Selection(select=("latest-tag",)), True, False),
        (Selection(select=("ALL",)), False, False),
        (Selection(select=("shell",)), False, True),
        (Selection(extend_select=("SC1091",)), False, True),
        (Selection(ignore=("SC*",)), True, False),
        (Selection(ignore=("SC2*",)), False, False),
    ],
)
def test_whether_anything_is_asked_for(selection, is_empty, is_explicit):
    asked = ShellCodes(selection)

    assert (asked.is_empty, asked.is_explicit) == (is_empty, is_explicit)


def test_the_category_is_a_selector():
    assert names_of(find_rules()).problem("shell") is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", (None, None)),
        ('shellcheck = "auto"', (None, None)),
        ("shellcheck = true", (True, None)),
        ("shellcheck = false", (False, None)),
        ('shellcheck-path = "sc"', (None, "sc")),
        ('shellcheck-path = "bin/sc"', (None, "{folder}/bin/sc")),
        ('shellcheck-path = "/bin/sc"', (None, "/bin/sc")),
    ],
)
def test_configuration(tmp_path, line, expected):
    file = tmp_path / "dflint.toml"
    file.write_text(line)

    config = load_config(str(file))

    path = expected[1] and expected[1].format(folder=tmp_path.resolve())
    assert (config.shellcheck, config.shellcheck_path) == (expected[0], path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('shellcheck = "yes"', "expected `auto`, true or false"),
        ("shellcheck = 1", "expected `auto`, true or false"),
        ("shellcheck-path = true", "expected a path"),
        ('shellcheck-path = ""', "expected a path"),
    ],
)
def test_wrong_configuration(tmp_path, line, message):
    file = tmp_path / "dflint.toml"
    file.write_text(line)

    with pytest.raises(ConfigError, match=message):
        load_config(str(file))


def test_a_code_has_a_page_that_says_whose_it_is(capsys):
    assert main(["rule", "SC2086", "SC2016"]) == 0

    page = capsys.readouterr().out
    assert "What ShellCheck says" in page
    assert "https://www.shellcheck.net/wiki/SC2086" in page
    assert "off by default" in page.partition("# SC2016")[2]


@pytest.mark.parametrize("name", ["SC2*", "shell"])
def test_many_codes_have_no_page(capsys, name):
    assert main(["rule", name]) == 2
    assert "many codes of ShellCheck" in capsys.readouterr().err


def test_reports_tell_where_a_code_is_explained(tmp_path, monkeypatch, capfdbinary, shellcheck):
    (tmp_path / "Dockerfile").write_text(TEXT)
    monkeypatch.chdir(tmp_path)

    main(["check", "--select", "SC2086", "--output-format", "sarif", "-o", "out.sarif"])

    report = json.loads((tmp_path / "out.sarif").read_text())
    (rule,) = report["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://www.shellcheck.net/wiki/SC2086"
