"""The rule `unneeded-packages`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_NAMES = frozenset((
    "vim", "vim-tiny", "vim-enhanced", "nano", "emacs", "emacs-nox", "less", "man-db", "man",
    "htop", "telnet", "tree", "screen", "tmux", "strace", "gdb", "nmap", "tcpdump",
))  # fmt: skip


class UnneededPackages(Rule):
    """A package is installed that is for people at a terminal.

    Editors, manuals and tools to look around with make the image larger and help whoever has
    broken in. To look into a running container, start another one beside it with the tools
    (`docker debug`, `kubectl debug`).

    Off unless selected: what an image needs is not in the file.

    Dockerfile best practices, "RUN".
    """

    meta = Meta(
        "unneeded-packages",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "CIS-DI-0003",
            "CIS-DI-0004",
        ),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    bad = "FROM alpine:3.22\nRUN apk add --no-cache curl vim\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl\n"
    valid = (
        Valid("FROM a\nRUN apk add vim-data && echo vim\n"),
        Valid("FROM a\nRUN apt-get remove -y nano\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y vim=2 b\n", at="vim=2"),
        Invalid("FROM a\nRUN dnf install -y nano man-db htop\n", at=("nano", "man-db", "htop")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for _, argument in installed_packages(doc.programs):
            if argument.prefix.partition("=")[0] in _NAMES:
                yield self.finding(
                    doc,
                    argument.span,
                    "nobody sits at a terminal in this image; leave it out, and debug from a "
                    "container "
                    "beside it",
                )
