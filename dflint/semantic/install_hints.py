"""Quick looks that spare most files the reading of shell programs for questions of order."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, From, Run
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction

#: One of these stands in every command that installs dependencies (see `dflint.shell.packages`).
DEPENDENCY_MARKS = (
    "npm", "yarn", "pip", "bundle", "composer", "go mod", "cargo", "mvn", "gradle", "dotnet",
    "poetry", "bower", "bun ", "uv ", "pdm", " env ", "deps.get", "pub get", "nuget", "sbt ",
    "lein ", "swift ",
)  # fmt: skip
#: One of these stands in every command that installs packages of the system.
SYSTEM_MARKS = ("apt", "apk", "yum", "dnf", "zypper", "pacman")

#: The sources that are the whole build context.
ROOTS = frozenset((".", "./", "/", "*", "./*", "..", "../"))
_FILES = frozenset(("makefile", "dockerfile", "gradlew", "mvnw", "entrypoint", "run", "start"))


def installs_dependencies_late(instructions: tuple[Instruction, ...]) -> bool:
    """Tell whether a dependency manager is mentioned after a COPY of sources, in one stage."""
    has_copied = False
    for instruction in instructions:
        kind = type(instruction)
        if kind is From:
            has_copied = False
        elif kind is Copy or kind is Add:
            has_copied = has_copied or takes_directory(instruction)
        elif has_copied and kind is Run and mentions(instruction, DEPENDENCY_MARKS):
            return True
    return False


def installs_system_packages_late(instructions: tuple[Instruction, ...]) -> bool:
    """Tell whether the first RUN after a COPY of sources mentions a system's package manager."""
    has_copied = False
    for instruction in instructions:
        kind = type(instruction)
        if kind is From:
            has_copied = False
        elif kind is Copy or kind is Add:
            has_copied = has_copied or takes_directory(instruction)
        elif has_copied and kind is Run:
            if mentions(instruction, SYSTEM_MARKS):
                return True
            has_copied = False
    return False


def mentions(run: Instruction, marks: tuple[str, ...]) -> bool:
    """Tell whether one of the texts stands in a RUN or its heredocs."""
    line = run.line
    text = line.source[line.start : line.stop] if line.markers else line.text
    return contains_any(text, marks)


def takes_directory(instruction: Instruction) -> bool:
    """Tell whether a source of COPY or ADD may be a directory of the build context."""
    reading = instruction.reading
    if len(reading.arguments) < 2 or reading.flag("from") is not None:
        return False
    return any(map(is_directory, reading.arguments[:-1]))


def is_directory(source: str) -> bool:
    """Tell whether a source of COPY or ADD looks like a directory of the build context."""
    if source in ROOTS or source.endswith("/"):
        return True
    name = source.rpartition("/")[2]
    # `Gemfile`, `LICENSE` and the like are files.
    is_file = name[:1].isupper() or name in _FILES or contains_any(name[1:], ".*?$")
    return not is_file and "://" not in source and "<<" not in source
