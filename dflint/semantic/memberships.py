"""Which users scripts put into which groups."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


def memberships(programs: Iterable[Program]) -> list[tuple[str, str, int]]:
    """User, group, and the index of the stage."""
    found = []
    for program in programs:
        for call in program.invocations_of("usermod", "useradd", "gpasswd", "adduser", "addgroup"):
            for user, group in _given(call):
                found.append((user, group, program.stage_number))
    return found


def _given(call: Invocation) -> Iterator[tuple[str, str]]:
    operands = [one.value or "" for one in call.operands]
    if call.name in ("usermod", "useradd"):
        groups = (call.option_values("-G", "--groups") or [""])[0] or ""
        for group in groups.split(","):
            if group and operands and operands[-1]:
                yield operands[-1], group
    elif call.name == "gpasswd":
        if call.option("-a", "--add") is not None and len(operands) == 2:
            yield operands[0], operands[1]
    elif len(operands) == 2 and all(operands):
        yield operands[0], operands[1]
