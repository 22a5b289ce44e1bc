"""What a script leaves to one that is put behind it in the same shell and container.

Two RUNs have a shell and a container each. In one RUN the second would find the directory, the
variables and the options that the first has set, its background processes, and what it wrote to
files that are there for one RUN alone.
"""

from __future__ import annotations

from dflint.shell.commands import Command
from dflint.shell.inner_scripts import SHELLS, inner_scripts
from dflint.shell.statements import Construct, Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.shell.script import Script
    from dflint.shell.words import Word

#: Commands of the shell that change what later commands of it find, or end it.
_BUILTINS = frozenset((
    ".", "alias", "bg", "bind", "builtin", "cd", "command", "declare", "disown", "enable", "eval",
    "exec", "exit", "export", "fc", "getopts", "hash", "history", "let", "local", "logout",
    "mapfile", "newgrp", "popd", "pushd", "read", "readarray", "readonly", "return", "set", "shift",
    "shopt", "source", "suspend", "trap", "typeset", "ulimit", "umask", "unalias", "unset",
    # Functions that set variables.
    "nvm", "rvm", "conda", "sdk", "module", "workon",
))  # fmt: skip
#: The same by one of these words alone.
_SWITCHING = frozenset(("activate", "deactivate", "load", "shell", "use"))
_SWITCHES = frozenset((
    "conda", "direnv", "fnm", "gvm", "mamba", "micromamba", "nodenv", "pyenv", "rbenv",
))  # fmt: skip
#: Builtins of the table that leave nothing in the shell by themselves.
_LEAVING = frozenset(("builtin", "cd", "command", "exit", "history", "suspend"))
#: Programs that set what is there for one container.
_OF_CONTAINER = frozenset((
    "hostname", "ifconfig", "ip", "iptables", "losetup", "mount", "sysctl", "umount",
))  # fmt: skip
#: Expansions that assign or tell of a job, and parameters that tell of the command before.
_ASSIGNING = LazyPattern(r"\$\{[A-Za-z_]\w*+:?=|\(\(|\$\[|\$!|\bprintf[ \t]++-v")
_OF_BEFORE = LazyPattern(r"\$\{?[_!](?!\w)")
#: What is there for one RUN alone.
_OF_ONE_RUN = ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/dev/", "/proc", "/sys/")
_NULL = LazyPattern(r"/dev/(?:null|std\w++|urandom|random|zero)(?!\w)")

#: What tells the next RUN its home and its groups, and programs that change it for a user.
_ACCOUNTS = ("/etc/passwd", "/etc/group")
_CHANGING = frozenset(("addgroup", "adduser", "gpasswd", "usermod"))

#: Programs that may put another one in the place of the shell itself.
_REPLACING = frozenset((
    "cp", "dpkg-divert", "dpkg-reconfigure", "install", "ln", "mv", "rm", "update-alternatives",
))  # fmt: skip
#: Shells that read no file of their own where they are given a script.
_PLAIN_SHELLS = ("sh", "bash", "ash", "dash", "ksh", "mksh")

#: Programs that do what they are told and are gone when they end.
_PASSING = frozenset((
    "[", "a2dismod", "a2dissite", "a2enmod", "a2ensite", "add-apt-repository", "addgroup",
    "adduser", "apk", "apt", "apt-get", "apt-key", "apt-mark", "aptitude", "base64", "cat", "chgrp",
    "chmod", "chown", "chsh", "cp", "curl", "cut", "date", "dd", "diff", "dnf",
    "docker-php-ext-configure", "docker-php-ext-enable", "docker-php-ext-install", "dpkg",
    "easy_install", "echo", "false", "file", "git", "go", "grep", "groupadd", "groupmod", "gunzip",
    "gzip", "head", "install", "ldconfig", "ln", "locale-gen", "localedef", "ls", "md5sum",
    "microdnf", "mkdir", "mktemp", "mv", "openssl", "pacman", "passwd", "patch", "pecl", "printf",
    "pwd", "rm", "rmdir", "rpm", "sed", "sha1sum", "sha256sum", "sha512sum", "sleep", "sort",
    "stat", "tail", "tar", "tdnf", "test", "touch", "tr", "true", "uname", "unlink", "unxz",
    "unzip", "update-alternatives", "update-ca-certificates", "update-locale", "useradd", "userdel",
    "usermod", "wc", "wget", "which", "whoami", "xz", "yum", "yum-config-manager", "zip", "zypper",
))  # fmt: skip
_CLEANING = frozenset(("purge", "autoremove", "del", "remove", "erase", "clean", "uninstall"))
#: Programs that start services.
_SERVICES = frozenset((
    "service", "systemctl", "supervisorctl", "pg_ctl", "pg_ctlcluster", "mysqld_safe", "nohup",
    "redis-server", "nginx", "apachectl", "start-stop-daemon", "daemon", "setsid", "Xvfb",
    "dbus-launch", "gpg-agent", "postgres", "ssh-agent",
))  # fmt: skip
#: The same where they install packages; what else they run is the project's.
_INSTALLERS = frozenset(("gem", "npm", "pip", "pnpm", "yarn"))
_INSTALLING = frozenset(("install", "i", "ci", "add"))


