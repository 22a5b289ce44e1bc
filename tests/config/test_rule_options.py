"""Options of rules, and the names by which rules are selected."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.lint.names import RuleNames, is_shellcheck_code
from dflint.lint.options import OptionSpec, validate_option
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.options import OptionType, OptionValue

NAMES = RuleNames(
    frozenset(("latest-tag", "cd-in-run")),
    {
        "DL3007": frozenset(("latest-tag",)),
        "DL3003": frozenset(("cd-in-run",)),
        "WorkdirCd": frozenset(("cd-in-run", "latest-tag")),
    },
    {"cache": frozenset(("cd-in-run",))},
    {},
)


@pytest.mark.parametrize(
    ("type_", "value", "result"),
    [
        ("bool", True, True),
        ("int", 3, 3),
        ("str", "a", "a"),
        ("list[str]", ["a", "b"], ("a", "b")),
        ("list[str]", [], ()),
    ],
)
def test_fitting_value_is_taken(type_: OptionType, value: object, result: OptionValue) -> None:
    assert validate_option(OptionSpec("o", type_, "", "", ()), value) == result


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("bool", 1, "expected true or false, found `1`"),
        ("int", True, "expected an integer, found `true`"),
        ("int", 1.5, "expected an integer, found `1.5`"),
        ("str", ["a"], "expected a string, found a list"),
        ("list[str]", "a", 'expected a list of strings, found `"a"`'),
        ("list[str]", [1], "expected a list of strings, found `1` in it"),
        ("list[str]", {}, "expected a list of strings, found a table"),
    ],
)
def test_other_value_is_refused_with_what_is_expected(
    type_: OptionType, value: object, message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        validate_option(OptionSpec("o", type_, ""), value)

    assert str(caught.value) == message


@pytest.mark.parametrize("type_", ["str", "list[str]"])
def test_choices_are_the_only_values(type_: OptionType) -> None:
    spec = OptionSpec("o", type_, "a", "", ("a", "b"))

    validate_option(spec, "b" if type_ == "str" else ["a", "b"])
    with pytest.raises(ValueError, match="`c` is not one of `a`, `b`"):
        validate_option(spec, "c" if type_ == "str" else ["a", "c"])


@pytest.mark.parametrize(
    ("selector", "rules"),
    [
        ("latest-tag", {"latest-tag"}),
        ("DL3007", {"latest-tag"}),
        ("WorkdirCd", {"cd-in-run", "latest-tag"}),
        ("cache", {"cd-in-run"}),
        ("ALL", {"latest-tag", "cd-in-run"}),
        ("DL3*", {"latest-tag", "cd-in-run"}),
        ("cd-*", {"cd-in-run"}),
        ("*", {"latest-tag", "cd-in-run"}),
        ("DL9*", set()),
        ("dl3007", set()),
        ("SC2086", set()),
    ],
)
def test_selector_expands_to_rules(selector: str, rules: set[str]) -> None:
    assert NAMES.expand(selector) == rules


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SC2086", True),
        ("SC*", True),
        ("SC20*", True),
        ("SC2086*", True),
        ("SC20", False),
        ("SC", False),
        ("SC20861", False),
        ("SCabcd", False),
        ("DL3007", False),
    ],
)
def test_codes_of_shellcheck_are_told_apart(code: str, expected: bool) -> None:
    assert is_shellcheck_code(code) is expected
    assert (NAMES.problem(code) is None) is (expected or code == "DL3007")


TEXT = b"FROM a\nUSER $NB_UID\n"


@pytest.mark.parametrize(
    ("config", "count"),
    [
        (Config(), 0),
        (Config(select=("undefined-variable",)), 0),
        (Config(select=("UndefinedVar",)), 1),
        (Config(extend_select=("UndefinedVar",)), 1),
        (
            Config(
                select=("UndefinedVar",), rules={"undefined-variable": {"unknown-bases": False}}
            ),
            0,
        ),
    ],
)
def test_rule_that_is_selected_by_a_tools_id_judges_as_that_tool(config, count):
    report = Session().check(Source("Dockerfile", TEXT), config)

    assert [one.rule for one in report.findings] == ["undefined-variable"] * count
