"""Whether there is a bash in a stage, and whether its `/bin/sh` is one."""

from __future__ import annotations

import re

from dflint.semantic.base_systems import release_of
from dflint.semantic.first_base import fixed_base
from dflint.semantic.known_images import is_full_system, repository_of
from dflint.shell.dialect import is_busybox_image
from dflint.shell.statements import Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command

#: Of systems in which bash is essential, or what the package manager itself needs.
_ON_DEBIAN = ("apt-get", "apt")
_BASH_IS_SH = ("yum", "dnf", "microdnf", "zypper", "pacman")
_BUSYBOX = ("apk",)
#: Bare systems whose `/bin/sh` is bash.
_SH_OF_BASH = frozenset((
    "almalinux", "amazonlinux", "archlinux", "centos", "fedora", "opensuse/leap",
    "opensuse/tumbleweed", "oraclelinux", "photon", "rockylinux",
))  # fmt: skip
#: Families of systems, and other images, that have it.
_FAMILIES = ("debian", "ubuntu", "centos", "fedora")
_WITH_BASH = (
    "continuumio/", "mcr.microsoft.com/devcontainers/", "nvidia/cuda", "phusion/baseimage",
    "quay.io/centos/", "registry.access.redhat.com/ubi", "registry.fedoraproject.org/fedora",
)  # fmt: skip
#: What is left out of those.
_STRIPPED = ("alpine", "chiseled", "distroless")
_LINK = LazyPattern(r"\bln\s+(?:-\w+\s+)+(?:\S*/)?bash\s+/bin/sh(?![\w.-])", re.ASCII)


class KnownShells:
    """What is certain of the shells of a stage.

    `bash` is what SHELL may call it, empty where nobody knows of one; `is_bash_sh` tells that
    `/bin/sh` is one too.
    """

    __slots__ = ("bash", "is_bash_sh")

    def __init__(self, bash: str, is_bash_sh: bool) -> None:
        self.bash = bash
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
    has_bash = is_rpm or is_debian or is_linked or _is_of_bash(base)
    return KnownShells(
        "/bin/bash" if has_bash else _met_bash(runs, program),
        is_rpm or is_linked or repository_of(base) in _SH_OF_BASH,
    )


def _is_of_bash(base: str) -> bool:
    """Whether the name of an image tells of a system in which bash is essential."""
    if any(mark in base for mark in _STRIPPED):
        return False
    if is_full_system(base) or repository_of(base).startswith(_WITH_BASH):
        return True
    release = release_of(base)
    return release is not None and release.family.lower() in _FAMILIES


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


def _met_bash(runs: list[Program], program: Program) -> str:
    """How bash is called where it certainly is found up to a program, or is installed before."""
    for one in runs:
        is_own = one.instruction is program.instruction
        installed = [
            argument.value
            for call in one.invocations_of(*_BUSYBOX)
            if call.action == "install"
            for argument in call.operands
        ]
        if is_own and installed:
            return ""
        if "bash" in installed:
            return "/bin/bash"
        for command in one.script.commands if "bash" in one.script.text else ():
            word = command.program_word
            if word is not None and word.text in ("bash", "/bin/bash") and _is_run(command):
                return word.text
        if is_own:
            break
    return ""


def _is_run(command: Command) -> bool:
    """Whether nothing decides if a command is run, but that those before it do not fail."""
    return command.operator_before != "||" and all(
        outer.kind in (Kind.SCRIPT, Kind.AND_OR, Kind.PIPELINE) for outer in command.ancestors
    )
