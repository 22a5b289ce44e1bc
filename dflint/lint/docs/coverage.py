"""Which checks of other tools the rules cover, by their aliases."""

from __future__ import annotations

from dflint.lint.docs.checks import BUILDKIT, BUILDKIT_VERSION, HADOLINT, HADOLINT_VERSION
from dflint.lint.docs.other_tools import DEFECTS, link_of, tool_of
from dflint.lint.docs.peers import PEERS, Defect
from dflint.lint.docs.rule_index import table
from dflint.lint.names import bare_id

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
`dflint rule UndefinedVar`, `dflint check --select 'CKV_DOCKER_*'`. An id that two tools have in
common stands for what both mean by it. A rule for a check need not agree with it everywhere: the
rule's page says what it leaves out, [accuracy](accuracy.md) how often the two agree, and
[Coming from hadolint](hadolint.md) and [Coming from tally](tally.md) where their verdicts are
others.
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
        for alias in (entry.name, *entry.aliases):
            covering.setdefault(alias, []).append(entry)
    tools = (
        (f"BuildKit {BUILDKIT_VERSION}", BUILDKIT),
        (f"hadolint {HADOLINT_VERSION}", HADOLINT),
    )
    shellcheck = sorted(alias for alias in covering if tool_of(alias) == "ShellCheck")
    header = ("tool", "checks", "covered", "on by default", "not covered")
    counts = [_counts(*tool, covering) for tool in tools]
    lines = [_INTRODUCTION, *table(header, counts + _peer_counts(covering)), ""]
    for name, checks in tools:
        lines += [f"## {name}", "", *_table(checks, covering), ""]
    for title, column in PEERS:
        lines += [f"## {title}", "", *_peer_table(column, covering), ""]
    lines += _left_out(covering)
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


def _peer_counts(covering: Covering) -> list[tuple[str, ...]]:
    """The rows of the other tools, and of all defects that any of them looks for."""
    found = []
    for title, column in PEERS:
        pairs = [(one, defect) for defect in DEFECTS for one in defect.ids.get(column, ())]
        found.append(_peer_count(title, pairs, covering))
    pairs = [(" ".join(_all_ids(defect)), defect) for defect in DEFECTS]
    found.append(_peer_count("all of these but the two first, by defect", pairs, covering))
    return found


def _peer_count(
    title: str, pairs: Sequence[tuple[str, Defect]], covering: Covering
) -> tuple[str, ...]:
    covered, on = 0, 0
    for ids, defect in pairs:
        rules = [rule for one in ids.split() for rule in covering.get(bare_id(one), ())]
        covered += bool(rules) or defect.is_found_elsewhere
        on += any(rule.default for rule in rules)
    shares = [f"{some} ({some / len(pairs):.0%})" for some in (covered, on)]
    return title, str(len(pairs)), *shares, str(len(pairs) - covered)


def _all_ids(defect: Defect) -> list[str]:
    return [one for ids in defect.ids.values() for one in ids]


def _peer_table(column: str, covering: Covering) -> list[str]:
    """The ids of one tool, each with what it finds and the rules that do so."""
    rows = [
        (link_of(one), defect.finds, _found_by(one, defect, covering))
        for defect in DEFECTS
        for one in defect.ids.get(column, ())
    ]
    return table(("check", "what it finds", "rules"), rows)


def _found_by(one: str, defect: Defect, covering: Covering) -> str:
    rules = covering.get(bare_id(one), ())
    return defect.remark if defect.is_found_elsewhere and not rules else _rules(rules)


def _left_out(covering: Covering) -> list[str]:
    """What no rule finds, with the reasons."""
    rows = [
        (defect.finds, ", ".join(f"`{one}`" for one in _all_ids(defect)), defect.remark)
        for defect in DEFECTS
        if not defect.is_found_elsewhere
        and not any(bare_id(one) in covering for one in _all_ids(defect))
    ]
    if not rows:
        return []
    return ["## Left out", "", *table(("what", "ids", "why"), rows), ""]


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