def leaves_shell(script: Script) -> bool:
    """Whether what comes behind `&&` finds the shell as a new one would be, and comes to run.

    True for one plain command or a subshell that runs in the foreground.
    """
    statements = script.root.statements
    if len(statements) != 1 or script.comments:
        return False
    (statement,) = statements
    if statement.operator_after not in (None, ";"):
        return False
    text = script.text
    if _ASSIGNING.get().search(text) or "<<" in text or "$'" in text:
        return False
    if isinstance(statement, Construct):
        return statement.kind is Kind.SUBSHELL and not any(
            one.operator_after == "&" for one in script.commands
        )
    return isinstance(statement, Command) and _leaves_shell(statement)


def list_leaves_shell(script: Script) -> bool:
    """The same of a list of plain commands and pipelines that `&&` joins.

    One of them may be a program that another one has replaced: that is not known.
    """
    statements = script.root.statements
    text = script.text
    if len(statements) != 1 or script.comments or _ASSIGNING.get().search(text):
        return False
    (whole,) = statements
    if not isinstance(whole, Construct) or whole.kind is not Kind.AND_OR or "<<" in text:
        return False
    if whole.operator_after not in (None, ";") or "$'" in text:
        return False
    if any(whole.operator(at) != "&&" for at in range(len(whole.statements) - 1)):
        return False
    for one in whole.statements:
        if isinstance(one, Construct):
            if one.kind is not Kind.PIPELINE:
                return False
        elif not isinstance(one, Command) or not _leaves_shell(one):
            return False
    return True


def _leaves_shell(command: Command) -> bool:
    name = command.name_value
    if name is None or name in _BUILTINS or "/bin/activate" in command.text:
        return False
    # A shell remembers where a program is; one that replaces itself may be elsewhere then.
    return not _is_looked_up(command) or not _names(command, _unversioned(name))


def _is_looked_up(command: Command) -> bool:
    """Whether the shell has to find a command's program: one with a path is where that says."""
    return bool(command.words) and "/" not in command.words[0].text


def remembers_another(scripts: Sequence[Script], later: Script) -> bool:
    """Whether one shell for all would run another program than the last script means.

    It remembers where it found a program: not in the place where a script between has put one of
    the same name.
    """
    called = {
        _unversioned(one.name_value)
        for one in later.commands
        if one.name_value and _is_looked_up(one)
    }
    for name in called:
        is_known = False
        for script in scripts:
            if is_known and any(_names(command, name) for command in script.commands):
                return True
            is_known = is_known or any(
                one.name_value and _is_looked_up(one) and _unversioned(one.name_value) == name
                for one in script.commands
            )
    return False


def _names(command: Command, program: str) -> bool:
    return any(_unversioned(_base(word.text)) == program for word in command.arguments)


def _unversioned(program: str) -> str:
    """The name without what `pip3` and `pip3.12` have behind it."""
    return program.rstrip(".0123456789") or program


def _base(operand: str) -> str:
    return operand.strip("\"'").rpartition("/")[2].partition("@")[0].partition("=")[0]


def asks_for_more(script: Script) -> bool:
    """Whether a script looks at what the command before it in the same shell has left."""
    return _OF_BEFORE.get().search(script.text) is not None


