"""Whether a script does something with what a command writes to its error output."""

from __future__ import annotations

from dflint.shell.statements import Kind
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.shell.commands import Command
    from dflint.shell.redirects import Redirect
    from dflint.shell.script import Script

#: One of these is in every script that does.
_MARKS = ("2>", "&>", ">&", "|&")


def goes_elsewhere(script: Script, command: Command) -> bool:
    """Whether the error output of a command, or of what it stands in, goes elsewhere.

    To a file or a pipe, by an `exec` anywhere too. Of functions nobody asks who calls them.
    """
    if not contains_any(script.text, _MARKS):
        return False
    if command.operator_after == "|&" or _has_errors(command.redirects):
        return True
    for outer in command.ancestors:
        if outer.kind is Kind.FUNCTION or outer.operator_after == "|&":
            return True
        if _has_errors(outer.redirects):
            return True
    return any(one.name_value == "exec" and _has_errors(one.redirects) for one in script.commands)


def _has_errors(redirects: Iterable[Redirect]) -> bool:
    return any(
        one.descriptor == 2 or one.operator[:2] == "&>" or _is_both(one) for one in redirects
    )


def _is_both(redirect: Redirect) -> bool:
    """Whether it is Bash's `>& file`."""
    target = redirect.target
    if redirect.operator != ">&" or redirect.descriptor is not None or target is None:
        return False
    return not target.text.isdigit()
