"""Rows that say what rules report: BuildKit's checks, and single rules by any of their names.

A function here takes a row and `report_of(row, config)`, which gives our report of the row's
Dockerfile, and gives what differs, None when nothing does, `skip` for a row without a verdict.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cache

from dflint.config.reader import KEYS, ConfigReader
from dflint.config.schema import Config
from dflint.cst.parser.build import parse
from dflint.engine.report import FileReport
from dflint.engine.session import Session
from dflint.lint.names import RuleNames, is_buildkit_check, takes_codes
from dflint.text.lines import LineIndex

ReportOf = Callable[[dict, Config], FileReport]

#: What makes our rules judge as BuildKit's checks do where no registry can be asked.
BUILDKIT_OPTIONS = {
    "undefined-variable": {"unknown-bases": True},
    "relative-workdir": {"unknown-bases": True, "posix-only": True},
    "shell-form-cmd": {"include-exec": True},
    "secret-in-arg-env": {"harmless-values": True},
}
#: The checks that are off until they are asked for; no `skip` touches them.
EXPERIMENTAL = frozenset(("InvalidDefinitionDescription",))
#: The checks that BuildKit makes while it reads the file, before it converts anything.
WHILE_READING = frozenset(
    ("ConsistentInstructionCasing", "DuplicateStageName", "FromAsCasing", "MaintainerDeprecated",
     "NoEmptyContinuation", "ReservedStageName", "StageNameCasing", "InvalidDefinitionDescription")
)  # fmt: skip
#: The checks of FROM, which come before those of the other instructions.
OF_FROM = frozenset(
    ("InvalidDefaultArgInFrom", "UndefinedArgInFrom", "RedundantTargetPlatform",
     "FromPlatformFlagConstDisallowed")
)  # fmt: skip
_ATTR = "build-arg:BUILDKIT_DOCKERFILE_CHECK"


@cache
def rule_names() -> RuleNames:
    """The names of all rules, which are read once."""
    return Session().names


def run_row(row: dict, report_of: ReportOf) -> str | None:
    return SUITES[row["suite"]](row, report_of)


def checks_by_rule(names: RuleNames) -> dict[str, set[str]]:
    """The names of BuildKit's checks that each of our rules has."""
    found: dict[str, set[str]] = {}
    for alias, rules in names.aliases.items():
        if is_buildkit_check(alias):
            for rule in rules:
                found.setdefault(rule, set()).add(alias)
    return found


class InstructionLines:
    """Where the instructions of a Dockerfile begin: that is the line which BuildKit gives."""

    def __init__(self, text: str) -> None:
        lines = LineIndex(text)
        tree = parse(text)
        self._starts = [lines.line(one.line.start) for one in tree.instructions]

    def of(self, line: int) -> int:
        """The first line of the instruction that `line` is in."""
        at = bisect_right(self._starts, line)
        return self._starts[at - 1] if at else line


class CheckOptions:
    """`skip=…;experimental=…`, as a `check` directive or a build argument gives it."""

    def __init__(self, value: str) -> None:
        self.settings: dict[str, set[str]] = {}
        for option in value.split(";"):
            key, _, setting = option.partition("=")
            self.settings[key.strip()] = {name.strip() for name in setting.split(",")}

    def has(self, key: str, check: str) -> bool:
        return bool(self.settings.get(key, set()) & {check, "all"})


def reported(row: dict, report: FileReport, names: RuleNames) -> list[tuple[str, int]]:
    """The checks of BuildKit that our report has, with their lines."""
    attrs = row.get("attrs") or {}
    directive = parse(row["dockerfile"]).directive("check")
    written = directive.value.partition(" ")[0] if directive is not None else ""
    given = attrs.get(_ATTR)
    options = CheckOptions(written if given is None else given)
    asked = CheckOptions(f"experimental={attrs.get(_ATTR + '_EXPERIMENTAL', '')}")
    checks = checks_by_rule(names)
    findings = [(one, False) for one in report.findings]
    for one in report.suppressed:
        # BuildKit knows no other tool's comments.
        is_check = (one.suppressed_by or "").startswith("check=")
        findings.append((one, is_check and given is None))
    found = []
    for finding, is_skipped in findings:
        for check in sorted(checks[finding.rule]):
            if check in EXPERIMENTAL:
                counts = options.has("experimental", check) or asked.has("experimental", check)
            else:
                counts = not is_skipped and not options.has("skip", check)
            if counts:
                found.append((check, finding.place.line))
    return found


