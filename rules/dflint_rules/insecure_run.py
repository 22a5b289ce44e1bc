"""The rule `insecure-run`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.occurrences import Occurrence


class InsecureRun(Rule):
    """A `RUN` has the rights of the host's root.

    With `--security=insecure` a `RUN` keeps all capabilities and has no seccomp profile: what it
    runs, scripts of packages among it, can take over the machine that builds. BuildKit refuses it
    unless the builder and the build allow it (`--allow security.insecure`).

    The fix that leaves the flag out is only proposed: the command may need what it allows.

    Dockerfile reference, "RUN --security".
    """

    meta = Meta(
        "insecure-run",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("S6502",),
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("--security",)
    bad = "FROM debian:12-slim\nRUN --security=insecure ./make\n"
    good = "FROM debian:12-slim\nRUN ./make\n"
    valid = (
        Valid("FROM a\nRUN --security=sandbox b\n"),
        Valid("FROM a\nRUN echo --security=insecure\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN --security=insecure b\n", at="--security=insecure"),
        Invalid(
            "FROM a\nONBUILD RUN --security=insecure --network=none b\n", at="--security=insecure"
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Run):
            if (occurrence.reading.flag("security") or "").lower() == "insecure":
                yield self.finding(
                    doc,
                    occurrence.flag("security"),
                    "what runs here can take over the machine that builds, and needs "
                    "`--allow security.insecure` there; leave it out",
                    fix=partial(_fix, doc, occurrence),
                )


def _fix(doc: Document, occurrence: Occurrence) -> Fix | None:
    import dflint.lint.word_fixes as fixes

    return fixes.leave_flag_out(doc, occurrence, "security")
