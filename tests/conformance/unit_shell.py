"""Runs rows of BuildKit's unit cases for its shell lexer through the expansion of words."""

from __future__ import annotations

from dflint.semantic.expand import Expansion, evaluate_word, evaluate_words


def run_row(row: dict) -> object:
    """What `row["expected"]` has to be equal to."""
    env = environment(row["env"], ignore_case=row.get("platform") == "windows")
    evaluate = evaluate_words if row["suite"] == "shell-words" else evaluate_word
    expansion = evaluate(row["input"], env, row.get("escape", "\\"))
    return observed(expansion, row["expected"])


def environment(settings: list[str], ignore_case: bool):
    """A look-up in `NAME=value` settings, the last of a name counting."""
    fold = str.upper if ignore_case else str
    values = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        values[fold(name)] = value
    return lambda name: values.get(fold(name))


def observed(expansion: Expansion, expected: dict) -> dict:
    """The facts that a row states, as they are here."""
    if expansion.error is not None:
        wanted = expected.get("error")
        if isinstance(wanted, str) and wanted in str(expansion.error):
            return {"error": wanted}
        return {"error": True if wanted in (True, None) else str(expansion.error)}
    facts = {
        "result": expansion.text,
        "words": list(expansion.words),
        "matched": list(expansion.matched),
        "unmatched": list(expansion.unmatched),
    }
    return {key: facts.get(key) for key in expected}