def lint_check(row: dict, report_of: ReportOf) -> str | None:
    """Compare rule and line of every warning; `known_divergence` rows have no verdict."""
    if row.get("known_divergence"):
        return "skip"
    names = rule_names()
    config = Config(select=tuple(sorted(checks_by_rule(names))), rules=BUILDKIT_OPTIONS)
    report = report_of(row, config)
    if report.failure:
        return report.failure
    expected = row["expected"]
    warnings = expected.get("warnings_all_targets")
    if warnings is None:
        warnings = expected.get("warnings") or []
    text = row["dockerfile"]
    lines = InstructionLines(text)
    extra = reported(row, report, names)
    missing = []
    for check, line in sorted((one["rule"], one["line"]) for one in warnings):
        same = [one for one in extra if one[0] == check and lines.of(line) == lines.of(one[1])]
        if same:
            extra.remove(same[0])
        else:
            missing.append((check, line))
    extra = [one for one in extra if not _is_beyond_error(one, expected, text)]
    if not missing and not extra:
        return None
    return f"BuildKit reports {missing} in vain, dflint alone {extra}"


def _is_beyond_error(found: tuple[str, int], expected: dict, text: str) -> bool:
    """Whether BuildKit does not get as far as this, because it refuses the file before."""
    error = expected.get("build_error") or expected.get("build_error_regex") or ""
    if not error or error.startswith("lint violation"):
        return False
    check, line = found
    at = expected.get("build_error_line") or 0
    is_unread = "parse error" in error or error.startswith("Syntax error")
    if check in WHILE_READING:
        return is_unread and line > at
    if is_unread or line > at:
        return True
    refused = text.splitlines()[at - 1].split() if at else []
    return check not in OF_FROM and bool(refused) and refused[0].upper() == "FROM"


def doc_example(row: dict, report_of: ReportOf) -> str | None:
    """Compare bad and good; where the document and BuildKit disagree, BuildKit is right."""
    is_bad = (row["expected"]["label"] == "bad") != bool(row.get("known_divergence"))
    judged = {**row, "expect": "hit" if is_bad else "clean"}
    return rule_row({"config": {"rules": BUILDKIT_OPTIONS}, **judged}, report_of)


def rule_row(row: dict, report_of: ReportOf) -> str | None:
    """Run the rules that have a name, and compare whether and how often they report."""
    names = rule_names()
    rules = tuple(sorted(names.rules(row["rule"])))
    if not rules and takes_codes(row["rule"]):
        rules = (row["rule"],)
    if not rules:
        return f"no rule of ours is called {row['rule']}"
    report = report_of(row, row_config(row, rules, names))
    if report.failure:
        return report.failure
    lines = [finding.place.line for finding in report.findings]
    if ("hit" if lines else "clean") != row["expect"]:
        return f"expected {row['expect']}, {row['rule']} reports lines {lines}"
    if row.get("count") not in (None, len(lines)):
        return f"expected {row['count']} findings, {row['rule']} reports lines {lines}"
    return None


def row_config(row: dict, rules: tuple[str, ...], names: RuleNames) -> Config:
    """The configuration of a row: `config` has our keys, `options` are the options of its rules.

    Keys such as `trusted_registries` may stand in the row itself.
    """
    table = dict(row.get("config") or {})
    for key in KEYS:
        if key != "rules" and key not in table and key.replace("-", "_") in row:
            table[key] = row[key.replace("-", "_")]
    options = {name: dict(values) for name, values in (table.get("rules") or {}).items()}
    given = row.get("options") or {}
    for rule in rules:
        known = {spec.name for spec in names.options.get(rule, ())}
        chosen = {key: value for key, value in given.items() if key in known or len(rules) == 1}
        if chosen:
            options[rule] = {**options.get(rule, {}), **chosen}
    # By the name that the row has: another tool's id asks for that tool's meaning.
    table = {**table, "rules": options, "select": [row["rule"]]}
    return ConfigReader("dflint.toml", "", lambda: names, ()).config(table)


SUITES = {"lint-check": lint_check, "lint-doc-example": doc_example}
