"""The rule `archive-left`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.left_archives import left_archives
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


class ArchiveLeft(Rule):
    """An archive stays in the layer after it was unpacked.

    What was downloaded to be unpacked is in the layer twice: as the archive, and as its files.
    `rm` in the same `RUN` removes it (a later one cannot), and `curl … | tar -x` never writes it.

    Not reported in stages that do not end up in the image, and in directories that are mounts.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "archive-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tarSomethingRmTheSomething",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        ".tar",
        ".tgz",
        ".tbz2",
        ".txz",
        ".zip",
    )
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSLO https://example.org/app.tar.gz && tar -xzf app.tar.gz -C "
        "/opt\n"
    )
    good = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSLO https://example.org/app.tar.gz && tar -xzf app.tar.gz -C "
        "/opt && rm app.tar.gz\n"
    )
    valid = (
        Valid("FROM a\nRUN curl -O https://b.org/c.tar && tar xf c.tar && rm -f *.tar\n"),
        Valid(
            "FROM a AS b\nRUN wget https://b.org/c.tar && tar xf c.tar\nFROM d\nCOPY --from=b e f\n"
        ),
        Valid("FROM a\nCOPY c.tar /\nRUN tar xf /c.tar\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN wget -q https://b.org/c.tar.gz && tar xzf c.tar.gz && make\n",
            at="c.tar.gz",
            fixed=(
                "FROM a\nRUN wget -q https://b.org/c.tar.gz && tar xzf c.tar.gz && rm c.tar.gz"
                " && make\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN wget -q https://b.org/c.tgz && \\\ntar xzf c.tgz && \\\nmake\n",
            at="c.tgz",
            fixed="FROM a\nRUN wget -q https://b.org/c.tgz && \\\ntar xzf c.tgz && \\\n"
            "rm c.tgz && \\\nmake\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN wget https://b.org/c.tar && tar xf c.tar\nRUN x c.tar\n", at="c.tar"),
        Invalid(
            "FROM a\nRUN wget https://b.org/c.tar && tar xf c.tar && (cd d && cp ../*.tar /e)\n",
            at="c.tar",
        ),
        Invalid("FROM a\nRUN wget https://b.org/c*.tar && tar xf c*.tar\n", at="c*.tar"),
        Invalid(
            ("FROM a\nRUN curl -fLo /tmp/b.zip https://b.org/c.zip && unzip -q /tmp/b.zip -d /d\n"),
            at="/tmp/b.zip",
            fixed=(
                "FROM a\nRUN curl -fLo /tmp/b.zip https://b.org/c.zip && unzip -q /tmp/b.zip -d /d"
                " && rm /tmp/b.zip\n"
            ),
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        shipped = shipped_stages(doc.model)
        for program, call, argument in left_archives(doc.programs):
            if program.stage_number in shipped:
                yield self.finding(
                    doc,
                    argument.span,
                    "the archive stays in the layer beside its files; remove it in this RUN, or "
                    "pipe it "
                    "into `tar`",
                    fix=partial(_fix, doc, program, call, argument),
                )


def _fix(doc: Document, program: Program, call: Invocation, argument: Argument) -> Fix | None:
    import dflint.lint.removal_fixes as fixes  # costs less each time than a name of it

    return fixes.remove_behind(doc, program, call.command, argument.word)
