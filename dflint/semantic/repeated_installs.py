"""Installations of dependencies that every change of the sources repeats.

The cache of a COPY is decided by what it copies, that of a RUN by the steps before it (Docker
documentation, "Build cache invalidation").
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.expand import ExpansionError, expand_word
from dflint.semantic.install_hints import DEPENDENCY_MARKS, mentions
from dflint.semantic.run_scripts import run_script
from dflint.semantic.source_copies import UNKNOWN_DIRECTORY, CopiedSources
from dflint.semantic.stage_shell import stage_shells
from dflint.semantic.state import join_workdir
from dflint.shell.packages import (
    PLAIN_PROGRAMS,
    SYSTEM_MANAGERS,
    building_manager,
    find_installation,
    plain_operands,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.source_copies import SourceCopy
    from dflint.semantic.stage_shell import StageShell
    from dflint.semantic.stages import Stage
    from dflint.shell.commands import Command
    from dflint.shell.packages import Installation
    from dflint.shell.script import Script

#: Directories of installed dependencies, which another stage may have prepared.
_PREPARED = (
    "node_modules", "vendor", "venv", "site-packages", "/target", ".m2", ".gradle", "/go/pkg",
    "/usr/local/bundle", ".cargo", ".nuget", "deps",
)  # fmt: skip

#: Where the managers of a system keep packages and lists.
_OF_SYSTEM = (
    "/var/cache/apt", "/var/lib/apt", "/var/cache/apk", "/etc/apk/cache", "/var/cache/yum",
    "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/zypp", "/var/lib/dpkg",
)  # fmt: skip


class RepeatedInstallation:
    """An installation that each change of the sources repeats, and the copy that makes it so.

    `manifests` are the files that decide what is installed, as the build context names them.
    `has_manifests` tells that they are copied by themselves, too.
    """

    __slots__ = ("copy", "has_manifests", "installation", "manifests")

    def __init__(
        self, copy: SourceCopy, installation: Installation, directory: str, has_manifests: bool
    ) -> None:
        self.copy = copy
        self.installation = installation
        self.has_manifests = has_manifests
        self.manifests = tuple(
            copy.context_path(_path(directory, name)) for name in installation.manifests
        )


def repeated_installations(model: SemanticModel) -> Iterator[RepeatedInstallation]:
    """Find the first dependency installation that each COPY of sources makes repeat itself.

    Not where the manager was at work before, where another stage gives what is installed, nor
    where a mount brings the sources or keeps what was fetched.
    """
    shells = stage_shells(model.tree)
    installed: dict[int, frozenset[str]] = {}
    for stage in model.stages:
        done = set(installed.get(stage.base.index, ())) if stage.base is not None else set()
        yield from _repeated_in(model, stage, shells, done)
        installed[stage.index] = frozenset(done)


def _repeated_in(
    model: SemanticModel, stage: Stage, shells: dict[Instruction, StageShell], done: set[str]
) -> Iterator[RepeatedInstallation]:
    """Find those of a stage; `done` are the managers that have been at work, and is added to."""
    sources = CopiedSources()
    told: set[SourceCopy] = set()
    for instruction in stage.instructions:
        if isinstance(instruction, (Copy, Add)):
            if instruction.reading.flag("from") is None:
                sources.add(model, instruction)
            elif any(mark in instruction.line.text for mark in _PREPARED):
                return
        elif isinstance(instruction, Run) and mentions(instruction, DEPENDENCY_MARKS):
            script = run_script(instruction, shells[instruction])
            if script is None:
                continue
            if not sources.has_root:
                done |= _builders(script)
            for repeated in _repeated_by(model, instruction, script, sources, done):
                if repeated.copy not in told:
                    told.add(repeated.copy)
                    yield repeated


def _repeated_by(
    model: SemanticModel, run: Run, script: Script, sources: CopiedSources, done: set[str]
) -> Iterator[RepeatedInstallation]:
    mounts = run.reading.flag_values("mount")
    for installation, directory in _installations(model, run, script):
        is_kept = any(map(_brings_or_keeps, mounts))
        copy = None if is_kept else _source_of(installation, directory, sources, done)
        if copy is not None and directory is not None:
            has_manifests = sources.has_any(_names(installation))
            yield RepeatedInstallation(copy, installation, directory, has_manifests)
        done.add(installation.manager.name)


def _source_of(
    installation: Installation, directory: str | None, sources: CopiedSources, done: set[str]
) -> SourceCopy | None:
    if directory is None or installation.manager.name in done:
        return None
    return sources.source_of(_path(directory, installation.manifests[0]), _names(installation))


#: Other names under which a manifest is often copied: `package*`.
_KINDRED = {"package.json": ("package",), "composer.json": ("composer",)}


def _names(installation: Installation) -> tuple[str, ...]:
    return (*installation.manifests, *_KINDRED.get(installation.manifests[0], ()))


def _path(directory: str, name: str) -> str:
    return join_workdir(directory, name, "linux") or name


def _builders(script: Script) -> set[str]:
    """Name the building managers that a RUN calls, for whatever: tasks may fetch dependencies."""
    managers = map(building_manager, script.commands)
    calls = map(find_installation, script.commands)
    return {
        manager.name
        for manager, call in zip(managers, calls, strict=True)
        if manager is not None and call is None
    }


def _brings_or_keeps(text: str) -> bool:
    """Whether a mount brings files of the context, or keeps what a manager has fetched.

    Not where it keeps the packages of the system alone.
    """
    from dflint.semantic.mount_options import parse_mount

    mount = parse_mount(text)
    if mount.type in ("secret", "ssh"):
        return False
    return mount.type != "cache" or not mount.target.startswith(_OF_SYSTEM)


def _installations(
    model: SemanticModel, run: Run, script: Script
) -> Iterator[tuple[Installation, str | None]]:
    """The installations of a RUN with their directories, up to what may change the manifests."""
    directory: str | None = model.state_before(run).workdir or UNKNOWN_DIRECTORY
    for command in script.commands:
        installation = find_installation(command)
        if installation is not None:
            yield installation, _join(model, run, directory, installation.directory)
        elif command.name_value == "cd":
            target = next((word.text for word in command.operands), "~")
            directory = _join(model, run, directory, target)
        elif not _leaves_manifests(command):
            return


def _join(model: SemanticModel, run: Run, directory: str | None, path: str) -> str | None:
    if directory is None or path.startswith(("~", "-")) or "`" in path or "$(" in path:
        return None
    if "$" in path or '"' in path or "'" in path:
        environment = model.environment(run)
        try:
            expansion = expand_word(path, environment, "\\")
        except ExpansionError:
            return None
        if not all(reference.found for reference in expansion.references):
            return None
        path = expansion.text
    return join_workdir(directory, path, "linux")


def _leaves_manifests(command: Command) -> bool:
    """Whether a command before an installation hardly makes or changes its manifests."""
    program = command.program or command.name_value
    if not command.words:
        return True
    if program is None:
        return False
    if program in PLAIN_PROGRAMS or program in SYSTEM_MANAGERS or program.startswith("pip"):
        return not any(redirect.operator.startswith(">") for redirect in command.redirects) or (
            program in ("echo", "printf") and "json" not in command.text
        )
    if program in ("npm", "yarn", "pnpm", "bun", "composer", "bundle", "poetry", "git", "cargo"):
        operands = plain_operands(command.arguments)
        return not operands or operands[0].text in (
            *("config", "global", "cache", "set", "install", "i", "add", "self-update", "self"),
            *("require",),
        )
    return program.startswith("python") and any(
        word.text in ("venv", "pip", "ensurepip", "virtualenv") for word in command.arguments
    )
