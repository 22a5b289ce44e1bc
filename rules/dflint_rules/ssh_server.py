"""The rule `ssh-server`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class SshServer(Rule):
    """An SSH server is installed.

    A container needs no way in of its own: `docker exec` and `kubectl exec` give a shell with the
    rights and the records of the platform. A server has keys and passwords to be kept, and has to
    be kept up to date.

    Off unless selected: `admin-port` reports what is offered.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "ssh-server",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("installing_ssh",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "ssh",
        "dropbear",
    )
    bad = "FROM alpine:3.22\nRUN apk add --no-cache openssh-server\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache openssh-client\n"
    valid = (
        Valid("FROM a\nRUN apt-get install -y openssh-client\n"),
        Valid("FROM a\nRUN apt-get remove -y openssh-server\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y b openssh-server=1\n", at="openssh-server=1"),
        Invalid("FROM a\nRUN apk add openssh dropbear\n", at=("openssh", "dropbear")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for _, argument in installed_packages(doc.programs):
            if argument.prefix.partition("=")[0] in (
                "openssh-server",
                "dropbear",
                "openssh",
                "ssh",
            ):
                yield self.finding(
                    doc,
                    argument.span,
                    "a container needs no server for logging in: `docker exec` does it; leave it "
                    "out",
                )
