"""The packages of the operating system that scripts install."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument

_MANAGERS = ("apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "zypper")


def installed_packages(programs: Iterable[Program]) -> Iterator[tuple[Program, Argument]]:
    """Each package that is named, in the order of the file."""
    for program in programs:
        for call in program.invocations_of(*_MANAGERS):
            if call.action == "install":
                for argument in call.operands:
                    if argument.value:
                        yield program, argument
