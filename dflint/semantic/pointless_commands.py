"""Commands that make no sense when an image is built.

A RUN has no terminal, no init system, no processes but its own, and when it ends, all of its
processes end with it.
"""

from __future__ import annotations

import re

from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation

_EDITORS = ("vim", "vi", "nvim", "nano", "emacs")
_DISPLAYS = ("ps", "free", "top", "htop", "mount")
_POWER = ("shutdown", "reboot", "halt", "poweroff")
_SERVICE_VERBS = ("start", "restart", "reload", "force-reload")
# These use no service and leave no process behind.
_IDLE = frozenset((
    "rm", "echo", "printf", "sleep", "exit", "true", ":", "cd", "mkdir", "chmod", "chown", "ls",
    "cat", "set", "export", "service", "[", "test", "touch", "pwd", "wait", "ln", "cp", "mv",
))  # fmt: skip
_CLEANING = ("clean", "remove")
#: The commands that may make no sense, some of them only with certain arguments.
POINTLESS = ("ssh", "service", "kill", "killall", "pkill", *_EDITORS, *_DISPLAYS, *_POWER)


def pointless_commands(program: Program) -> Iterator[tuple[Invocation, str]]:
    """The commands of a program that do nothing for the image, and what happens to each."""
    for call in program.invocations_of(*POINTLESS):
        name = call.name or ""
        reason = ""
        if name == "service":
            reason = _service_reason(program, call)
        elif name == "ssh":
            reason = _ssh_reason(program, call)
        elif name in _POWER:
            reason = "there is no machine to stop in a build; remove it"
        elif name in _EDITORS:
            reason = _editor_reason(call)
        elif name in ("kill", "killall", "pkill"):
            reason = _kill_reason(program, call)
        elif name == "mount" and call.operands:
            reason = _mount_reason(program, call)
        elif _is_for_show(call.command):
            reason = "prints into the build's log what tells nothing of the image; remove it"
        if reason:
            yield call, f"`{name}` {reason}" if reason.startswith("prints") else reason


def _service_reason(program: Program, call: Invocation) -> str:
    verbs = [one.value for one in call.operands]
    if (
        len(verbs) < 2
        or verbs[1] not in _SERVICE_VERBS
        or _others(program, call.command, after=True)
    ):
        return ""
    service = verbs[0] or "the service"
    left = _directory_left_by(service)
    if left:
        return (
            f"`{service}` ends when this RUN does and leaves the directory `{left}`: make that "
            "with `mkdir -p`, and start the server with CMD or ENTRYPOINT, in the foreground"
        )
    return (
        f"`{service}` ends when this RUN does, and that starts it in no container; CMD or "
        "ENTRYPOINT do, in the foreground"
    )


def _directory_left_by(service: str) -> str:
    """The directory that a server needs and that on Debian only its start script makes."""
    if service.startswith("php") and service.endswith("fpm"):
        return "/run/php"
    return "/run/sshd" if service == "ssh" else ""


def _ssh_reason(program: Program, call: Invocation) -> str:
    mounts = program.occurrence.reading.flag_values("mount")
    if not call.operands or any("ssh" in one or "secret" in one for one in mounts):
        return ""
    return (
        "a build has no key that `ssh` could use unless one is left in the image; lend it with "
        "`RUN --mount=type=ssh`"
    )


def _editor_reason(call: Invocation) -> str:
    command = call.command
    is_fed = command.redirects or (command.parent and command.parent.kind is Kind.PIPELINE)
    is_interactive = all(
        not argument.prefix.startswith(("-", "+")) and argument.value != "+"
        for argument in call.arguments
    )
    if is_fed or not is_interactive:
        return ""
    return f"`{call.name}` waits for somebody to type, and a build has no terminal; edit with `sed`"


def _kill_reason(program: Program, call: Invocation) -> str:
    is_query = call.option("-l", "-L", "--list", "--table") is not None
    if is_query or not call.arguments or _others(program, call.command, after=False):
        return ""
    return "each RUN begins without any process of those before; there is nothing to end; remove it"


def _mount_reason(program: Program, call: Invocation) -> str:
    reading = program.occurrence.reading
    if reading.flag("security") == "insecure" or call.command.operator_after == "||":
        return ""
    return (
        "a build may not mount anything, so this fails; use `RUN --mount=…`, or do it when the "
        "container runs"
    )


def _is_for_show(command: Command) -> bool:
    """Whether nothing but the log gets what a command prints."""
    if command.operator_after == "||" or command.is_negated:
        return False
    if any(redirect.descriptor in (None, 1) for redirect in command.redirects):
        return False
    return not any(
        outer.kind in (Kind.SUBSTITUTION, Kind.PROCESS, Kind.CONDITION, Kind.PIPELINE)
        for outer in command.ancestors
    )


def _others(program: Program, command: Command, after: bool) -> bool:
    """Whether a command before or after this one may have to do with a process of the RUN."""
    for other in program.invocations:
        if other.command is command or (other.command.start > command.start) is not after:
            continue
        is_idle = other.name in _IDLE or other.action in _CLEANING or not other.command.words
        if not is_idle or (not after and other.command.operator_after == "&"):
            return True
    if program.parent is not None and program.caller is not None:
        return _others(program.parent, program.caller, after)
    return False


#: What fails where a service does not run.
_ASKING = re.compile(r"\bservice[ \t]+\S+[ \t]+(?:status|reload|force-reload)\b")
#: Services whose start leaves nothing that a container or a later RUN could want.
_LEAVING_NOTHING = frozenset(("cron", "httpd", "nginx", "ntp", "rsyslog", "supervisor"))
#: Others that leave a directory in `/run` alone, and what makes it when the server starts.
_LEAVING_DIRECTORIES = {
    "apache2": ("apachectl", "apache2ctl", "apache2-foreground"),
    "haproxy": (),
    "memcached": (),
    "redis": (),
    "redis-server": (),
}


def replacement_of(call: Invocation, text: str) -> tuple[str, bool] | None:
    """What stands for a pointless command, and whether that is certain; `text` is the file.

    That is nothing, or what makes the directory that it left. None where it may leave something
    else, and where the build ends with it.
    """
    if call.name in ("ps", "free", "top", "htop", "mount"):
        return "", True
    words = [one.value for one in call.operands]
    if call.name != "service" or call.command.redirects or len(words) != 2 or not words[0]:
        return None
    if _ASKING.search(text, call.command.span.end) is not None:
        return None
    directory = _directory_left_by(words[0])
    if directory:
        return f"mkdir -p {directory}", True
    makers = _LEAVING_DIRECTORIES.get(words[0])
    if makers is not None:
        return "", any(one in text for one in makers)
    return ("", True) if words[0] in _LEAVING_NOTHING else None
