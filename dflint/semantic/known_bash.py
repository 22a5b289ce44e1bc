"""Whether there is a bash in a stage, and whether its `/bin/sh` is one."""

from __future__ import annotations

import re

from dflint.semantic.first_base import fixed_base
from dflint.semantic.known_images import is_full_system, repository_of
from dflint.shell.dialect import is_busybox_image
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program

#: Of systems in which bash is essential, or what the package manager itself needs.
_ON_DEBIAN = ("apt-get", "apt")
_BASH_IS_SH = ("yum", "dnf", "microdnf", "zypper", "pacman")
_BUSYBOX = ("apk",)
#: Bare systems whose `/bin/sh` is bash.
_SH_OF_BASH = frozenset((
    "almalinux", "amazonlinux", "archlinux", "centos", "fedora", "opensuse/leap",
    "opensuse/tumbleweed", "oraclelinux", "photon", "rockylinux",
))  # fmt: skip
_LINK = LazyPattern(r"\bln\s+(?:-\w+\s+)+(?:\S*/)?bash\s+/bin/sh(?![\w.-])", re.ASCII)


class KnownShells:
    """What is certain of the shells of a stage.

    `has_bash` tells that there is a `/bin/bash`, `is_bash_sh` that `/bin/sh` is one too.
    """

    __slots__ = ("has_bash", "is_bash_sh")

    def __init__(self, has_bash: bool, is_bash_sh: bool) -> None:
        self.has_bash = has_bash
        self.is_bash_sh = is_bash_sh


def known_shells(
    model: SemanticModel, programs: Iterable[Program], program: Program
) -> KnownShells:
    """What the base of a stage and the commands in it tell of the shells that a program finds."""
    runs = _runs(model, programs, program)
    base = fixed_base(model.stage_of(program.instruction))
    is_rpm = _calls(runs, _BASH_IS_SH) and not _calls(runs, (*_ON_DEBIAN, *_BUSYBOX))
    is_debian = _calls(runs, _ON_DEBIAN) and not _calls(runs, _BUSYBOX)
    is_linked = _is_linked(runs, program)
    has_bash = is_full_system(base) or is_rpm or is_debian or is_linked
    return KnownShells(
        has_bash or _is_bash_met(runs, program),
        is_rpm or is_linked or repository_of(base) in _SH_OF_BASH,
    )


def has_busybox(model: SemanticModel, programs: Iterable[Program], program: Program) -> bool:
    """Whether `/bin/sh` certainly is BusyBox': by the base, or by the `apk` that is called."""
    runs = _runs(model, programs, program)
    if _calls(runs, (*_ON_DEBIAN, *_BASH_IS_SH)):
        return False
    stage = model.stage_of(program.instruction)
    return is_busybox_image(fixed_base(stage)) or _calls(runs, _BUSYBOX)


def _runs(model: SemanticModel, programs: Iterable[Program], program: Program) -> list[Program]:
    """The programs of the stage that a program is of, and of those below."""
    stage = model.stage_of(program.instruction)
    chain = () if stage is None else (stage, *stage.ancestors())
    numbers = {one.index for one in chain} or {program.stage_number}
    return [one for one in programs if one.stage_number in numbers]


def _calls(runs: list[Program], tools: tuple[str, ...]) -> bool:
    return any(one.invocations_of(*tools) for one in runs)


def _is_linked(runs: list[Program], program: Program) -> bool:
    """Whether `/bin/sh` is made a link to bash before."""
    for one in runs:
        if one.instruction is program.instruction:
            return False
        if "bash" in one.script.text and _LINK.get().search(one.script.text):
            return True
    return False


def _is_bash_met(runs: list[Program], program: Program) -> bool:
    """Whether bash is run before anything is installed, or is installed before."""
    for one in runs:
        if one.instruction is program.instruction:
            break
        if "bash" in one.script.text and any(
            command.program_word is not None and command.program_word.text == "/bin/bash"
            for command in one.script.commands
        ):
            return True
        if any(
            argument.value == "bash"
            for call in one.invocations_of(*_BUSYBOX)
            if call.action == "install"
            for argument in call.operands
        ):
            return True
    return False
