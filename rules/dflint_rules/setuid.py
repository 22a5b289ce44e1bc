"""The rule `setuid`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.file_modes import given_modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class Setuid(Rule):
    """A file runs as its owner, whoever starts it.

    With the setuid bit a program runs with its owner's rights, mostly root's: a way from any user
    of the container to root, if it has a flaw or does what it is told (`chmod u+s /bin/bash`).
    Give the program the capability that it needs (`setcap cap_net_bind_service=+ep`), run it as
    the user, or start the container as root and give up the rights with `gosu` or `setpriv`.

    Not reported is the setgid bit by itself, which on directories is for shared files.

    chmod(1).
    """

    meta = Meta(
        "setuid",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("CIS-DI-0008",),
    )
    on = (
        Run,
        OnBuild,
        Copy,
        Add,
    )
    mentions = (
        "+s",
        "xs",
        "chmod 47",
        "chmod 45",
        "chmod 67",
        "chmod 77",
        " 4755",
        " 04755",
        " 4711",
        "chmod=47",
        "chmod=67",
        "chmod=77",
        "chmod=04",
        "install -m 4",
        "install -m4",
    )
    bad = "FROM debian:12-slim\nCOPY tool /usr/local/bin/tool\nRUN chmod u+s /usr/local/bin/tool\n"
    good = (
        "FROM debian:12-slim\n"
        "COPY tool /usr/local/bin/tool\n"
        "RUN setcap cap_net_raw=+ep /usr/local/bin/tool\n"
    )
    valid = (
        Valid("FROM a\nRUN chmod a-s b && chmod 2775 c && chmod g+s d && chmod 0755 e\n"),
        Valid("FROM a\nRUN chmod $M b && find / -perm /6000 -exec chmod a-s {} +\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN chmod u+s b && chmod 4755 c\n", at=("u+s", "4755")),
        Invalid("FROM a\nCOPY --chmod=6755 b c\nRUN chmod +s d\n", at=("6755", "+s")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for given in given_modes(doc.tree, doc.programs):
            if given.sets_user:
                yield self.finding(
                    doc,
                    given.span,
                    "whoever starts this file gets its owner's rights; give it a capability with "
                    "`setcap`, "
                    "or run it as that user",
                )
