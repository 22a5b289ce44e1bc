"""The rule `add-unpack`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class AddUnpack(Rule):
    """An archive is fetched and unpacked by commands where `ADD` does both.

    `ADD --unpack=true URL DIR` fetches an archive and unpacks it, with `--checksum` only if it is
    the right one; no `curl` and no `tar` have to be in the image, and the builder asks the server
    whether it has changed.

    Off unless selected: it needs a front end of 1.17 or later, and says nothing of how often to
    try.

    Dockerfile reference, "ADD --unpack".
    """

    meta = Meta(
        "add-unpack",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-add-unpack",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("tar",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
        "RUN curl -fsSL https://example.org/app.tar.gz | tar -xz -C /opt\n"
    )
    good = "FROM buildpack-deps:bookworm\nADD --unpack=true https://example.org/app.tar.gz /opt\n"
    valid = (
        Valid("FROM a\nRUN curl https://b.org/c | sh\n"),
        Valid("FROM a\nRUN cat b.tar | tar x\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN curl -fsSL https://b.org/c.tgz | tar xz\n", at="https://b.org/c.tgz"),
        Invalid(
            'FROM a\nRUN wget -qO- "https://b.org/$V.tar" | tar x -C /d\n',
            at='"https://b.org/$V.tar"',
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        from dflint.shell.statements import Kind

        for program in doc.programs:
            for call in program.invocations_of("curl", "wget"):
                parent = call.command.parent
                if parent is None or parent.kind is not Kind.PIPELINE or call.command.index != 0:
                    continue
                following = parent.statements[1].text.split()
                url = next((one for one in call.operands if "://" in one.prefix), None)
                if url is not None and following[:1] == ["tar"] and "$(" not in url.word.text:
                    yield self.finding(
                        doc,
                        url.span,
                        "`ADD --unpack=true` fetches and unpacks this without curl and tar",
                    )
