"""The files that build tools write, as far as their calls tell."""

from __future__ import annotations

import re

from dflint.semantic.known_images import working_directory
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Argument, Invocation

#: What a tool is told where it builds something to run.
_VERBS = {
    "go": ("build", "install"),
    "cargo": ("build", "b", "install"),
    "mvn": ("package", "install", "verify", "deploy"),
    "gradle": ("build", "assemble", "jar", "bootJar", "shadowJar"),
    "dotnet": ("publish",),
}
#: Programs that compile C and C++.
COMPILERS = ("gcc", "g++", "cc", "c++", "clang", "clang++")
#: Options with which a compiler makes no program.
_PARTS = frozenset(("-c", "-S", "-E", "-shared", "-r"))
_TO_OTHERS = frozenset((
    "-C", "-buildmode", "--manifest-path", "--target-dir", "-f", "--file", "-p", "--project-dir",
    "-pl", "--projects",
))  # fmt: skip
_SUFFIXES = (".c", ".cc", ".cpp", ".go")
#: Directories of the last names are there, so that what goes to them keeps its name.
_FOLDERS = ("bin", "sbin")


class Results:
    """What the scripts of a stage build: patterns of the paths of programs.

    `folder` is the one that `dotnet publish` writes; of others only the one file is needed.
    `directories` are those that was built in, `count` is how many calls each made something else,
    `last` the program with the last call.
    """

    __slots__ = ("count", "directories", "folder", "last", "patterns")

    def __init__(self) -> None:
        self.patterns: list[str] = []
        self.directories: list[str] = []
        self.folder = ""
        self.count = 0
        self.last: Program | None = None

    def has(self, path: str) -> bool:
        """Whether a path is of something that was built."""
        return any(re.fullmatch(pattern, path) for pattern in self.patterns)


def results_of(programs: Iterable[Program], tool: str) -> Results | None:
    """What one tool builds in some programs; `cc` stands for compilers.

    None where a call may write elsewhere than can be told.
    """
    names = COMPILERS if tool == "cc" else (tool,)
    found = Results()
    for program in programs:
        calls = {id(call.command): call for call in program.invocations_of(*names)}
        for command in program.script.commands:
            directory = directory_of(program, command)
            call = calls.get(id(command))
            if call is not None and is_build(call, tool):
                if directory is None or not _add(found, call, tool, directory):
                    return None
                found.last = program
            elif command.program in ("mv", "cp") and directory is not None:
                _move(found, program.expand(command.arguments), directory, found.last)
    return found


def directory_of(program: Program, command: Command) -> str | None:
    """The directory that a command runs in; without WORKDIR and `cd` that of the base image.

    The first WORKDIR of the stage, if there is one, is absolute.
    """
    directory = program.directory_at(command)
    if directory is None and not program.script.commands_named("cd", "pushd", "popd"):
        return working_directory(program.base_image)
    return directory


def is_build(call: Invocation, tool: str) -> bool:
    """Whether a call makes something that can be run."""
    values = [argument.value for argument in call.arguments]
    if tool == "cc":
        return "-o" in values and not _PARTS.intersection(value or "" for value in values)
    if tool in ("mvn", "gradle", "dotnet"):
        return any(value in _VERBS[tool] for value in values)
    return call.verb in _VERBS[tool]


def _add(found: Results, call: Invocation, tool: str, directory: str) -> bool:
    """Add what a call makes; False where that is not certain."""
    values = [argument.value for argument in call.arguments]
    words = [value or "" for value in values]
    if None in values and tool != "go":
        return False
    if _TO_OTHERS.intersection(word.partition("=")[0] for word in words):
        return False
    found.directories += [directory, *(one for one in map(_folder, words) if one)]
    made = list(_MAKERS[tool](call, words, directory))
    if tool in ("go", "cc") or (tool == "dotnet" and made) or call.verb == "install":
        found.count += 1
    if tool == "dotnet" and made:
        found.folder = made[0]
        made = [re.escape(made[0]) + r"/[^/]+\.dll"]
    found.patterns += made
    return True


def _folder(word: str) -> str:
    """The directory of a source file that is named with it."""
    return word.rpartition("/")[0] if word.endswith(_SUFFIXES) and word[0] == "/" else ""


def _go(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    if call.verb == "install":
        yield r"/go/bin/[\w.-]+"
        return
    operands = [argument.value or "" for argument in call.operands]
    last = operands[0] if operands else "."
    source = directory if last in (".", "./") else last.removesuffix(".go")
    output = call.option("-o")
    target = output.value if output is not None else ""
    if target is None or any("..." in operand for operand in operands):
        return
    name = source.rstrip("/").rpartition("/")[2]
    path = f"{target}{name}" if not target or target.endswith("/") else target
    yield from _escaped(directory, path)


def _cargo(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    if call.verb == "install":
        root = call.option("--root")
        folder = "/usr/local/cargo" if root is None else root.value or ""
        for one in _escaped(directory, f"{folder}/bin"):
            yield one + r"/[\w.-]+"
        return
    for one in _escaped(directory, "target"):
        yield one + r"/(?:[\w-]+/)?[\w-]+/[\w-]+"


def _mvn(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    yield re.escape(directory.rstrip("/")) + r"/(?:[\w.-]+/)*target/[\w.*-]+\.jar"


def _gradle(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    yield re.escape(directory.rstrip("/")) + r"/(?:[\w.-]+/)*build/libs/[\w.*-]+\.jar"


def _dotnet(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    """The folder that is written, as it is: beside what names a project it has to be absolute."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name not in ("-o", "--output"):
            continue
        value = value if equals else words[at + 1] if at + 1 < len(words) else ""
        names_project = any(not one.startswith("-") for one in words[1:2])
        path = join_workdir(directory, value, "linux") if value else None
        if path and (value.startswith("/") or not names_project):
            yield path


def _cc(call: Invocation, words: list[str], directory: str) -> Iterator[str]:
    target = words[words.index("-o") + 1] if words[-1] != "-o" else ""
    if target and "." not in target.rpartition("/")[2]:
        yield from _escaped(directory, target)


_MAKERS = {
    "go": _go,
    "cargo": _cargo,
    "mvn": _mvn,
    "gradle": _gradle,
    "dotnet": _dotnet,
    "cc": _cc,
}


def _escaped(directory: str, path: str) -> Iterator[str]:
    joined = join_workdir(directory, path, "linux")
    if joined is not None:
        yield re.escape(joined)


def _move(
    found: Results, arguments: Iterable[Argument], directory: str, last: Program | None
) -> None:
    """Add where what was built is moved or copied to."""
    words = [one.value or "" for one in arguments]
    names = [word for word in words if not word.startswith("-")]
    if last is None or len(names) != 2:
        return
    source, target = (join_workdir(directory, name, "linux") or "" for name in names)
    if not found.has(source):
        return
    name = source.rpartition("/")[2]
    if names[1].endswith(("/", ".")) or target.rpartition("/")[2] in _FOLDERS:
        target = f"{target}/{name}"
    if "*" not in target:
        found.patterns.append(re.escape(target))
