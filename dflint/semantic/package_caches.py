"""Caches of package managers that a RUN leaves in its layer.

A layer holds what a RUN has changed when it ends: files that a later RUN removes stay in it.
"""

from __future__ import annotations

import sys

from dflint.cst.instructions import OnBuild
from dflint.semantic.cache_removal import last_removal
from dflint.semantic.old_pip import runs_old_pip
from dflint.semantic.path_patterns import covers
from dflint.semantic.shipped_stages import shipped_stages
from dflint.semantic.tool_settings import source_of
from dflint.shell.caches import CACHES
from dflint.shell.composition import is_passing
from dflint.shell.hidden_options import may_hide_options
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.caches import Cache
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation

# What tells of Yarn 2 or later, whose cache is part of the project, as with Plug'n'Play, or that
# the project says which Yarn it is.
_MODERN_YARN = (
    ".yarnrc.yml", ".yarn/releases", ".yarn/plugins", ".yarn/cache", ".yarn/berry", ".pnp.",
    "--pnp", "enable-pnp", "plugnplay", "PLUGNPLAY", "corepack", "yarn set version",
    *(f"policies set-version {one}" for one in "23456789b"),
    *(f"yarn@{one}" for one in "23456789"), "yarn@berry", "yarn@stable",
)  # fmt: skip
# What has apk keep packages, where somebody wants them.
_APK_CACHES = ("setup-apkcache", "/etc/apk/cache")
_YARN_DIRECTORY = LazyPattern(r"[\s\"]\.yarn[\s\"]")
# Files in which the place of a cache may stand, and how it stands there.
_SETTINGS = {"npm": ".npmrc", "pip": "pip.conf", "yarn": ".yarnrc"}
_SETTING = LazyPattern(r"(?<!-)(?:no-)?cache(?:-dir|-folder)?[ \t]*+=|cache-folder[ \t]")
_MODERN_OPTIONS = (
    "--immutable", "--immutable-cache", "--inline-builds", "--mode", "--check-cache"
)  # fmt: skip


class Leftover:
    """A cache that one RUN leaves in the image.

    `calls` are those after which it is there, in order; `programs` all of that RUN.
    """

    __slots__ = ("cache", "calls", "programs")

    def __init__(self, cache: Cache, calls: list[Invocation], programs: list[Program]) -> None:
        self.cache = cache
        self.calls = calls
        self.programs = programs

    @property
    def first(self) -> Invocation:
        """The first call that leaves it."""
        return self.calls[0]

    @property
    def owners(self) -> list[Program]:
        """The program that each of the calls stands in."""
        if len(self.programs) == 1:
            return self.programs * len(self.calls)
        return [
            program
            for call in self.calls
            for program in self.programs
            if call.command in program.script.commands
        ]


def users_of_cache(leftover: Leftover) -> list[tuple[Program, Command]]:
    """The commands of a RUN behind which its cache may go: that fill it, or work with it."""
    cache = leftover.cache
    users = [
        (owner, call.command) for owner, call in zip(leftover.owners, leftover.calls, strict=True)
    ]
    for program in leftover.programs:
        for call in program.invocations_of(*cache.tools):
            if cache.is_read_by(call):
                users.append((program, call.command))
    return users


def is_offline_behind(leftover: Leftover, last: int) -> bool:
    """Whether the rest of a RUN behind an offset wants to do without a net."""
    line = leftover.programs[0].instruction.line
    return contains_any(line.source[last : line.stop], ("offline", "cacheonly"))


def leftover_caches(
    tree: Dockerfile,
    programs: tuple[Program, ...],
    model: Callable[[], SemanticModel],
    name: str,
) -> Iterator[Leftover]:
    """The caches of one kind that are left in the image, RUN for RUN, in order.

    `name` is a key of `dflint.shell.caches`. Not where the same RUN removes the cache later, where
    it is in a mount, nor in stages that do not reach the image.
    """
    cache = CACHES[name]
    filling: dict[Instruction, tuple[int, list[tuple[Program, Invocation]]]] = {}
    for at, program in enumerate(programs):
        for call in program.invocations_of(*cache.tools):
            if cache.is_filled_by(call):
                known = filling.setdefault(program.instruction, (at, []))
                known[1].append((program, call))
    if not filling:
        return
    caches = _Caches(tree, programs, name)
    shipped: frozenset[int] | None = None
    for at, found in filling.values():
        same = _of_same_run(programs, at)
        stage = same[0].stage_number
        calls = list(caches.left_by(same, found))
        if not calls:
            continue
        if stage >= 0 and shipped is None:
            shipped = shipped_stages(model())
        if shipped is None or stage < 0 or stage in shipped:
            yield Leftover(cache, calls, same)


