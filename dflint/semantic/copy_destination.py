"""Whether the several sources of a COPY or ADD find a directory to go to."""

from __future__ import annotations

import re

from dflint.semantic.expand import evaluate_word
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage

#: Directories that any image with an operating system has.
_SYSTEM_DIRECTORIES = frozenset((
    "/", "/bin", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc",
    "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/include",
    "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/etc", "/usr/local/include",
    "/usr/local/lib", "/usr/local/sbin", "/usr/local/share", "/usr/local/src", "/usr/sbin",
    "/usr/share", "/usr/src", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run",
    "/var/spool", "/var/tmp",
))  # fmt: skip
#: Files that have no extension.
_PLAIN_FILES = frozenset((
    "copying", "copyright", "dockerfile", "gemfile", "gnumakefile", "jenkinsfile", "license",
    "makefile", "pipfile", "procfile", "rakefile", "readme", "vagrantfile",
))  # fmt: skip


def destination_without_slash(model: SemanticModel, instruction: Instruction) -> str | None:
    """Give the destination of a COPY or ADD when its value is known and ends in no slash."""
    word = instruction.reading.arguments[-1]
    expansion = evaluate_word(word, model.environment(instruction).get, instruction.line.escape)
    if expansion.error is not None or any(not one.found for one in expansion.references):
        return None
    value = expansion.text
    return value if value and not value.endswith(("/", "\\")) else None


def overwrites_itself(model: SemanticModel, instruction: Instruction, destination: str) -> bool:
    """Tell whether BuildKit makes one file of the sources, of which the last is kept.

    That is so when the first one is a file and the destination is no directory yet. What the
    base image holds is not known beyond the usual directories, and a path that an earlier
    instruction of the stage mentions is taken as a directory.
    """
    if destination.rpartition("/")[2] in (".", ".."):
        return False
    if not is_file_name(instruction.reading.arguments[0]):
        return False
    state = model.state_before(instruction)
    path = join_workdir(state.workdir, destination, state.os_family)
    if path in _SYSTEM_DIRECTORIES or (path and f"{state.workdir}/".startswith(path + "/")):
        return False
    stage = model.stage_of(instruction)
    return stage is None or not _is_mentioned(model, stage, instruction, destination)


def is_file_name(source: str) -> bool:
    """Tell whether a source of COPY or ADD is a file by its name, and no directory."""
    if source.startswith("<<"):
        return True
    name = source.rstrip("/").rpartition("/")[2]
    if source.endswith("/") or name in (".", "..", "*"):
        return False
    stem, dot, extension = name.rpartition(".")
    if dot and stem and extension.isalnum() and not extension.isdigit():
        return True
    return name.lower().partition("-")[0] in _PLAIN_FILES


def _is_mentioned(
    model: SemanticModel, stage: Stage, instruction: Instruction, destination: str
) -> bool:
    instructions = model.tree.instructions
    named = re.compile(re.escape(destination) + r"(?![\w.-])")
    source = instruction.line.source
    end = instruction.line.start
    for one in (stage, *stage.ancestors()):
        begin = instructions[one.first].line.stop
        last = end if one is stage else instructions[one.last - 1].line.stop
        if named.search(source, begin, last) is not None:
            return True
    return False
