"""Package managers: which commands install what manifest files name, and which the system's.

Judgements on programs that are no part of a Dockerfile's language, kept as tables.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.shell.commands import Command
    from dflint.shell.words import Word


class DependencyManager:
    """A program that installs the dependencies that its manifest files name.

    `installs` are the actions that need nothing but those files; an empty action is the program
    alone. `builds` are actions that need the sources too and fetch dependencies on the way;
    `prefetch` says what would fetch them without the sources. `takes_names` tells that an operand
    after the action is a package to add, which no manifest decides.
    """

    __slots__ = ("builds", "installs", "manifests", "name", "prefetch", "programs", "takes_names")

    def __init__(
        self,
        name: str,
        installs: str,
        manifests: str,
        builds: str = "",
        prefetch: str = "",
        programs: str = "",
        takes_names: bool = False,
    ) -> None:
        self.name = name
        self.programs = frozenset((programs or name).split())
        self.installs = frozenset(action.strip() for action in installs.split(","))
        self.builds = frozenset(builds.split())
        self.manifests = tuple(manifests.split())
        self.prefetch = prefetch
        self.takes_names = takes_names


_NPM = "install, i, ci, clean-install"
_MAVEN = "dependency:go-offline, dependency:resolve, dependency:resolve-plugins"
DEPENDENCY_MANAGERS = (
    DependencyManager("npm", _NPM, "package.json package-lock.json", takes_names=True),
    DependencyManager("yarn", "install, ", "package.json yarn.lock", takes_names=True),
    DependencyManager("pnpm", "install, i, fetch", "package.json pnpm-lock.yaml", takes_names=True),
    DependencyManager("bun", "install, i, ci", "package.json bun.lock", takes_names=True),
    DependencyManager("bower", "install, i", "bower.json", takes_names=True),
    DependencyManager("pip", "", "requirements.txt"),
    DependencyManager("pipenv", "install, sync", "Pipfile Pipfile.lock", takes_names=True),
    DependencyManager("poetry", "install", "pyproject.toml poetry.lock"),
    DependencyManager("uv", "sync", "pyproject.toml uv.lock"),
    DependencyManager("pdm", "install, sync", "pyproject.toml pdm.lock"),
    DependencyManager("conda", "env create, env update", "environment.yml", programs="conda mamba"),
    DependencyManager("bundle", "install, ", "Gemfile Gemfile.lock", programs="bundle bundler"),
    DependencyManager(
        "composer",
        "install, i",
        "composer.json composer.lock",
        programs="composer composer.phar",
    ),
    DependencyManager("go", "mod download", "go.mod go.sum"),
    DependencyManager("mix", "deps.get", "mix.exs mix.lock"),
    DependencyManager("dart", "pub get", "pubspec.yaml pubspec.lock", programs="dart flutter"),
    DependencyManager("nuget", "restore", "packages.config", programs="nuget nuget.exe"),
    DependencyManager("dotnet", "restore", "*.csproj", "publish build", "`dotnet restore`"),
    DependencyManager(
        "cargo", "fetch", "Cargo.toml Cargo.lock", "build", "it with an empty `src/main.rs`"
    ),
    DependencyManager(
        "mvn",
        _MAVEN,
        "pom.xml",
        "package install verify compile deploy",
        "`mvn dependency:go-offline`",
        programs="mvn mvnw",
    ),
    DependencyManager(
        "gradle",
        "dependencies",
        "build.gradle settings.gradle",
        "build assemble classes jar bootJar shadowJar installDist war compileJava compileKotlin",
        "`gradle dependencies`",
        programs="gradle gradlew",
    ),
    DependencyManager("sbt", "update", "build.sbt", "assembly stage dist package", "`sbt update`"),
    DependencyManager("lein", "deps", "project.clj", "uberjar", "`lein deps`"),
    DependencyManager(
        "swift", "package resolve", "Package.swift", "build", "`swift package resolve`"
    ),
)
_BY_PROGRAM = {program: manager for manager in DEPENDENCY_MANAGERS for program in manager.programs}
#: The package managers of operating systems, with the actions that install.
SYSTEM_MANAGERS = {
    "apt-get": ("install", "upgrade", "dist-upgrade"),
    "apt": ("install", "upgrade", "full-upgrade"),
    "aptitude": ("install", "upgrade"),
    "apk": ("add", "upgrade"),
    "yum": ("install", "update", "upgrade"),
    "dnf": ("install", "update", "upgrade"),
    "microdnf": ("install", "update", "upgrade"),
    "zypper": ("install", "in", "update", "up"),
    "pacman": ("-S", "-Sy", "-Syu"),
}

#: Programs that do what their operands say, run nothing of the project's and change no file of it.
PLAIN_PROGRAMS = frozenset(
    (
        *("set", "export", "echo", "printf", "mkdir", "chmod", "chown", "ln", "true", "rm", "test"),
        *("[", "[[", "curl", "wget", "source", ".", "corepack", "virtualenv", "gem", "nvm", "rvm"),
        *("useradd", "adduser", "groupadd", "addgroup", "ls", "pwd", "cat", "unset", "date", ":"),
        *("uname", "dpkg", "tar", "unzip", "easy_install", "locale-gen", "update-ca-certificates"),
        *("rustup", "docker-php-ext-install", "pecl", "sleep", "whoami", "which", "usermod"),
    )
)

# Options of any of the managers that take the next word as their value.
_VALUED = frozenset(
    (
        *("--prefix", "-C", "--cwd", "--dir", "--working-dir", "-d", "--project", "--path", "-f"),
        *("--registry", "--loglevel", "--cache", "--cache-folder", "--mutex", "--reporter"),
        *("--network-timeout", "--filter", "-F", "--store-dir", "--jobs", "-j", "--retry"),
        *("--without", "--with", "--gemfile", "--userconfig", "--group", "--extra", "--only"),
        *("-c", "--configuration", "-o", "--output", "-r", "--runtime", "--file", "-n", "--name"),
        *("-P", "-p", "-pl", "-s", "--source", "--manifest-path", "--target", "--package"),
        *("--features", "--bin", "--verbosity", "-v", "--framework", "--config-file", "-t"),
        *("--find-links", "--index-url", "-i", "--extra-index-url", "--trusted-host"),
    )
)
#: Options of pip for files of requirements, others that it reads, and where it looks for packages.
_REQUIRING = ("-r", "--requirement")
_FINDING = ("-f", "--find-links")
_ALSO_READ = ("-c", "--constraint", "--build-constraint")
_EXCLUDING = ("-g", "--global", "--offline", "--version", "-v", "-V", "--help", "-h")
_DIRECTORIES = ("--prefix", "-C", "--cwd", "--dir", "--working-dir", "-d", "--project")


class Installation:
    """A command that installs dependencies.

    `action` is how one calls it (`npm ci`); `manifests` the files that decide what is installed.
    `is_build` tells that it builds and fetches dependencies on the way. `directory` is where an
    option lets it work, empty for the shell's directory.
    """

    __slots__ = ("action", "command", "directory", "is_build", "manager", "manifests")

    def __init__(
        self,
        manager: DependencyManager,
        command: Command,
        action: str,
        is_build: bool = False,
        manifests: tuple[str, ...] = (),
    ) -> None:
        self.manager = manager
        self.command = command
        self.action = f"{manager.name} {action}".rstrip()
        self.is_build = is_build
        self.manifests = manifests or manager.manifests
        self.directory = _option_value(command.arguments, _DIRECTORIES)


def find_installation(command: Command) -> Installation | None:
    """What a command installs on behalf of manifest files; None for every other command."""
    program = command.program
    if not program:
        return None
    arguments = command.arguments
    if _is_pip(program):
        return _pip_installation(command, arguments)
    if program.startswith("python") and [word.text for word in arguments[:2]] == ["-m", "pip"]:
        return _pip_installation(command, arguments[2:])
    if program == "uv" and arguments and arguments[0].text == "pip":
        return _pip_installation(command, arguments[1:])
    manager = _BY_PROGRAM.get(program)
    if manager is None or any(word.text in _EXCLUDING for word in arguments):
        return None
    return _manager_installation(manager, command)


def building_manager(command: Command) -> DependencyManager | None:
    """Tell the manager that a command has do something, if it is one that builds as well."""
    manager = _BY_PROGRAM.get(command.program or "")
    if manager is None or not manager.builds or not plain_operands(command.arguments):
        return None
    return manager


def _manager_installation(manager: DependencyManager, command: Command) -> Installation | None:
    operands = [word.text.rstrip(",") for word in plain_operands(command.arguments)]
    for size in (2, 1):
        action = " ".join(operands[:size])
        if action in manager.installs and (len(operands) <= size or not manager.takes_names):
            return Installation(manager, command, action)
    if manager.takes_names:
        return None
    # These take several actions in a row, the others one at the beginning.
    if manager.name not in ("mvn", "mix", "gradle", "sbt", "lein"):
        operands = operands[:1]
    for operand in operands:
        if operand in manager.installs or operand in manager.builds:
            return Installation(manager, command, operand, operand in manager.builds)
    return None


def plain_operands(arguments: Sequence[Word]) -> list[Word]:
    """The arguments that are neither options nor, as far as known, the value of one."""
    found: list[Word] = []
    is_value = False
    for word in arguments:
        if is_value:
            is_value = False
        elif word.prefix.startswith("-"):
            is_value = word.text in _VALUED
        else:
            found.append(word)
    return found


def is_system_installation(command: Command) -> bool:
    """Whether a command installs packages of the operating system."""
    actions = SYSTEM_MANAGERS.get(command.program or "")
    if actions is None:
        return False
    if command.program == "pacman":
        return any(word.text in actions for word in command.arguments[:1])
    return any(word.text in actions for word in plain_operands(command.arguments)[:1])


def _is_pip(program: str) -> bool:
    return program.startswith("pip") and (program + "0")[3:].replace(".", "").isdigit()


def _pip_installation(command: Command, arguments: Sequence[Word]) -> Installation | None:
    """A `pip install -r FILE` that installs nothing from the sources themselves."""
    if not arguments or arguments[0].text != "install":
        return None
    files: list[str] = []
    others: list[str] = []
    previous = ""
    for word in arguments[1:]:
        text = word.text.strip("\"'")
        name, equals, value = text.partition("=")
        if equals and name in (*_REQUIRING, *_ALSO_READ, *_FINDING):
            previous, text = name, value
        if text == "--no-index" or previous in _FINDING:
            return None
        if previous in _REQUIRING:
            files.append(text)
        elif text.startswith("-r") and text != "-r":
            files.append(text[2:])
        elif previous in _ALSO_READ:
            others.append(text)
        elif previous not in _VALUED and text.startswith((".", "/", "-e", "--editable")):
            return None
        previous = text
    if not files or any("://" in file for file in (*files, *others)):
        return None
    action = "install -r " + files[0]
    return Installation(_BY_PROGRAM["pip"], command, action, manifests=(*files, *others))


def _option_value(arguments: Sequence[Word], names: tuple[str, ...]) -> str:
    previous = ""
    for word in arguments:
        text = word.text
        if previous in names:
            return text
        name, equals, value = text.partition("=")
        if equals and name in names:
            return value
        previous = text
    return ""
