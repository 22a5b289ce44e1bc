"""Whether what an image starts can do without root, as far as the file tells."""

from __future__ import annotations

import re

from dflint.cst.instructions import Cmd, Entrypoint, Expose
from dflint.semantic.last_user import needs_root
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage

#: What begins as root to give it up, wherever the file names it.
_GIVING_UP = (
    "gosu", "su-exec", "s6-", "supervisor", "setpriv", "runuser", "fixuid", "my_init",
    "systemd", "docker.sock", "dockerd", "dind",
)  # fmt: skip
#: Servers, and others, that are started by root and go on as somebody else, or stay root.
_SERVERS = LazyPattern(
    r"(?:\b|_)(?:apache2?|apachectl|cron|crond|cupsd|dhcpd|dnsmasq|haproxy|httpd|iptables|keepalived"
    r"|lighttpd|mongod|mount|mysqld|named|nfs|nginx|ntpd|openresty|openvpn|php-fpm|postfix|proftpd"
    r"|pure-ftpd|rsyslogd|runsvdir|samba|service|slapd|smbd|squid|sshd|start-stop-daemon|su|sudo"
    r"|openconnect|unbound|vsftpd|xinetd|chroot|init)(?![\w-])"
)
#: Programs that run what they are given as whoever starts them.
_PLAIN = frozenset((
    "bun", "bundle", "celery", "daphne", "deno", "dotnet", "flask", "gunicorn", "hypercorn", "java",
    "jupyter", "mix", "node", "nodejs", "npm", "npx", "perl", "php", "pm2-runtime", "pnpm", "puma",
    "python", "python2", "python3", "rails", "ruby", "streamlit", "uvicorn", "yarn",
))  # fmt: skip
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "fish", "tmux", "screen", "pwsh"))
_SCRIPTS = (".sh", ".bash")
_PORT = re.compile(r"(\d+)")


def start_of(stage: Stage) -> list[Instruction]:
    """The ENTRYPOINT and the CMD that a stage ends with, of those in the file."""
    found: list[Instruction] = []
    for kind in (Entrypoint, Cmd):
        for one in (stage, *stage.ancestors()):
            named = [other for other in one.instructions if type(other) is kind]
            if named:
                found.append(named[-1])
                break
    return found


def may_need_root(text: str, model: SemanticModel, stage: Stage) -> bool:
    """Whether the image begins as root to give it up, or has a port or a server of root's.

    What stands in root's home nobody else can read.
    """
    if contains_any(text, _GIVING_UP) or needs_root(model):
        return True
    start = start_of(stage)
    if any(_SERVERS.get().search(one.line.text) or "/root" in one.line.text for one in start):
        return True
    for one in (stage, *stage.ancestors()):
        for instruction in one.instructions:
            if isinstance(instruction, Expose):
                for port in instruction.reading.arguments:
                    found = _PORT.match(port)
                    if found is not None and int(found[1]) < 1024:
                        return True
    return False


def starts_shell(stage: Stage) -> bool:
    """Whether the image starts a shell for somebody to work in."""
    words = [word for one in start_of(stage) for word in _words(one)]
    return all(_base(word) in _SHELLS or word.startswith("-") for word in words)


def starts_script(stage: Stage) -> bool:
    """Whether the image starts a script of the project, which may want root for anything."""
    words = [word for one in start_of(stage) for word in _words(one)]
    return any(word.endswith(_SCRIPTS) or "entrypoint" in word for word in words)


def starts_plainly(stage: Stage) -> bool:
    """Whether the image starts a program that is known to run as whoever starts it."""
    start = start_of(stage)
    words = [word for one in start for word in _words(one)]
    is_plain = bool(words) and _base(words[0]) in _PLAIN and not starts_script(stage)
    return is_plain and not any("root" in word for word in words)


def _words(instruction: Instruction) -> list[str]:
    arguments = instruction.reading.arguments
    words = [word for one in arguments for word in one.split()]
    return words[1:] if words[:1] == ["exec"] else words


def _base(word: str) -> str:
    return word.rpartition("/")[2]
