"""Writes the generated pages: `python -m dflint.lint.docs [FOLDER]`, `docs` if none is named.

To be run after a change of a rule's metadata, docstring or examples; a test fails while a page
is out of date. Pages of rules that are gone are removed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from dflint.lint.docs.coverage import coverage
from dflint.lint.docs.rule_index import rule_index
from dflint.lint.docs.rule_page import page
from dflint.lint.registry import entry_of


def documents(package: str) -> dict[str, str]:
    """The text of each generated file by its path below the folder."""
    rules = import_module(package).rules()
    entries = [entry_of(rule, package) for rule in rules]
    texts = {f"rules/{rule.meta.name}.md": page(rule) for rule in rules}
    return texts | {"rules/README.md": rule_index(entries), "coverage.md": coverage(entries)}


def write(folder: Path, texts: dict[str, str]) -> None:
    """Bring the folder up to date."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for stale in (folder / "rules").glob("*.md"):
        if f"rules/{stale.name}" not in texts:
            stale.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"), documents("dflint_rules"))
