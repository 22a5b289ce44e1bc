"""Which checks of BuildKit and hadolint the rules cover, by their aliases."""

from __future__ import annotations

from dflint.lint.docs.checks import BUILDKIT, BUILDKIT_VERSION, HADOLINT, HADOLINT_VERSION
from dflint.lint.docs.other_tools import link_of, tool_of
from dflint.lint.docs.rule_index import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dflint.lint.registry import RuleEntry

    Checks = Sequence[tuple[str, str, str]]
    Covering = Mapping[str, Sequence[RuleEntry]]

_INTRODUCTION = """\
# Coverage

Which checks of other tools dflint has a rule for, and whether the rule is on by default. The other
tool's id selects, ignores and explains the rules too: `dflint check --ignore DL3003`,
`dflint rule UndefinedVar`. A rule for a check need not agree with it everywhere: the rule's page
says what it leaves out, [accuracy](accuracy.md) how often the two agree, and
[Coming from hadolint](hadolint.md) where hadolint's verdicts are others.
"""
_PARSING = """\
hadolint's DL1000 says that it cannot parse the file. dflint has rules for everything that BuildKit
refuses, and none for what only hadolint does.
"""
_SHELLCHECK = """\
hadolint has ShellCheck built in. dflint runs the one that is installed, and has rules of its own
for the shell code that matters in an image.
"""


def coverage(entries: Iterable[RuleEntry]) -> str:
    """The page with a table for each tool."""
    covering: dict[str, list[RuleEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.name):
        for alias in entry.aliases:
            covering.setdefault(alias, []).append(entry)
    tools = (
        (f"BuildKit {BUILDKIT_VERSION}", BUILDKIT),
        (f"hadolint {HADOLINT_VERSION}", HADOLINT),
    )
    shellcheck = sorted(alias for alias in covering if tool_of(alias) == "ShellCheck")
    header = ("tool", "checks", "covered", "on by default", "not covered")
    lines = [_INTRODUCTION, *table(header, (_counts(*tool, covering) for tool in tools)), ""]
    for name, checks in tools:
        lines += [f"## {name}", "", *_table(checks, covering), ""]
    lines += [_PARSING, "## ShellCheck", "", _SHELLCHECK]
    if shellcheck:
        rows = [(link_of(code), _rules(covering[code])) for code in shellcheck]
        lines += [*table(("code", "rules"), rows), ""]
    return "\n".join(lines)


def _counts(tool: str, checks: Checks, covering: Covering) -> tuple[str, ...]:
    covered = [identifier for identifier, _, _ in checks if identifier in covering]
    on = [one for one in covered if any(entry.default for entry in covering[one])]
    shares = [f"{len(some)} ({len(some) / len(checks):.0%})" for some in (covered, on)]
    return tool, str(len(checks)), *shares, str(len(checks) - len(covered))


def _table(checks: Checks, covering: Covering) -> list[str]:
    rows = [
        (link_of(identifier), finds, _rules(covering.get(identifier, ())), remark)
        for identifier, finds, remark in checks
    ]
    return table(("check", "what it finds", "rules", "remark"), rows)


def _rules(entries: Sequence[RuleEntry]) -> str:
    """The rules with their severity, `off` for one that is not on by default."""
    if not entries:
        return "**not covered**"
    states = [entry.severity.label if entry.default else "off" for entry in entries]
    return ", ".join(
        f"[{entry.name}](rules/{entry.name}.md) ({state})"
        for entry, state in zip(entries, states, strict=True)
    )