def _of_same_run(programs: tuple[Program, ...], at: int) -> list[Program]:
    """The programs of the RUN that one of them belongs to, which stand side by side."""
    run = programs[at].instruction
    first, end = at, at + 1
    while first and programs[first - 1].instruction is run:
        first -= 1
    while end < len(programs) and programs[end].instruction is run:
        end += 1
    return list(programs[first:end])


class _Caches:
    """One kind of cache in one file."""

    __slots__ = ("_cache", "_configured", "_name", "_programs", "_tree")

    def __init__(self, tree: Dockerfile, programs: tuple[Program, ...], name: str) -> None:
        self._tree = tree
        self._programs = programs
        self._cache = CACHES[name]
        self._name = name
        self._configured: int | None = None

    def left_by(
        self, programs: list[Program], filling: list[tuple[Program, Invocation]]
    ) -> Iterator[Invocation]:
        """The calls of one RUN after which the cache is there when it ends.

        `programs` are those of the RUN, `filling` the calls in them that fill the cache.
        """
        found = [(call.command.span.start, program, call) for program, call in filling]
        if len(found) > 1:
            found.sort(key=_start)
        cleaned = self._last_cleaning(programs)
        removed: dict[tuple[str, ...], int] = {}
        for start, program, call in found:
            directories = self._directories(program, call) if start > cleaned else ()
            if not directories or _is_mounted(program, directories):
                continue
            last = removed.get(directories)
            if last is None:
                last = removed[directories] = last_removal(programs, directories)
            if start > last and not self._is_kept_elsewhere(program, call):
                yield call

    def _last_cleaning(self, programs: list[Program]) -> int:
        """The offset of the last call that empties the cache, -1 without one."""
        cache = self._cache
        last = -1
        for program in programs:
            for call in program.invocations_of(*cache.cleaning_tools):
                if cache.is_cleaned_by(call):
                    last = max(last, call.command.span.start)
        return last

    def _directories(self, program: Program, call: Invocation) -> tuple[str, ...]:
        """Where a call writes the cache; nowhere if it does not, or if that cannot be told."""
        cache = self._cache
        if cache.off and (may_hide_options(call) or call.option(*cache.off) is not None):
            return ()
        if cache.off_variable and self._setting(program, call, cache.off_variable) != "":
            return ()
        root = call.option(*cache.root)
        if root is not None:
            place = root.value or ""
            return tuple(place.rstrip("/") + one for one in cache.directories) if place else ()
        option = call.option(*cache.elsewhere)
        elsewhere: str | None = ""
        if option is not None:
            elsewhere = option.value
        elif cache.elsewhere_variable:
            elsewhere = self._setting(program, call, cache.elsewhere_variable)
        if elsewhere is None:
            return ()
        return (elsewhere,) if elsewhere else cache.directories

    def _setting(self, program: Program, call: Invocation, name: str) -> str | None:
        """A variable of the program's environment, empty if it is not set; None if not known."""
        command = call.command
        for assignment in command.assignments:
            if assignment.name == name:
                return program.value(assignment.value) if assignment.value is not None else ""
        for word in command.words:
            if word.prefix.startswith(f"{name}="):
                return word.prefix[len(name) + 1 :] or None
        value = program.variables.value(name, command.start)
        if value is None and name in program.script.text:
            return None
        return value or self._trigger_setting(program, name)

    def _trigger_setting(self, program: Program, name: str) -> str:
        """What `ONBUILD ENV` sets for a trigger that comes later."""
        value = ""
        if program.occurrence.is_trigger:
            for instruction in self._tree.instructions:
                if instruction is program.instruction:
                    break
                trigger = instruction.reading.trigger if isinstance(instruction, OnBuild) else None
                if trigger is not None and trigger.keyword == "env":
                    value = dict(trigger.pairs).get(name, value)
        return value

    def _is_kept_elsewhere(self, program: Program, call: Invocation) -> bool:
        """Whether there is no cache, or another one, by what comes before."""
        if self._name == "pip" and runs_old_pip(self._tree, self._programs, program, call):
            return True
        if self._configured is None:
            self._configured = self._configured_from()
        is_modern = self._name == "yarn" and (
            call.option(*_MODERN_OPTIONS) is not None
            or (call.verb != "global" and self._clones_before(call))
        )
        return is_modern or call.command.span.start > self._configured

    def _clones_before(self, call: Invocation) -> bool:
        """Whether the project may be a repository, which says by itself which Yarn it wants."""
        return "git clone" in source_of(self._tree)[: call.command.span.start]

    def _configured_from(self) -> int:
        """The offset from which on a configuration may say where the cache is."""
        source = source_of(self._tree)
        if self._name == "yarn" and _tells_modern_yarn(source):
            return -1
        if self._name == "apk" and contains_any(source, _APK_CACHES):
            return min(at for at in map(source.find, _APK_CACHES) if at >= 0)
        settings = _SETTINGS.get(self._name)
        if settings is not None and settings in source:
            setting = _SETTING.get().search(source)
            if setting is not None:
                return setting.start()
        if "config" not in source:
            return sys.maxsize
        return min(
            (
                call.command.span.start
                for program in self._programs
                for call in program.invocations_of(*self._cache.tools)
                if call.verb == "config"
                and any("cache" in operand.prefix.lower() for operand in call.operands)
            ),
            default=sys.maxsize,
        )


