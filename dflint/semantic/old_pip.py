"""The pip of old distributions, which keeps no cache and refuses the option for none."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

# The releases of Debian and Ubuntu whose package is pip 1, and images that are built on them.
_OLD = re.compile(
    r"(?:.*/)?+(?:debian:(?:[5-8]\b|lenny|squeeze|wheezy|jessie)"
    r"|ubuntu:(?:1[0-5]\.|lucid|precise|saucy|trusty|utopic|vivid|wily))"
    r"|phusion/baseimage:0\.9\.(?:\d|1[0-8])\Z"
)
_PACKAGES = ("python-pip", "python3-pip")
# What brings another pip.
_OTHERS = ("get-pip", "easy_install", "virtualenv", "pyvenv", "pyenv", "conda", "Python-")


def runs_old_pip(
    tree: Dockerfile, programs: Iterable[Program], program: Program, call: Invocation
) -> bool:
    """Whether a call runs the pip that an old distribution has as a package, never replaced.

    Its cache and `--no-cache-dir` came with pip 6 (2014).
    """
    start = call.command.span.start
    before = tree.code[:start]
    if not any(package in before for package in _PACKAGES):
        return False
    if _OLD.match(program.base_image) is None or any(one in before for one in _OTHERS):
        return False
    path = call.command.program_word
    if path is not None and "/" in path.text and not path.text.startswith("/usr/bin/"):
        return False
    return not any(
        installed.command.span.start < start and _installs_pip(installed)
        for one in programs
        for installed in one.invocations_of("pip")
    )


def _installs_pip(call: Invocation) -> bool:
    """Whether a call of pip replaces it."""
    return call.verb == "install" and any(
        re.match(r"pip\b", operand.prefix) is not None for operand in call.operands
    )