def belongs_together(script: Script, command: Command) -> bool:
    """Whether what stands behind a command needs the shell or the container of what is before."""
    first, rest = script.text[: command.start], script.text[command.end :]
    if _ASSIGNING.get().search(first) or _OF_BEFORE.get().search(rest) or _names_passing(first):
        return True
    for construct in script.constructs:
        if construct.start < command.start and construct.kind in (Kind.FUNCTION, Kind.LOOP):
            header = construct.header
            if construct.kind is Kind.FUNCTION or (header and f"${header[0].text}" in rest):
                return True
    before = (one for one in script.commands if one.start < command.start)
    return any(map(_holds_on, before))


def _holds_on(command: Command) -> bool:
    name = command.name_value
    if command.program in _OF_CONTAINER:
        return True
    if name in _SWITCHES:
        return any(word.text in _SWITCHING for word in command.arguments)
    return name in _BUILTINS and name not in _LEAVING and command.is_in_body_shell


def _names_passing(text: str) -> bool:
    text = _NULL.get().sub("", text)
    return any(name in text for name in _OF_ONE_RUN)


def writes_passing_files(script: Script) -> bool:
    """Whether a script may write to files that are there for one RUN alone."""
    return _names_passing(script.text)


def replaces_shell(script: Script) -> bool:
    """Whether a script may change which shell a path names, so that the next RUN has another."""
    return any(
        command.program in _REPLACING
        and any(_base(word.text) in SHELLS for word in command.arguments)
        for command in script.commands
    )


def changes_root(script: Script) -> bool:
    """Whether a script may change the home or the groups that root has in the next RUN."""
    if any(name in script.text for name in _ACCOUNTS):
        return True
    return any(
        command.program in _CHANGING and any(word.value == "root" for word in command.arguments)
        for command in script.commands
    )


def starts_plainly(words: Sequence[str]) -> bool:
    """Whether the shell of RUN, by its words, reads nothing but the script.

    What a login shell, an interactive one or a program around the shell reads first, a RUN before
    may have written.
    """
    names = [word.rpartition("/")[2] for word in words]
    if names[:1] == ["env"]:
        names = names[1:]
    if not names or names[0] not in _PLAIN_SHELLS:
        return False
    for name in names[1:]:
        if name == "--login" or name == "--rcfile" or name == "--init-file":
            return False
        if name[:1] == "-" and name[:2] != "--" and ("l" in name or "i" in name):
            return False
    return True


def leaves_container(script: Script) -> bool:
    """Whether nothing is sure to run on when the script's commands have ended.

    Known of some programs alone; any other one may start a service.
    """
    return all(map(is_passing, script.commands))


def cleans_up(command: Command) -> bool:
    """Whether a command removes what others of the same layer may have brought."""
    if command.name_value in ("rm", "rmdir"):
        return True
    return any(word.text in _CLEANING for word in command.arguments)


def may_start_service(script: Script, before: Command) -> bool:
    """Whether a command before another one may leave a service running that this one needs."""
    first = [command for command in script.commands if command.start < before.start]
    if any(map(_may_start, first)):
        return True
    return any(
        inner.command.start < before.start and any(map(_may_start, inner.script.commands))
        for inner in inner_scripts(script)
    )


def _may_start(command: Command) -> bool:
    program = command.program
    if program is None or command.operator_after == "&" or "init.d/" in command.text:
        return True
    if program in _PASSING:
        return False
    is_daemon = program.endswith("d") and program.islower() and len(program) > 3
    starts = any(word.text in ("start", "restart", "--daemon", "-d") for word in command.arguments)
    return is_daemon or starts or program in _SERVICES or program.startswith("start")


def _is_symbolic(word: Word) -> bool:
    text = word.text
    return text == "--symbolic" or (text[:1] == "-" and text[:2] != "--" and "s" in text)


def is_passing(command: Command) -> bool:
    """Whether a command is known to do what it is told, and to leave nothing running."""
    program = command.program
    if command.operator_after == "&" or program is None:
        return False
    name = "pip" if program.startswith("pip") else program
    if name == "ln" and not any(map(_is_symbolic, command.arguments)):
        return False  # in a layer of its own a change of one name leaves the other as it was
    if name in _INSTALLERS:
        return not _INSTALLING.isdisjoint(word.text for word in command.arguments)
    return name in _PASSING
