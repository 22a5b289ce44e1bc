"""Whether the steps of a stage do nothing but build: what they leave is not needed to run."""

from __future__ import annotations

from dflint.semantic.build_results import directory_of
from dflint.semantic.installed_packages import installed_packages
from dflint.semantic.state import join_workdir
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.instructions import Instruction
    from dflint.semantic.build_results import Results
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command

#: Programs that build, fetch sources, or leave nothing.
_BUILDING = frozenset((
    "go", "cargo", "rustup", "mvn", "gradle", "dotnet", "gcc", "g++", "cc", "c++", "clang",
    "clang++", "git", "hg", "svn", "dep", "glide", "godep", "govendor", "go-wrapper", "cd", "set",
    "export", "unset", "echo", "printf", "pwd", "ls", "dir", "true", ":", "test", "[", "rm", "env",
    "uname", "date", "cat", "sleep", "exit",
))  # fmt: skip
_MANAGERS = frozenset(("apt-get", "apt", "apk", "yum", "dnf", "microdnf"))
_MANAGING = frozenset(("install", "update", "upgrade", "clean", "autoremove", "autoclean"))
#: Packages that nothing needs but a build; certificates are brought along.
_PACKAGES = frozenset((
    "apt-utils", "autoconf", "automake", "binutils", "bison", "build-base", "build-essential",
    "bzr", "ca-certificates", "cargo", "clang", "cmake", "curl", "flex", "g++", "gcc", "gcc-c++",
    "git", "go", "golang", "golang-go", "libc-dev", "libc6-dev", "libtool", "linux-headers", "lld",
    "make", "maven", "mercurial", "mold", "musl-dev", "musl-tools", "nasm", "ninja-build",
    "openssh-client", "pkg-config", "pkgconf", "pkgconfig", "protobuf-compiler", "protoc", "rust",
    "rustc", "subversion", "unzip", "upx", "wget", "xz-utils", "yasm",
))  # fmt: skip
#: Where sources and what tools fetch may be.
_SOURCES = ("/go/src", "/go/pkg", "/usr/src", "/root/.m2", "/root/.cargo", "/usr/local/cargo")
#: Where a shell may write what only package managers read.
_LISTS = ("/dev/null", "/dev/stderr", "/dev/stdout", "/etc/apk/", "/etc/apt/")
#: Names of what a program reads when it runs rather than of what it is built from.
_DATA = LazyPattern(
    r"(?i)(?:assets?|conf|config|configs|data|fonts|html|i18n|images|locales?|media|migrations|public"
    r"|resources|scripts|sql|static|templates?|translations|views|web|website|www|\.env.*)"
    r"|(?!(?:cargo|rust-toolchain|pom|settings|packages|global|nuget|gopkg|glide)\b)"
    r".*\.(?:cfg|conf|crt|css|csv|db|html?|ini|jar|key|pem|properties|sh|sql|toml|tmpl|txt|xml"
    r"|ya?ml)"
)


def only_builds(programs: Iterable[Program], results: Results) -> bool:
    """Whether scripts leave nothing but what they build."""
    given = list(programs)
    for _, package in installed_packages(given):
        name = (package.value or "").partition("=")[0]
        if name not in _PACKAGES and not name.startswith("."):
            return False
    return all(
        _is_harmless(program, command, results)
        for program in given
        for command in program.script.commands
    )


def _is_harmless(program: Program, command: Command, results: Results) -> bool:
    for redirect in command.redirects:
        target = redirect.target.value if redirect.target is not None else None
        is_written = ">" in redirect.operator and "&" not in redirect.operator
        if is_written and not (target or "").startswith(_LISTS):
            return False
    name = command.program
    if name is None:
        return not command.words
    if name in _BUILDING:
        return True
    if name in _MANAGERS:
        calls = program.invocations_of(name)
        return all(call.action in _MANAGING for call in calls if call.command is command)
    if name in ("mkdir", "chmod", "strip", "mv", "cp", "sed"):
        return _is_about_results(program, command, name, results)
    return False


def _is_about_results(program: Program, command: Command, name: str, results: Results) -> bool:
    """Whether a command works on what is built, or makes the directory for it."""
    directory = directory_of(program, command)
    words = [argument.value for argument in program.expand(command.arguments)]
    if directory is None or None in words:
        return False
    operands = [word for word in words if word and not word.startswith("-")]
    paths = [join_workdir(directory, word, "linux") or "" for word in operands]
    if name == "sed":
        return bool(paths) and paths[-1].startswith(_LISTS)
    if name == "mkdir":
        return all(is_source_directory(path, results.directories) for path in paths)
    if name == "chmod":
        return len(paths) == 2 and results.has(paths[1])
    return bool(paths) and results.has(paths[0])


def is_source_directory(path: str, directories: Iterable[str]) -> bool:
    """Whether a path is in one of the directories that are built in, above one, or for sources."""
    if path.startswith(_SOURCES):
        return True
    for one in directories:
        if path == one or one.startswith(path.rstrip("/") + "/"):
            return True
        if path.startswith(one.rstrip("/") + "/") and one != "/":
            return True
    return False


def brings_sources(model: SemanticModel, copy: Instruction, results: Results) -> bool:
    """Whether a COPY or ADD brings sources of what is built, of the build context, and no data."""
    reading = copy.reading
    arguments = reading.arguments
    if reading.flag("from") or copy.line.markers or len(arguments) < 2:
        return False
    state = model.state_before(copy)
    if any("$" in argument for argument in arguments):
        return False
    if any("://" in source or source.startswith("git@") for source in arguments[:-1]):
        return False
    names = [source.rstrip("/").rpartition("/")[2] for source in arguments[:-1]]
    if any(_DATA.get().fullmatch(name) for name in names):
        return False
    target = join_workdir(state.workdir, arguments[-1], state.os_family)
    if target is None:
        return False
    if target != "/" and is_source_directory(target, results.directories):
        return True
    folder = target if arguments[-1].endswith("/") else target.rpartition("/")[0] or "/"
    if folder == "/":  # all else that is copied there goes beside what is built
        return folder in results.directories or all(name in ("", ".") for name in names)
    return is_source_directory(folder, results.directories)
