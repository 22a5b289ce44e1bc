"""Whether a call may have options that only a run can tell."""

from __future__ import annotations

from dflint.shell.words import PartKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.invocation import Invocation

# What is part of the names that people give to lists of packages.
_LISTS = ("dep", "pack", "pkg", "lib", "requirement", "module")


def may_hide_options(call: Invocation) -> bool:
    """Whether some variable or substitution may stand for options.

    Not one that is an option's value, nor one that by its name holds packages, nor a substitution
    in which nothing looks like an option (`$(cat packages)`).
    """
    if call.command.name_value == "xargs":
        return True
    for argument in call.arguments:
        if argument.value is not None or argument.prefix:
            continue
        if any(option.given is argument for option in call.options):
            continue
        word = argument.word
        if any(part.kind is PartKind.SUBSTITUTION for part in word.parts):
            if " -" in word.text and ("--" in word.text or "echo" in word.text):
                return True
        elif not all(any(one in name.lower() for one in _LISTS) for name in word.variables):
            return True
    return False
