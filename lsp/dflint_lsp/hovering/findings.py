"""Why a rule says what it says about the text under the pointer."""

from __future__ import annotations

from functools import cache

from dflint_lsp.hovering.told import Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.finding import Finding
    from dflint.lint.registry import RuleEntry


def findings_told(findings: Sequence[Finding], offset: int) -> list[Told]:
    """What the rules are for that report the text at an offset, each rule once."""
    told: list[Told] = []
    seen: set[str] = set()
    for finding in findings:
        span = finding.span
        if span.start <= offset <= span.end and finding.rule not in seen:
            seen.add(finding.rule)
            text = _explanation(finding.rule)
            if text:
                told.append(Told(text, span))
    return told


def _explanation(name: str) -> str:
    """Why a rule is there, with a link to its page; empty for rules of other tools."""
    from dflint.lint.docs.rule_page import explanation, page_url

    entry = _entries().get(name)
    if entry is None:
        return ""
    return f"**{name}**: {explanation(entry.load())}\n\n[{name}]({page_url(name)})"


@cache
def _entries() -> dict[str, RuleEntry]:
    from dflint.errors import PluginError
    from dflint.lint.registry import find_rules

    try:
        return find_rules()
    except PluginError:
        return {}  # whoever checks says so
