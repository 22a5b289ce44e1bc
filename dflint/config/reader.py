"""Checking the settings of a configuration file, key by key."""

from __future__ import annotations

import os

from dflint.config.patterns import PatternList, read_pattern
from dflint.config.schema import ENGINES, LABEL_TYPES, Config
from dflint.errors import ConfigError
from dflint.lint.finding import Severity
from dflint.lint.names import is_shellcheck_code, suggestion
from dflint.lint.options import describe_value, validate_option
from dflint.lint.presets import DEFAULT, PRESETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dflint.lint.names import RuleNames
    from dflint.lint.options import OptionSpec, OptionValue

    Key = tuple[str, ...]

OFF = "off"
"""The severity that turns a rule off."""

NEVER = "none"
"""The value of `fail-on` with which findings never make a run fail."""

AUTO = "auto"
"""The value of `shellcheck` with which ShellCheck runs where it is installed."""

SEVERITIES = {severity.label: severity for severity in reversed(Severity)}
"""The severities by the names that a configuration uses, the worst first."""

KEYS = (
    "preset",
    "select",
    "extend-select",
    "ignore",
    "severity",
    "per-file-ignores",
    "exclude",
    "extend-exclude",
    "include",
    "fail-on",
    "severity-threshold",
    "engine",
    "context",
    "trusted-registries",
    "label-schema",
    "strict-labels",
    "shellcheck",
    "shellcheck-path",
    "format",
    "fixable",
    "unfixable",
    "unsafe-fixes",
    "rules",
)
"""The keys of a configuration."""

_ELSEWHERE = {
    "failure-threshold": "fail-on",
    "ignored": "ignore",
    "override": "severity",
    "trustedRegistries": "trusted-registries",
}


