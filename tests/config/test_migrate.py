"""Rewriting hadolint's configuration."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import tomli

from dflint.config.load import load_config
from dflint.config.migrate import migrate
from dflint.errors import ConfigError
from dflint.lint.finding import Severity
from dflint.lint.names import RuleNames

KNOWN = RuleNames(frozenset(("latest-tag",)), {"DL3007": frozenset(("latest-tag",))}, {}, {})

FULL = """\
failure-threshold: warning
# these are for later
ignored:
  - DL3007 # the mirror only has this tag
  # first
  # second
  - SC2086
  - DL9999
trustedRegistries:
  - docker.io
  - "*.example.com"
override:
  error: [DL3007, SC1090]
  style:
    - DL9998
label-schema:
  author: text
  org.opencontainers.image.version: semver
strict-labels: true
disable-ignore-pragma: false
no-color: true
format: json
mystery: {a: [b]}
"""

MIGRATED = """\
# Migrated from a configuration of hadolint
# these are for later
ignore = [
    "DL3007",  # the mirror only has this tag
    # first
    # second
    "SC2086",
    # "DL9999", no rule here is known by it
]
fail-on = "warning"
trusted-registries = ["docker.io", "*.example.com"]
strict-labels = true

[severity]
"DL3007" = "error"
"SC1090" = "error"
# no rule here is known by it: "DL9998" = "style"

[label-schema]
"author" = "text"
"org.opencontainers.image.version" = "semver"

# What has no counterpart:
# `disable-ignore-pragma` (line 20): comments that suppress findings are always read
# `no-color` (line 21): colour is chosen on the command line, or by the variable NO_COLOR
# `format` (line 22): the form of the output is chosen on the command line
# `mystery` (line 23): no such key is known of hadolint
"""


def test_whole_configuration_is_rewritten() -> None:
    assert migrate(FULL, known=KNOWN) == MIGRATED


def test_result_is_a_configuration_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "dflint.toml"
    path.write_text(migrate(FULL, known=KNOWN))

    config = load_config(os.fspath(path), lambda: KNOWN)

    assert config.ignore == ("DL3007", "SC2086")
    assert config.severity == {"latest-tag": Severity.ERROR, "SC1090": Severity.ERROR}
    assert config.fail_on is Severity.WARNING


def test_without_known_names_every_code_is_kept() -> None:
    assert tomli.loads(migrate(FULL))["ignore"] == ["DL3007", "SC2086", "DL9999"]


@pytest.mark.parametrize(
    ("text", "fail_on"),
    [
        ("", "info"),
        ("ignored: []", "info"),
        ("failure-threshold: error", "error"),
        ("failure-threshold: style", "style"),
        ("failure-threshold: ignore", "style"),
        ("failure-threshold: none", "style"),
        ("failure-threshold: error\nno-fail: true", "none"),
        ("failure-threshold: error\nno-fail: false", "error"),
    ],
)
def test_run_fails_when_hadolint_fails(text: str, fail_on: str) -> None:
    assert tomli.loads(migrate(text))["fail-on"] == fail_on


def test_strings_survive_quoting() -> None:
    text = 'label-schema:\n  \'a"b\\c\': text\n  "d\\te": url\n'

    assert tomli.loads(migrate(text))["label-schema"] == {'a"b\\c': "text", "d\te": "url"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "line 1: expected `key: value`"),
        ("ignored: DL3007", "ignored: line 1: expected a list of strings"),
        ("ignored:\n  - [a]", "ignored: line 2: expected a list of strings"),
        ("failure-threshold: fatal", "expected one of `error`, `warning`, `info`, `style`"),
        ("strict-labels: yes", "strict-labels: line 1: expected `true` or `false`"),
        ("no-fail: 'true'", "no-fail: line 1: expected `true` or `false`"),
        ("override: [a]", "override: line 1: expected keys with values"),
        ("override: {error: DL1}", "override.error: line 1: expected a list of strings"),
        ("label-schema: {a: raw}", "label-schema.a: line 1: expected one of `text`"),
        ("ignored: &x []", "line 1: an anchor is not read here"),
        ("# \udcff", "is not UTF-8"),
    ],
)
def test_what_is_no_configuration_of_hadolint_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        migrate(text)

    assert message in str(caught.value)
