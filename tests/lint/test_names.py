"""Names by which rules are selected."""

from __future__ import annotations

import pytest

from dflint.lint.names import RuleNames, bare_id, is_buildkit_check

NAMES = RuleNames(
    frozenset(("a", "b")),
    {
        "DL3007": frozenset(("a",)),
        "UndefinedVar": frozenset(("b",)),
        "DS-0001": frozenset(("a",)),
        "S6471": frozenset(("a", "b")),
        "tally/max-lines": frozenset(("b",)),
    },
    {},
    {},
)


@pytest.mark.parametrize(
    ("selector", "rules"),
    [
        ("hadolint/DL3007", {"a"}),
        ("buildkit/UndefinedVar", {"b"}),
        ("AVD-DS-0001", {"a"}),
        ("docker:S6471", {"a", "b"}),
        ("tally/max-lines", {"b"}),
        ("max-lines", set()),
        ("tally/*", {"b"}),
        ("hadolint/DL9999", set()),
    ],
)
def test_ids_are_known_with_what_other_tools_put_before_them(selector, rules):
    assert NAMES.expand(selector) == rules
    assert (NAMES.problem(selector) is None) == bool(rules)


def test_prefix_is_taken_off_once():
    assert bare_id("hadolint/buildkit/X") == "buildkit/X"
    assert bare_id("tally/x") == "tally/x"


@pytest.mark.parametrize(
    "alias", ["DL3007", "SC2086", "S6471", "DS-0001", "INVALID_PORT", "curlUse"]
)
def test_ids_of_others_are_no_checks_of_buildkit(alias):
    assert not is_buildkit_check(alias)
    assert is_buildkit_check("UndefinedVar")
