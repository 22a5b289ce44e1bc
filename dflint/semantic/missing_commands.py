"""Commands that an image surely does not have, and that nothing has brought before.

What is in an image is known for bare systems alone. Nothing is said after an installation of a
package of which it is not known that it brings nothing else, nor after anything that may put a
program there.
"""

from __future__ import annotations

from functools import cache

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.base_systems import moves
from dflint.semantic.known_images import short_name
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.words import Word

#: Commands by the package that has them, on Debian and Ubuntu; none is in their images.
_DEB = """
curl: curl
wget: wget
git: git
sudo: sudo
python3-pip: pip3
make: make
gcc: gcc
g++: g++
unzip: unzip
zip: zip
nodejs: node
npm: npm
cmake: cmake
vim: vim
ruby: ruby gem
ruby-bundler: bundle
golang-go: go
cargo: cargo
maven: mvn
jq: jq
rsync: rsync
software-properties-common: add-apt-repository
locales: locale-gen
"""
#: The same on Alpine.
_APK = """
curl: curl
bash: bash
git: git
sudo: sudo
python3: python3
py3-pip: pip3
make: make
gcc: gcc
g++: g++
zip: zip
nodejs: node
npm: npm
cmake: cmake
ruby: ruby gem
ruby-bundler: bundle
go: go
cargo: cargo
maven: mvn
jq: jq
rsync: rsync
shadow: useradd usermod groupadd
"""
#: Commands of another system's package manager: never there.
_FOREIGN = {
    "apk": ("apt-get", "yum", "dnf", "add-apt-repository"),
    "deb": ("apk", "yum", "dnf"),
}
#: Ubuntu before 16.04 has these.
_BEFORE = ("locale-gen", "sudo")
_OLD = ("trusty", "precise", ":14.", ":12.", ":13.", ":15.", ":10.", "vivid", "wily", "utopic")
#: Packages that bring a compiler and what is called with it, or may.
_COMPILING = ("gcc", "g++", "make", "cmake")
#: Packages that bring none of the commands above but their own.
_PLAIN = frozenset((
    "apt-transport-https", "apt-utils", "bash", "bc", "bzip2", "ca-certificates", "coreutils",
    "cron", "curl", "gcc", "git", "make", "nginx", "python", "python3", "python3-dev", "supervisor",
    "musl-dev", "linux-headers", "libffi-dev", "openssl-dev", "libc-dev", "redis-server", "redis",
    "dos2unix", "file", "gettext-base", "gnupg", "gnupg2", "iproute2", "iputils-ping",
    "jq", "less", "libc6-compat", "locales", "lsb-release", "nano", "net-tools", "netcat",
    "netcat-openbsd", "openssl", "openssh-client", "procps", "psmisc", "rsync", "sudo", "tar",
    "telnet", "tini", "tzdata", "unzip", "vim", "wget", "xz-utils", "zip", "dnsutils",
))  # fmt: skip
#: Programs that put no others there.
_HARMLESS = frozenset((
    "[", "apk", "apt", "apt-get", "apt-key", "cat", "cd", "chgrp", "chmod", "chown", "cp", "date",
    "dpkg-reconfigure", "echo", "env", "exit", "export", "find", "grep", "groupadd", "adduser",
    "addgroup", "useradd", "ln", "locale-gen", "ls", "mkdir", "mv", "printf", "pwd", "rm", "sed",
    "set", "sleep", "test", "touch", "true", "update-locale", "uname", "usermod", "cut", "head",
    "tail", "tee", "unset", ":", "update-ca-certificates", "passwd", "chpasswd", "dpkg-divert",
    "debconf-set-selections", "mknod", "sysctl", "ulimit", "umask", "tr", "sort", "xargs", "awk",
    "gpg",
))  # fmt: skip
#: What tells that it is asked before whether a program is there, or may be.
_GUARDS = ("if ", "command -v", "which ", "||", "function", "()", "case ")
_INSTALL = {"apt-get": "install", "apt": "install", "apk": "add"}


class MissingCommand:
    """The word that names a missing program, and the package that has it (empty for none)."""

    __slots__ = ("image", "name", "package", "word")

    def __init__(self, word: Word, name: str, package: str, image: str) -> None:
        self.word = word
        self.name = name
        self.package = package
        self.image = image


def missing_commands(model: SemanticModel, programs: Iterable[Program]) -> Iterator[MissingCommand]:
    """The first command of each stage whose program is surely not there."""
    states: dict[int, _State | None] = {}
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or program.occurrence.is_trigger or program.parent is not None:
            continue
        if stage.index not in states:
            states[stage.index] = _begun(stage)
        state = states[stage.index]
        if state is not None and state.is_open:
            found = state.run(program)
            if found is not None:
                yield found


