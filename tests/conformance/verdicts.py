"""Fragments with the verdicts of another tool, as the tests of several tools read them.

A row has a fragment, a check and what the tool says; `defended` where ours differs, and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import unit_lint

from dflint.engine.session import Session
from dflint.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.config.config import Config

    Row = dict[str, Any]


def comparing() -> Callable[[Row], bool]:
    """What tells whether a row's verdict is not ours."""
    session = Session()

    def report_of(row: Row, config: Config) -> Any:
        return session.check(Source("Dockerfile", row["dockerfile"].encode()), config)

    return lambda row: unit_lint.rule_row(row, report_of) is not None


def told_wrongly(
    rows: Iterable[Row], check: str, differs: Callable[[Row], bool]
) -> tuple[list[str], list[str]]:
    """The fragments of a check that differ without a defence, and those that need none."""
    own = [row for row in rows if row["rule"] == check]
    undefended = [row["dockerfile"] for row in own if "defended" not in row and differs(row)]
    needless = [row["dockerfile"] for row in own if "defended" in row and not differs(row)]
    return undefended, needless


def found_differences(rows: Iterable[Row], tool: str) -> set[tuple[str, str, str]]:
    """Check, defence, and who reports, of each row that differs."""
    return {
        (row["rule"], row["defended"], tool if row["expect"] == "hit" else "dflint")
        for row in rows
        if "defended" in row
    }


def cells_of(line: str) -> list[str]:
    """The cells of a row of a table in Markdown."""
    return [cell.replace("\\|", "|") for cell in line[2:-2].split(" | ")]