def _tells_modern_yarn(source: str) -> bool:
    if contains_any(source, _MODERN_YARN):
        return True
    return ".yarn" in source and _YARN_DIRECTORY.get().search(source) is not None


def _start(found: tuple[int, Program, Invocation]) -> int:
    return found[0]


def is_for_unseen(leftover: Leftover, programs: Iterable[Program]) -> bool:
    """Whether a RUN that only updates may do so for an installation that is not seen.

    By a Makefile or a script, in the same RUN or in those up to the next call of the tool.
    """
    first = leftover.programs[0]
    tools = leftover.cache.tools
    end = leftover.calls[-1].command.span.end
    for program in leftover.programs:
        if any(call.action != "update" for call in program.invocations_of(*tools)):
            return False
    for program in programs:
        start = program.instruction.line.start
        if program.stage_number != first.stage_number or start < first.instruction.line.start:
            continue
        if program.instruction is not first.instruction and program.invocations_of(*tools):
            return False
        for command in program.script.commands:
            if command.span.start >= end and not is_passing(command):
                return True
    return False


def is_elsewhere(leftover: Leftover) -> bool:
    """Whether somebody has said where the cache is, who may have a use for it there."""
    cache = leftover.cache
    names = [cache.elsewhere_variable, cache.elsewhere_variable.lower()]
    if any("/.cache" in directory for directory in cache.directories):
        names.append("XDG_CACHE_HOME")
    for program, call in zip(leftover.owners, leftover.calls, strict=True):
        if call.option(*cache.elsewhere) is not None:
            return True
        for name in names:
            start = call.command.start
            if any(one.name == name for one in call.command.assignments):
                return True
            if name and (name in program.script.text or program.variables.value(name, start)):
                return True
    return False


#: With these packages are fetched and nothing else: into a directory, or for the cache.
_FETCHING = ("--downloadonly", "--download-only")
_FETCHED_TO = ("--downloaddir", "--destdir")


def is_filled_on_purpose(leftover: Leftover, users: Iterable[tuple[Program, Command]]) -> bool:
    """Whether the cache is what a RUN is for: none of its users works with what is fetched last."""
    last = leftover.calls[-1]
    start = last.command.span.start
    if last.action == "update" and all(user.span.start <= start for _, user in users):
        return True
    fetching = (*_FETCHING, "-d") if leftover.cache.tools[0] == "zypper" else _FETCHING
    return any(
        call.option(*fetching) is not None and call.option(*_FETCHED_TO) is None
        for call in leftover.calls
    )


def is_bound(leftover: Leftover) -> bool:
    """Whether the cache is in a bind mount, where nothing can be removed as a rule."""
    return _is_mounted(leftover.programs[0], leftover.cache.directories, ("bind",))


def _is_mounted(
    program: Program, directories: tuple[str, ...], types: tuple[str, ...] = ("cache", "tmpfs")
) -> bool:
    reading = program.occurrence.reading
    if not reading.flags:
        return False
    mounts = reading.flag_values("mount")
    if not mounts:
        return False
    from dflint.semantic.mount_options import parse_mount

    for text in mounts:
        mount = parse_mount(text)
        if mount.type not in types:
            continue
        # What a variable names may be the place.
        if "$" in mount.target or any(covers(mount.target, one) for one in directories):
            return True
    return False
