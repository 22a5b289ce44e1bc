"""Where commands are those of BusyBox, which know fewer options than their namesakes."""

from __future__ import annotations

from functools import partial

from dflint.semantic.first_base import fixed_base
from dflint.semantic.known_images import is_full_system
from dflint.shell.dialect import is_busybox_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


def is_busybox_based(model: SemanticModel, program: Program) -> bool:
    """Whether the image that a program runs in begins with Alpine's or BusyBox' own."""
    stage = model.stage_of(program.instruction)
    if stage is None:
        return False
    return is_busybox_image([stage, *stage.ancestors()][-1].image)


def has_gnu_tools(model: SemanticModel, programs: Iterable[Program], program: Program) -> bool:
    """Whether the commands there certainly are GNU's: by the image, or by what installs in it."""
    stage = model.stage_of(program.instruction)
    if stage is None or is_busybox_based(model, program):
        return False
    if is_full_system(fixed_base(stage)):
        return True
    stages = {stage.index, *(one.index for one in stage.ancestors())}
    return any(
        other.stage_number in stages and other.invocations_of(*_GNU_SYSTEMS) for other in programs
    )


_GNU_SYSTEMS = ("apt-get", "apt", "yum", "dnf", "microdnf", "zypper", "pacman")


def is_applet(
    model: SemanticModel, programs: Iterable[Program], program: Program, call: Invocation, name: str
) -> bool:
    """Whether a call finds BusyBox' own command there: no package has brought another before.

    Nor is one there any more that was taken away again, with `apk del wget` or `apk del .fetch`.
    """
    stage = model.stage_of(program.instruction)
    if stage is None or not is_busybox_based(model, program):
        return False
    stages = {stage.index, *(one.index for one in stage.ancestors())}
    groups = {name}
    is_there = False
    for other in programs:
        if other.stage_number not in stages:
            continue
        for one in other.invocations_of("apk"):
            if one.span.start > call.span.start:
                continue
            if one.action == "install" and any(map(partial(_is_of, name), one.operands)):
                is_there = True
                group = one.option("-t", "--virtual")
                if group is not None and group.value is not None:
                    groups.add(group.value)
            elif one.action == "remove" and any(arg.value in groups for arg in one.operands):
                is_there = False
    return not is_there


def _is_of(name: str, argument: Argument) -> bool:
    """Whether an operand of `apk add` is a package of that name, of any version."""
    end = argument.prefix[len(name) : len(name) + 1]
    return argument.prefix.startswith(name) and end in ("", "=", "<", ">", "~", "@")
