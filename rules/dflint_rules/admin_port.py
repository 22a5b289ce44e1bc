"""The rule `admin-port`."""

from __future__ import annotations

import re

from dflint.cst.instructions import Cmd, Entrypoint, Expose
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.exposed_ports import exposed_ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.stages import Stage


_NAMES = {22: "SSH", 23: "Telnet", 3389: "RDP"}
#: What shows that the file is about such a server: a port of that number may be another's.
_SERVER = re.compile(r"sshd|openssh|dropbear|telnetd|xrdp")
_MARKS = {
    22: frozenset(("sshd", "openssh", "dropbear")),
    23: frozenset(("telnetd",)),
    3389: frozenset(("xrdp",)),
}
_SERVERS = ("sshd", "ssh", "telnetd", "xrdp", "dropbear")


class AdminPort(Rule):
    """An image offers a port for logging in from afar.

    Port 22 is SSH's, 23 Telnet's, 3389 that of Windows' desktops. A container needs none of them:
    `docker exec` and `kubectl exec` give a shell, with the rights and the records of the
    platform. A server for it in the image has to be kept up to date, has keys and passwords to be
    kept, and runs beside what the image is for.

    Reported where the file speaks of such a server: of a port alone nobody can tell what listens
    there. Not reported where the image's command is the server: then it is what the image is for.

    Dockerfile reference, "EXPOSE".
    """

    meta = Meta(
        "admin-port",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DS-0004",
            "S6473",
            "CKV_DOCKER_1",
        ),
    )
    on = (Expose,)
    mentions = (
        "sshd",
        "openssh",
        "dropbear",
        "telnetd",
        "xrdp",
    )
    bad = 'FROM debian:12-slim\nCOPY sshd_config /etc/ssh/\nEXPOSE 22 8080\nCMD ["/usr/bin/app"]\n'
    good = 'FROM debian:12-slim\nCOPY app.conf /etc/\nEXPOSE 8080\nCMD ["/usr/bin/app"]\n'
    valid = (
        Valid('FROM a\nRUN sshd\nEXPOSE 2222 80-90 22/udp\nCMD ["b"]\n'),
        Valid("FROM a\nEXPOSE 22 3389\n"),
        Valid('FROM a\nEXPOSE 22\nCMD ["/usr/sbin/sshd", "-D"]\n'),
    )
    invalid = (
        Invalid("FROM a\nARG PORT=22\nRUN apk add openssh\nEXPOSE 80 $PORT\n", at="$PORT"),
        Invalid(
            ('FROM a\nRUN apt-get install -y telnetd xrdp\nEXPOSE 23/tcp 3389\nENTRYPOINT ["b"]\n'),
            at=("23/tcp", "3389"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(Expose):
            for place, _, ports in exposed_ports(doc.model, instruction):
                name = _NAMES.get(ports.first)
                if name is None or ports.first != ports.last or ports.protocol != "tcp":
                    continue
                if _MARKS[ports.first].isdisjoint(_SERVER.findall(doc.text)):
                    continue
                if not _is_server(doc.model.stage_of(instruction)):
                    yield self.finding(
                        doc,
                        doc.place(instruction, *place),
                        f"port {ports.first} is for logging in ({name}), for which a container has "
                        "`docker exec`; leave the server and its port out",
                    )


def _is_server(stage: Stage | None) -> bool:
    """Whether what the stage starts is, or starts, such a server."""
    stages = () if stage is None else (stage, *stage.ancestors())
    return any(
        name in instruction.line.text
        for one in stages
        for instruction in one.instructions
        if isinstance(instruction, (Cmd, Entrypoint))
        for name in _SERVERS
    )