def _begun(stage: Stage) -> _State | None:
    """What is known at the beginning of a stage; None where that is nothing."""
    image = (stage.ancestors() or [stage])[-1].image
    kind = _system_of(image)
    return None if kind is None else _State(kind, image, stage)


class _State:
    """What is known of the programs in a stage so far; `is_open` while that is of use."""

    __slots__ = (
        "_brought",
        "_foreign",
        "_order",
        "_packages",
        "_stage",
        "image",
        "is_open",
        "kind",
    )

    def __init__(self, kind: str, image: str, stage: Stage) -> None:
        self.kind = kind
        self.image = image
        self.is_open = stage.base is None
        self._stage = stage
        self._order = 0
        self._brought: set[str] = set()
        self._packages = _packages(kind, contains_any(image, _OLD))
        self._foreign = _FOREIGN[kind]

    def run(self, program: Program) -> MissingCommand | None:
        """Take in what a program does; the first command that finds no program."""
        if self._has_copied(program):
            self.is_open = False
            return None
        text = program.script.text
        guarded = _guarded_from(text)
        for call in program.invocations:
            name = call.name
            if name is None or call.word is not None:
                self.is_open = False
                return None
            found = None
            if call.command.start < guarded and not _has_alternative(text, call.command):
                found = self._missing(call.command)
            if found is not None:
                self.is_open = False
                return found
            if not self._takes(call):
                self.is_open = False
                return None
        return None

    def _missing(self, command: Command) -> MissingCommand | None:
        """The program that a command calls by its name, or `sudo` before it, if it is not there."""
        for word in (command.name, command.program_word):
            name = None if word is None else word.value
            if word is None or name is None:
                continue
            package = "" if name in self._foreign else self._packages.get(name)
            if package is not None and package not in self._brought:
                return MissingCommand(word, name, package, self.image)
        return None

    def _takes(self, call: Invocation) -> bool:
        """Whether it is known what a call brings."""
        name = call.name or ""
        if name not in _HARMLESS and name not in ("curl", "wget", "git", "tar", "unzip", "sudo"):
            return False
        if name in ("curl", "wget", "tar", "unzip", "git", "mv", "cp", "ln", "sudo"):
            return False  # may put a program anywhere
        if _INSTALL.get(name) != call.verb:
            return True
        for operand in call.operands:
            package = (operand.value or "").partition("=")[0]
            is_library = package.startswith("lib") and package.endswith("-dev")
            if package in ("build-essential", "build-base") or is_library:
                self._brought.update(_COMPILING)
            elif package not in _PLAIN:
                return False
            if package == "python3" and self.kind == "apk" and not moves(self.image):
                self._brought.add("py3-pip")  # a part of it before 3.12
            self._brought.add(package)
        return True

    def _has_copied(self, program: Program) -> bool:
        """Whether files were copied that may be programs, or a RUN could not be read.

        Looked at is what stands between the last program that was asked for and this one.
        """
        instructions = self._stage.instructions
        start = program.instruction.line.start
        while self._order < len(instructions) and instructions[self._order].line.start < start:
            one = instructions[self._order]
            self._order += 1
            if isinstance(one, (Copy, Add)):
                target = one.reading.arguments[-1] if one.reading.arguments else ""
                if "bin" in target or target in ("/", ".", "./") or isinstance(one, Add):
                    return True
                if one.reading.flag("from") is not None:
                    return True
            elif isinstance(one, Run) and (one.reading.is_json or one.reading.flags):
                return True
        return False


def _guarded_from(text: str) -> int:
    """Where it may have been asked whether a program is there, or a failure may not count."""
    ends = [text.find(mark) + len(mark) for mark in _GUARDS if mark in text]
    return min(ends, default=len(text) + 1)


def _has_alternative(text: str, command: Command) -> bool:
    """Whether something else is done where a command fails."""
    at = command.end
    while text[at : at + 1].isspace():
        at += 1
    return text[at : at + 2] == "||"


def _system_of(image: str) -> str | None:
    name, _, tag = short_name(image).partition(":")
    if name == "alpine":
        return "apk"
    return "deb" if name in ("debian", "ubuntu") and "windows" not in tag else None


@cache
def _packages(kind: str, is_old: bool) -> dict[str, str]:
    """The package that has a command; in an old release some commands came with the system."""
    found: dict[str, str] = {}
    for line in (_APK if kind == "apk" else _DEB).strip().splitlines():
        package, _, commands = line.partition(":")
        for command in commands.split():
            if command not in _BEFORE or not is_old:
                found[command] = package
    return found
