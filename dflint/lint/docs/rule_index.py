"""The list of rules in Markdown, by category."""

from __future__ import annotations

from dflint.lint.docs.other_tools import link_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.lint.registry import RuleEntry


def rule_index(entries: Iterable[RuleEntry]) -> str:
    """The page that lists the rules, linked to theirs beside it."""
    by_category: dict[str, list[RuleEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.name):
        by_category.setdefault(entry.category, []).append(entry)
    everyone = [entry for group in by_category.values() for entry in group]
    on = sum(entry.default for entry in everyone)
    waiting = sum(entry.default and bool(entry.needs) for entry in everyone)
    lines = [
        "# Rules",
        "",
        f"{len(everyone)} rules, {on} of them on by default; {waiting} of these say nothing until "
        "the configuration has what the column names. The others are selected by name: "
        "`extend-select` in the configuration, `--extend-select` on the command line. A rule's "
        "page shows what to write instead, and why.",
        "",
    ]
    for category in sorted(by_category):
        lines += [f"## {category.capitalize()}", ""]
        header = ("rule", "severity", "default", "other tools", "what it finds")
        lines += [*table(header, map(_row, by_category[category])), ""]
    return "\n".join(lines)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *cells)]


def _row(entry: RuleEntry) -> tuple[str, ...]:
    return (
        f"[{entry.name}]({entry.name}.md)",
        entry.severity.label,
        _state(entry),
        ", ".join(link_of(alias) for alias in entry.aliases),
        entry.summary,
    )


def _state(entry: RuleEntry) -> str:
    if not entry.default:
        return "off"
    return f"with `{entry.needs}`" if entry.needs else "on"
