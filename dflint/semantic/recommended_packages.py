"""Installations that bring what packages recommend, besides what they need."""

from __future__ import annotations

import re

from dflint.semantic.tool_settings import FRUGAL_IMAGES, is_built_on, settled_from
from dflint.shell.hidden_options import may_hide_options
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

# As apt.conf says it.
_CONFIGURED = LazyPattern(r"install-recommends[\s\\\"']++(?:false|0|no|off)")
_OPTION = LazyPattern(r"apt::install-recommends=[\"']?+(?:false|0|no|off)", re.IGNORECASE)

_TELLING = ("--no-install-recommends", "--install-recommends", "-c", "--config-file")


def recommending_installs(programs: Iterable[Program], tree: Dockerfile) -> Iterator[Invocation]:
    """The calls of apt that install what packages recommend, without having been told to."""
    settled: int | None = None
    for program in programs:
        for call in program.invocations_of("apt-get", "apt"):
            if call.verb != "install" or not call.operands or _is_told(call):
                continue
            if settled is None:
                settled = settled_from(tree, _CONFIGURED, "install-recommends")
            if call.command.span.start < settled and not is_built_on(program, FRUGAL_IMAGES):
                yield call


def _is_told(call: Invocation) -> bool:
    """Whether an option says yes or no, or whether that cannot be told."""
    for option in call.options:
        name = option.name
        if name in _TELLING:
            return True
        if name in ("-o", "--option") and _OPTION.get().match(option.value or ""):
            return True
    return may_hide_options(call)
