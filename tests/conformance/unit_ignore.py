"""Unit rows of patternmatcher, put to dflint."""

from __future__ import annotations

from dflint.context.patterns import PatternError, PatternMatcher

SUITES = ("ignore-match",)


def run_row(row: dict) -> dict:
    """What `row["expected"]` should be a part of."""
    try:
        return {"match": PatternMatcher(row["patterns"]).excludes(row["path"])}
    except PatternError as error:
        wanted = row["expected"].get("error")
        return {"error": True if wanted is True else str(error)}