class ConfigReader:
    """Turns the settings of one file into a Config.

    `prefix` is the table in which they stand. Every reading method raises ConfigError.
    """

    def __init__(
        self, path: str, text: str, known: Callable[[], RuleNames] | None, prefix: Key
    ) -> None:
        self.path = path
        self.text = text
        self.root = os.path.realpath(os.path.dirname(path))
        self.known = known
        self.prefix = prefix
        self._names: RuleNames | None = None

    def config(self, table: Mapping[str, object]) -> Config:
        """The configuration that the settings in `table` make."""
        for key in table:
            if key not in KEYS:
                raise self._unknown_key(key)
        severity, off = self._severities(table.get("severity", {}))
        fail_on = self._choice(table, "fail-on", (*SEVERITIES, NEVER), Config.DEFAULT_FAIL_ON.label)
        threshold = self._choice(table, "severity-threshold", tuple(SEVERITIES), None)
        exclude: tuple[PatternList, ...] = Config.DEFAULT_EXCLUDE
        if "exclude" in table:
            exclude = self._patterns(table, "exclude")
        return Config(
            path=self.path,
            select=self._selectors(table, "select") if "select" in table else None,
            extend_select=self._selectors(table, "extend-select"),
            ignore=self._selectors(table, "ignore") + off,
            severity=severity,
            per_file_ignores=self._per_file_ignores(table.get("per-file-ignores", {})),
            exclude=exclude + self._patterns(table, "extend-exclude"),
            include=self._patterns(table, "include"),
            fail_on=None if fail_on is None else SEVERITIES.get(fail_on),
            severity_threshold=None if threshold is None else SEVERITIES[threshold],
            engine=self._choice(table, "engine", ENGINES, None) or Config.DEFAULT_ENGINE,
            trusted_registries=self._registries(table),
            label_schema=self._label_schema(table.get("label-schema", {})),
            strict_labels=self.boolean(table, "strict-labels", ("strict-labels",)),
            shellcheck=self._shellcheck(table.get("shellcheck", AUTO)),
            shellcheck_path=self._shellcheck_path(table),
            rules=self._rule_options(table.get("rules", {})),
            context=self._folder(table, "context"),
            format=self._format(table.get("format")),
            fixable=self._selectors(table, "fixable") if "fixable" in table else None,
            unfixable=self._selectors(table, "unfixable"),
            unsafe_fixes=self.boolean(table, "unsafe-fixes", ("unsafe-fixes",)),
            preset=self._choice(table, "preset", tuple(PRESETS), None) or DEFAULT,
        )

    def problem(self, key: Key, message: str) -> ConfigError:
        """The exception that says what is wrong at `key`, with its line if that is found."""
        from dflint.config.toml_lines import find_line

        line = find_line(self.text, self.prefix + key)
        place = "" if line is None else f" (line {line})"
        return ConfigError(self.path, ".".join(_quoted(part) for part in key), message + place)

    def _unknown_key(self, key: str) -> ConfigError:
        near = f"; did you mean `{_ELSEWHERE[key]}`?" if key in _ELSEWHERE else ""
        near = near or suggestion(key, list(KEYS))
        allowed = near or "; known keys are " + ", ".join(f"`{name}`" for name in KEYS)
        return self.problem((key,), f"unknown key{allowed}")

    def _names_for(self, wanted: object) -> RuleNames | None:
        """The names to check `wanted` against; they are not loaded for nothing."""
        if self._names is None and self.known is not None and wanted:
            self._names = self.known()
        return self._names

    def table(self, value: object, key: Key) -> Mapping[str, object]:
        """The value as a table."""
        if isinstance(value, dict):
            return value
        raise self.problem(key, f"expected a table, found {describe_value(value)}")

    def _strings(self, value: object, key: Key) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.problem(key, f"expected a list of strings, found {describe_value(value)}")
        strings: list[str] = []
        for member in value:
            if not isinstance(member, str):
                raise self.problem(
                    key, f"expected a list of strings, found {describe_value(member)} in it"
                )
            strings.append(member)
        return tuple(strings)

    def boolean(self, table: Mapping[str, object], name: str, key: Key) -> bool:
        """The truth value in a table, false where there is none."""
        value = table.get(name, False)
        if isinstance(value, bool):
            return value
        raise self.problem(key, f"expected true or false, found {describe_value(value)}")

    def _format(self, value: object) -> dict[str, object]:
        if value is None:
            return {}
        from dflint.config.format_settings import read_format

        return read_format(self, value)

    def _folder(self, table: Mapping[str, object], key: str) -> str | None:
        """The absolute path of a folder that is named relative to the file's."""
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value:
            return os.path.normpath(os.path.join(self.root, value))
        raise self.problem((key,), f"expected the path of a folder, found {describe_value(value)}")

    def _shellcheck(self, value: object) -> bool | None:
        if isinstance(value, bool) or value == AUTO:
            return value if isinstance(value, bool) else None
        found = describe_value(value)
        raise self.problem(("shellcheck",), f"expected `{AUTO}`, true or false, found {found}")

    def _shellcheck_path(self, table: Mapping[str, object]) -> str | None:
        """Where the program is: one with a folder in it is relative to the configuration."""
        value = table.get("shellcheck-path")
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            found = describe_value(value)
            raise self.problem(("shellcheck-path",), f"expected a path, found {found}")
        path = os.path.expanduser(value)
        return os.path.join(self.root, path) if os.path.dirname(path) else path

    def _choice(
        self, table: Mapping[str, object], key: str, allowed: tuple[str, ...], default: str | None
    ) -> str | None:
        if key not in table:
            return default
        return self.one_of(table[key], (key,), allowed)

    def one_of(self, value: object, key: Key, allowed: tuple[str, ...]) -> str:
        """The value as one of those that are allowed."""
        if isinstance(value, str) and value in allowed:
            return value
        near = suggestion(value, list(allowed)) if isinstance(value, str) else ""
        choices = ", ".join(f"`{choice}`" for choice in allowed)
        raise self.problem(key, f"expected one of {choices}, found {describe_value(value)}{near}")

    def _selectors(self, table: Mapping[str, object], key: str) -> tuple[str, ...]:
        return self._checked(self._strings(table.get(key, []), (key,)), (key,))

    def _checked(self, selectors: tuple[str, ...], key: Key) -> tuple[str, ...]:
        names = self._names_for(selectors)
        for selector in selectors if names is not None else ():
            problem = names.problem(selector) if names is not None else None
            if problem is not None:
                raise self.problem(key, problem)
        return selectors

    def _rules(self, name: str, key: Key) -> tuple[str, ...]:
        """The rules that `name` stands for; codes of ShellCheck stand for themselves."""
        names = None if is_shellcheck_code(name) else self._names_for(name)
        if names is None:
            return (name,)
        rules = tuple(sorted(names.rules(name)))
        if not rules:
            near = suggestion(name, [*names.names, *names.aliases])
            raise self.problem(key, f"unknown rule `{name}`{near}")
        return rules

    def _severities(self, value: object) -> tuple[dict[str, Severity], tuple[str, ...]]:
        """The severities that are set, and the rules that are turned off."""
        severities: dict[str, Severity] = {}
        off: list[str] = []
        for name, label in self.table(value, ("severity",)).items():
            key = ("severity", name)
            rules = self._rules(name, key)
            chosen = self.one_of(label, key, (*SEVERITIES, OFF))
            if chosen == OFF:
                off += rules
            else:
                severities.update((rule, SEVERITIES[chosen]) for rule in rules)
        return severities, tuple(off)

    def _patterns(self, table: Mapping[str, object], key: str) -> tuple[PatternList, ...]:
        patterns = self._strings(table.get(key, []), (key,))
        for pattern in patterns:
            self._check_pattern(pattern, (key,))
        return (PatternList.of(patterns, self.root),) if patterns else ()

    def _check_pattern(self, pattern: str, key: Key) -> None:
        if pattern.startswith("#"):
            raise self.problem(
                key, f"the pattern `{pattern}` is a comment; write `\\#` for a name with `#`"
            )
        if read_pattern(os.fsencode(pattern)) is None:
            raise self.problem(key, f"the pattern `{pattern}` is empty")

    def _per_file_ignores(self, value: object) -> tuple[tuple[PatternList, tuple[str, ...]], ...]:
        entries: list[tuple[PatternList, tuple[str, ...]]] = []
        for pattern, selectors in self.table(value, ("per-file-ignores",)).items():
            key = ("per-file-ignores", pattern)
            self._check_pattern(pattern, key)
            if pattern.startswith("!"):
                raise self.problem(key, "a pattern that stands alone cannot start with `!`")
            ignored = self._checked(self._strings(selectors, key), key)
            entries.append((PatternList.of((pattern,), self.root), ignored))
        return tuple(entries)

    def _registries(self, table: Mapping[str, object]) -> tuple[str, ...]:
        key = ("trusted-registries",)
        registries = self._strings(table.get(key[0], []), key)
        for registry in registries:
            if not registry or "://" in registry or any(c.isspace() for c in registry):
                raise self.problem(
                    key, f"expected a registry such as `ghcr.io/acme`, found `{registry}`"
                )
        return registries

    def _label_schema(self, value: object) -> dict[str, str]:
        table = self.table(value, ("label-schema",))
        return {
            name: self.one_of(kind, ("label-schema", name), LABEL_TYPES)
            for name, kind in table.items()
        }

    def _rule_options(self, value: object) -> dict[str, dict[str, OptionValue]]:
        settings: dict[str, dict[str, OptionValue]] = {}
        for name, options in self.table(value, ("rules",)).items():
            key = ("rules", name)
            rules = self._rules(name, key)
            if len(rules) > 1:
                several = ", ".join(f"`{rule}`" for rule in rules)
                raise self.problem(key, f"`{name}` stands for several rules: {several}")
            table = self.table(options, key)
            settings.setdefault(rules[0], {}).update(self._options(rules[0], table, key))
        return settings

    def _options(self, rule: str, table: Mapping[str, object], key: Key) -> dict[str, OptionValue]:
        names = self._names_for(table)
        if names is None:
            return dict(table)  # type: ignore[arg-type]  # unchecked by request
        specs: dict[str, OptionSpec] = {spec.name: spec for spec in names.options.get(rule, ())}
        values: dict[str, OptionValue] = {}
        for option, value in table.items():
            if option not in specs:
                raise self._unknown_option(rule, list(specs), (*key, option))
            try:
                values[option] = validate_option(specs[option], value)
            except ValueError as error:
                raise self.problem((*key, option), str(error)) from None
        return values

    def _unknown_option(self, rule: str, options: list[str], key: Key) -> ConfigError:
        if not options:
            return self.problem(key, f"the rule `{rule}` has no options")
        near = suggestion(key[-1], options)
        allowed = near or "; it has " + ", ".join(f"`{option}`" for option in options)
        return self.problem(key, f"the rule `{rule}` has no such option{allowed}")


def _quoted(part: str) -> str:
    """A part of a dotted key as TOML writes it."""
    bare = part.isascii() and part.replace("-", "").replace("_", "").isalnum()
    return part if bare else '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
