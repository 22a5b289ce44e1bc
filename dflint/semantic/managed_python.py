"""Installations of pip into a Python that belongs to the distribution's packages (PEP 668)."""

from __future__ import annotations

from dflint.cst.instructions import Copy
from dflint.semantic.base_systems import release_of
from dflint.semantic.earlier_text import earlier_instructions, is_mentioned_before
from dflint.semantic.first_base import first_base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.releases import Release
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation

#: The first releases whose Python says that it is managed.
_SINCE = {"Debian": (12,), "Ubuntu": (23, 4), "Alpine": (3, 19)}
_PACKAGES = ("python3-pip", "py3-pip", "python3-full", "py3-virtualenv")
#: Options with which pip installs elsewhere, or all the same.
_ELSEWHERE = ("--break-system-packages", "--target", "-t", "--prefix", "--root", "--dry-run")
#: What brings another Python or pip, or takes the mark away.
_OTHERS = (
    "EXTERNALLY-MANAGED", "BREAK_SYSTEM_PACKAGES", "break-system-packages", "venv", "virtualenv",
    "pyenv", "conda", "get-pip", "ensurepip", "pip.conf", "deadsnakes", "Python-3", "uv ",
)  # fmt: skip


def refused_installations(
    model: SemanticModel, programs: Iterable[Program], text: str
) -> Iterator[tuple[Invocation, Release]]:
    """List the calls of the distribution's pip that refuse to install, with its release."""
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or program.occurrence.is_trigger or not program.mentions("pip", "$"):
            continue
        release = release_of(first_base(stage))
        if release is None or release.version < _SINCE.get(release.family, (999,)):
            continue
        for call in program.invocations_of("pip"):
            if call.verb == "install" and _is_refused(call, stage, text):
                yield call, release


def _is_refused(call: Invocation, stage: Stage, text: str) -> bool:
    word = call.command.program_word
    path = "" if word is None else word.text
    if "pip2" in path or ("/" in path and not path.startswith("/usr/bin/")):
        return False
    if any(option.name in _ELSEWHERE for option in call.options):
        return False
    end = call.call_span.end
    if not is_mentioned_before(stage, end, text, _PACKAGES):
        return False
    if is_mentioned_before(stage, call.command.span.end, text, _OTHERS):
        return False
    return not any(
        isinstance(one, Copy) and one.reading.flag("from") is not None
        for one in earlier_instructions(stage, end)
    )
