"""What is said of a variable that is not set, and what to write instead."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Env
from dflint.semantic.unset_variables import Cause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.unset_variables import UnsetVariable


#: What an entry of a list of directories may stand between, next to a `:`.
_BORDERS = ("", ":", "=", '"', "'", " ", "\t", "\n", "\r")


def reason_of(found: UnsetVariable, source: str, line: int) -> str:
    """Say why the variable is not set in `source`; `line` is that of the instruction that sets it.

    The reason tells when the base image may set the variable all the same.
    """
    name = found.use.name
    unless = ""
    if not found.is_certain:
        unless = f" unless `{found.base}` sets it" if found.base else " unless its base sets it"
    reason = _REASONS[found.cause].format(name=name, meant=found.meant, line=line, unless=unless)
    span = found.use.span
    if found.cause is Cause.NOWHERE and found.is_certain:
        if found.base:
            reason = f"neither this file nor `{found.base}` sets `{name}`, it expands to nothing"
        # An empty entry in a list of directories is the current directory.
        before, behind = source[span.start - 1 : span.start], source[span.end : span.end + 1]
        is_list = isinstance(found.use.instruction, (Arg, Env))
        if is_list and behind == ":" and before in _BORDERS:
            reason += f" and leaves a bare `:`; write both as `${{{name}:+${name}:}}`"
        elif is_list and before == ":" and behind in _BORDERS:
            reason += f" and leaves a bare `:`; write both as `${{{name}:+:${name}}}`"
    if span.start > found.use.instruction.line.end:
        reason += "; quote the heredoc's name to keep the text as it is"
    return reason


_REASONS = {
    Cause.PARAMETER: "the builder has no `${name}`, only a shell does; it expands to nothing",
    Cause.PREDEFINED: "a stage sees `{name}` only if it declares it; write `ARG {name}` above",
    Cause.GLOBAL: "`{name}` is declared before the first `FROM`, which this stage does not see; "
    "repeat `ARG {name}` in it",
    Cause.ITSELF: "`{name}` is set to itself, that is to nothing{unless}; "
    "declare `ARG {name}` above to pass it to the build",
    Cause.LATER: "`{name}` is set only on line {line}; here it expands to nothing{unless}",
    Cause.MISSPELT: "nothing sets `{name}`, it expands to nothing{unless}; did you mean `{meant}`?",
    Cause.OTHER_STAGE: "`{name}` is set in another stage, on line {line}; "
    "here it expands to nothing{unless}",
    Cause.NOWHERE: "nothing in this file sets `{name}`, it expands to nothing{unless}",
    Cause.UNKNOWN: "nothing in this file sets `{name}`, it expands to nothing{unless}",
    Cause.FORESEEN: "nothing sets `{name}` here{unless}: what is written for that case is always "
    "taken; declare `ARG {name}` above to let a build set it",
    Cause.REFUSED: "nothing in this file sets `{name}`{unless}, and the builder does not know what "
    "is written behind the name; use `${{{name}}}`, or `${{{name}:-…}}`",
    Cause.ARGUMENT: "nothing sets `{name}` before this `ARG`{unless}: it cannot be a part of its "
    "own default; leave it out",
}
