"""The rule `add-unpack`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.fetched_archives import fetched_archives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument


class AddUnpack(Rule):
    """An archive is fetched and unpacked by commands where `ADD` does both.

    `ADD --unpack=true URL DIR` fetches an archive and unpacks it, with `--checksum` only if it is
    the right one; no `curl` and no `tar` have to be in the image, and the builder asks the server
    whether it has changed.

    Off unless selected: it needs a front end of 1.17 or later, and says nothing of how often to
    try. Not reported is what it cannot do: requests with headers or passwords, parts of an
    archive, `--strip-components`, and what depends on a condition.

    The fix is for root's RUNs that do nothing else, but for `mkdir -p` and `cd` before it and `rm`
    behind it; it is unsafe: older front ends refuse the flag. Where more commands follow it is
    only proposed, for the files have a layer of their own then.

    Dockerfile reference, "ADD --unpack".
    """

    meta = Meta(
        "add-unpack",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-add-unpack",),
        default=False,
        fix="unsafe",
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
        Valid("FROM a\nRUN curl -H 'A: b' https://c.org/d.tgz | tar xz\n"),
        Valid("FROM a\nRUN curl https://b.org/c.tgz | tar tz\n"),
        Valid("FROM a\nRUN curl https://b.org/c.tgz | tar xz --strip-components=1 d/e\n"),
        Valid("FROM a\nRUN if b; then curl https://c.org/d.tgz | tar xz; fi\n"),
        Valid("FROM a\nRUN wget https://b.org/c.tgz && tar xf d.tgz\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN curl https://b.org/c | gunzip | tar -x\n", at="https://b.org/c"),
        Invalid("FROM a\nRUN curl https://b.org/c | tar -xC /d # e\n", at="https://b.org/c"),
        Invalid(
            "FROM a\nARG U=https://b.org/c\nRUN mkdir -p /d && \\\n  cd /d && \\\n  # get\n"
            "  wget -O - $U | tar xz && \\\n  # make\n  cd c && make\n",
            at="$U",
        ),
        Invalid(
            "FROM a\nRUN cd /d && wget -O - https://b.org/c | tar xz && make && rm -r c\n",
            at="https://b.org/c",
        ),
        Invalid(
            "FROM a\nRUN wget -nv https://b.org/c -O - | tar -Jx -C $HOME -f -\n",
            at="https://b.org/c",
        ),
        Invalid(
            "FROM a\nRUN curl -LO https://b.org/c.tgz && tar -xzf c.tgz && rm c.tgz\n",
            at="https://b.org/c.tgz",
            fixed="FROM a\nADD --unpack=true https://b.org/c.tgz .\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN wget -O /t/c.tgz https://b.org/$D; tar xf /t/c.tgz -C /e\n",
            at="https://b.org/$D",
        ),
        Invalid(
            "FROM a\nRUN curl -fsSL https://b.org/c.tgz | tar xz\n",
            at="https://b.org/c.tgz",
            fixed="FROM a\nADD --unpack=true https://b.org/c.tgz .\n",
            unsafe=True,
        ),
        Invalid(
            'FROM a\nRUN wget -qO- "https://b.org/$V.tar" | tar x -C /d\n',
            at='"https://b.org/$V.tar"',
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for url in fetched_archives(program):
                yield self.finding(
                    doc,
                    url.span,
                    "`ADD --unpack=true` fetches and unpacks this without curl and tar",
                    fix=partial(_fix, doc, program, url),
                )


def _fix(doc: Document, program: Program, url: Argument) -> Fix | None:
    import dflint.lint.unpack_fixes as fixes  # costs less each time than a name of it

    return fixes.unpack_by_add(doc, program, url)
