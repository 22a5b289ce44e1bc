"""Reading configuration files: values, and what is said of mistakes."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from dflint.config.load import load_config
from dflint.config.schema import Config
from dflint.errors import ConfigError
from dflint.lint.finding import Severity
from dflint.lint.names import RuleNames
from dflint.lint.options import OptionSpec

NAMES = RuleNames(
    names=frozenset(("latest-tag", "cd-in-run", "maintainer-deprecated")),
    aliases={
        "DL3007": frozenset(("latest-tag",)),
        "DL4000": frozenset(("maintainer-deprecated",)),
        "Both": frozenset(("cd-in-run", "latest-tag")),
    },
    categories={"cache": frozenset(("cd-in-run",))},
    options={
        "latest-tag": (
            OptionSpec("allow", "list[str]", (), "images that may"),
            OptionSpec("mode", "str", "strict", "how", ("strict", "lax")),
            OptionSpec("depth", "int", 1),
            OptionSpec("deep", "bool", False),
        )
    },
)


def load(tmp_path: Path, text: str, name: str = "dflint.toml") -> Config:
    path = tmp_path / name
    path.write_text(text)
    return load_config(os.fspath(path), lambda: NAMES)


def complaint(tmp_path: Path, text: str, name: str = "dflint.toml") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, name)
    return caught.value


def test_empty_file_is_the_default_configuration(tmp_path: Path) -> None:
    config = load(tmp_path, "")

    expected = Config(path=os.fspath(tmp_path / "dflint.toml"))
    assert config == expected
    assert config.fail_on is Severity.STYLE
    assert config.engine == "buildkit"
    assert config.select is None


def test_every_key_is_read(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        """
        select = ["ALL"]
        extend-select = ["cache", "DL3*"]
        ignore = ["DL3007", "SC2086"]
        exclude = ["legacy/"]
        extend-exclude = ["vendor/"]
        include = ["*.docker"]
        fail-on = "warning"
        severity-threshold = "info"
        engine = "buildah"
        context = "../app"
        trusted-registries = ["docker.io", "ghcr.io/acme", "*.example.com"]
        strict-labels = true
        severity.DL4000 = "error"
        severity.cd-in-run = "off"
        rules.DL3007.allow = ["a", "b"]
        rules.latest-tag.depth = 3

        [per-file-ignores]
        "test/*" = ["cd-in-run"]

        [label-schema]
        version = "semver"
        """,
    )

    assert config.select == ("ALL",)
    assert config.extend_select == ("cache", "DL3*")
    assert config.ignore == ("DL3007", "SC2086", "cd-in-run")
    assert config.severity == {"maintainer-deprecated": Severity.ERROR}
    assert config.fail_on is Severity.WARNING
    assert config.severity_threshold is Severity.INFO
    assert config.engine == "buildah"
    assert config.trusted_registries == ("docker.io", "ghcr.io/acme", "*.example.com")
    assert config.strict_labels
    assert config.context == os.path.join(os.path.dirname(os.path.realpath(tmp_path)), "app")
    assert config.label_schema == {"version": "semver"}
    assert config.rules == {"latest-tag": {"allow": ("a", "b"), "depth": 3}}
    place = os.path.realpath(tmp_path)
    assert config.excludes(f"{place}/vendor", folder=True)
    assert config.excludes(f"{place}/x/legacy", folder=True)
    assert not config.excludes(f"{place}/node_modules", folder=True)
    assert config.includes(f"{place}/x/app.docker")


def test_per_file_ignores_hold_below_the_configuration_file(tmp_path: Path) -> None:
    config = load(tmp_path, '[per-file-ignores]\n"test/" = ["DL3007"]\n"/*.dev" = ["ALL"]\n')

    assert config.ignored_for(os.fspath(tmp_path / "a" / "test" / "b" / "Dockerfile")) == (
        "DL3007",
    )
    assert config.ignored_for(os.fspath(tmp_path / "test" / "Dockerfile.dev")) == ("DL3007",)
    assert config.ignored_for(os.fspath(tmp_path / "Dockerfile.dev")) == ("ALL",)
    assert config.ignored_for(os.fspath(tmp_path / "Dockerfile")) == ()


def test_severity_of_an_alias_is_that_of_all_its_rules(tmp_path: Path) -> None:
    config = load(tmp_path, 'severity.Both = "error"\nseverity.SC2086 = "off"')

    assert config.severity == {"cd-in-run": Severity.ERROR, "latest-tag": Severity.ERROR}
    assert config.ignore == ("SC2086",)


def test_fail_on_none_never_fails(tmp_path: Path) -> None:
    assert load(tmp_path, 'fail-on = "none"').fail_on is None


def test_settings_may_stand_in_pyproject(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.dflint]\nignore = ["DL3007"]\n'

    assert load(tmp_path, text, "pyproject.toml").ignore == ("DL3007",)


def test_pyproject_without_the_table_cannot_be_the_configuration(tmp_path: Path) -> None:
    assert complaint(tmp_path, "[project]\n", "pyproject.toml").key == "tool.dflint"


def test_byte_order_mark_and_carriage_returns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "dflint.toml"
    path.write_bytes(b'\xef\xbb\xbfengine = "classic"\r\n')

    assert load_config(os.fspath(path)).engine == "classic"


def test_rules_are_not_asked_for_without_selectors(tmp_path: Path) -> None:
    path = tmp_path / "dflint.toml"
    path.write_text('engine = "classic"\nignore = []\n[severity]\n[rules]\n')

    def fail() -> RuleNames:
        raise AssertionError

    assert load_config(os.fspath(path), fail).engine == "classic"


def test_configuration_crosses_a_process_boundary(tmp_path: Path) -> None:
    config = load(tmp_path, 'ignore = ["DL3007"]\nexclude = ["*.x"]\nseverity.DL4000 = "info"')
    config.excludes("/a.x")

    assert pickle.loads(pickle.dumps(config)) == config


@pytest.mark.parametrize(
    ("text", "key", "parts"),
    [
        ("selct = []", "selct", ["unknown key", "did you mean `select`?", "(line 1)"]),
        ("extend_select = []", "extend_select", ["did you mean `extend-select`?"]),
        ("\nfailure-threshold = 'x'", "failure-threshold", ["`fail-on`", "(line 2)"]),
        ("zzzz = 1", "zzzz", ["known keys are `preset`, `select`,"]),
        ("select = 'ALL'", "select", ['expected a list of strings, found `"ALL"`']),
        ("ignore = [1]", "ignore", ["expected a list of strings, found `1` in it"]),
        ("ignore = ['latest-tg']", "ignore", ["unknown rule `latest-tg`", "`latest-tag`?"]),
        ("ignore = ['dl3007']", "ignore", ["did you mean `DL3007`?"]),
        ("select = ['XY*']", "select", ["no rule's name or alias starts with `XY`"]),
        ("select = ['']", "select", ["unknown rule ``"]),
        ("fail-on = 'fatal'", "fail-on", ["one of `error`, `warning`, `info`, `style`, `none`"]),
        ("severity-threshold = 3", "severity-threshold", ["found `3`"]),
        ("engine = 'kaniko'", "engine", ["one of `buildkit`, `classic`, `buildah`"]),
        ("context = ['a']", "context", ["expected the path of a folder"]),
        ("context = ''", "context", ["expected the path of a folder, found"]),
        ("strict-labels = 'yes'", "strict-labels", ["expected true or false"]),
        ("severity = 'error'", "severity", ["expected a table"]),
        ("severity.cache = 'error'", "severity.cache", ["unknown rule `cache`"]),
        ("severity.DL4000 = 'of'", "severity.DL4000", ["did you mean `off`?"]),
        ("[severity]\n\nDL4000 = 1", "severity.DL4000", ["(line 3)"]),
        ("label-schema.a = 'semvr'", "label-schema.a", ["did you mean `semver`?"]),
        ("trusted-registries = ['https://x']", "trusted-registries", ["`https://x`"]),
        ("exclude = ['']", "exclude", ["is empty"]),
        ("exclude = ['#a']", "exclude", ["is a comment"]),
        (
            "[per-file-ignores]\n'a b' = ['DL9']",
            'per-file-ignores."a b"',
            ["unknown rule `DL9`", "(line 2)"],
        ),
        ("per-file-ignores = {'!a' = []}", 'per-file-ignores."!a"', ["start with `!`", "line 1"]),
        ("rules.nope.a = 1", "rules.nope", ["unknown rule `nope`"]),
        ("rules.Both.a = 1", "rules.Both", ["several rules: `cd-in-run`, `latest-tag`"]),
        ("rules.latest-tag = 1", "rules.latest-tag", ["expected a table, found `1`"]),
        (
            "[rules.latest-tag]\nallw = []",
            "rules.latest-tag.allw",
            ["no such option", "`allow`?", "(line 2)"],
        ),
        ("rules.cd-in-run.a = 1", "rules.cd-in-run.a", ["`cd-in-run` has no options"]),
        ("rules.DL3007.depth = true", "rules.DL3007.depth", ["expected an integer, found `true`"]),
        ("rules.DL3007.mode = 'x'", "rules.DL3007.mode", ["`x` is not one of `strict`, `lax`"]),
    ],
)
def test_mistake_is_named_with_its_key_and_what_is_allowed(
    tmp_path: Path, text: str, key: str, parts: list[str]
) -> None:
    error = complaint(tmp_path, text)

    assert error.key == key
    assert error.path == os.fspath(tmp_path / "dflint.toml")
    for part in parts:
        assert part in error.message


def test_line_of_a_key_in_pyproject_is_told(tmp_path: Path) -> None:
    text = '[tool.other]\nselct = 1\n[tool.dflint]\n# x\nselct = ["a"]\n'

    assert "(line 5)" in complaint(tmp_path, text, "pyproject.toml").message


@pytest.mark.parametrize("text", ["a = ", "[a", "a = 1\na = 2", "a = " + "[" * 20_000])
def test_text_that_is_no_toml_is_an_error_of_the_file(tmp_path: Path, text: str) -> None:
    error = complaint(tmp_path, text)

    assert error.key == ""
    assert error.message.startswith("not TOML: ")


def test_bytes_that_are_no_text_are_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dflint.toml"
    path.write_bytes(b"a = '\xff'")

    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(os.fspath(path))


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: no such file"):
        load_config(os.fspath(tmp_path / "none.toml"))


def test_command_line_selection_puts_the_file_aside() -> None:
    config = Config(select=("a",), extend_select=("b",), ignore=("c",), engine="classic")

    chosen = config.with_overrides(select=("c",), ignore=("d",))

    assert (chosen.select, chosen.extend_select, chosen.ignore) == (("c",), (), ("d",))
    assert chosen.engine == "classic"


def test_command_line_additions_add_to_the_file() -> None:
    config = Config(select=("a",), extend_select=("b",), ignore=("c",))

    more = config.with_overrides(extend_select=("x",), ignore=("y",), fail_on=Severity.ERROR)

    assert (more.select, more.extend_select, more.ignore) == (("a",), ("b", "x"), ("c", "y"))
    assert more.fail_on is Severity.ERROR
    assert config.with_overrides(never_fail=True).fail_on is None
    assert config.with_overrides() == config
