"""`dflint rule` and `dflint rules`."""

from __future__ import annotations

import os
import sys

from dflint.engine.session import Session
from dflint.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cli.options import Arguments
    from dflint.lint.registry import RuleEntry


def show_rule(arguments: Arguments) -> int:
    """Explain each rule that is named; without a name, list all."""
    if not arguments.paths:
        sys.stdout.write(_table(list(Session().entries.values())))
        return 0
    from dflint.lint.docs import page, shellcheck_page
    from dflint.lint.names import takes_codes
    from dflint.lint.shell_codes import WIKI

    session = Session()
    show = _terminal_form()
    pages = []
    for name in arguments.paths:
        found = sorted(session.names.expand(name))
        if not found and takes_codes(name):
            if not name[2:].isdecimal():
                raise UsageError(f"`{name}` takes many codes of ShellCheck: {WIKI} explains them")
            pages.append(show(shellcheck_page(name)))
        elif not found:
            raise UsageError(session.names.problem(name) or f"unknown rule `{name}`")
        pages += [show(page(session.entries[rule].load())) for rule in found]
    sys.stdout.write("\n".join(pages))
    return 0


def list_rules(arguments: Arguments) -> int:
    """List every rule."""
    if arguments.paths:
        raise UsageError("rules: expected no name; `dflint rule NAME` explains one")
    entries = list(Session().entries.values())
    form = arguments.text("format")
    if form == "json":
        import json

        sys.stdout.write(json.dumps([_record(entry) for entry in entries], indent=2) + "\n")
    elif form == "markdown":
        from dflint.lint.docs import rule_index

        sys.stdout.write(rule_index(entries))
    else:
        sys.stdout.write(_table(entries))
    return 0


def _terminal_form() -> Callable[[str], str]:
    """What makes a page fit for where it goes: Markdown as it is unless that is a terminal."""
    if not sys.stdout.isatty():
        return str
    from dflint.cli.output.color import Palette, prepare_console, wants_color
    from dflint.cli.output.markdown import for_terminal

    prepare_console()
    palette = Palette(wants_color("auto", sys.stdout, os.environ))
    return lambda text: for_terminal(text, palette)


def _record(entry: RuleEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "category": entry.category,
        "severity": entry.severity.label,
        "default": entry.default,
        "aliases": list(entry.aliases),
        "summary": entry.summary,
        "distribution": entry.distribution,
        "options": [
            {"name": option.name, "type": option.type, "default": option.default}
            for option in entry.options
        ],
    }


def _table(entries: list[RuleEntry]) -> str:
    width = max((len(entry.name) for entry in entries), default=0)
    lines = []
    for entry in entries:
        state = entry.severity.label if entry.default else "off"
        lines.append(f"{entry.name:<{width}}  {state:<7}  {entry.summary}\n")
    return "".join(lines)
