"""The rule `multiple-healthcheck`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import HealthCheck, OnBuild
from dflint.lint.options import KEEP
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.overridden import keyword_place, overridden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class MultipleHealthcheck(Rule):
    """Only the last `HEALTHCHECK` of a stage has an effect.

    An image holds one health check. Each `HEALTHCHECK`, `HEALTHCHECK NONE` too, replaces the one
    before it: a container is reported healthy whatever the earlier ones would find. The same
    holds for two `ONBUILD HEALTHCHECK` in a stage, of which the last trigger wins.

    A stage may replace the `HEALTHCHECK` of the stage or image that it is built on.

    Dockerfile reference, "HEALTHCHECK": there can only be one, and if there are more, only the
    last one takes effect.
    """

    meta = Meta(
        "multiple-healthcheck",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3012",
            "MultipleInstructionsDisallowed",
            "DS-0023",
            "MULTIPLE_INSTRUCTIONS",
        ),
        options=(KEEP,),
        fix="safe",
    )
    on = (HealthCheck, OnBuild)
    occasion = "repeated healthcheck"
    bad = (
        "FROM nginx:1.29\n"
        "HEALTHCHECK CMD curl -f http://localhost/\n"
        "HEALTHCHECK CMD curl -f http://localhost:8080/\n"
    )
    good = (
        "FROM nginx:1.29\n"
        "HEALTHCHECK CMD curl -f http://localhost/ && curl -f http://localhost:8080/\n"
    )
    valid = (
        Valid("FROM a AS one\nHEALTHCHECK CMD x\nFROM one\nHEALTHCHECK NONE\n"),
        Valid("FROM a\nHEALTHCHECK CMD x\nCMD y\nONBUILD HEALTHCHECK CMD z\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nHEALTHCHECK CMD x\nHEALTHCHECK NONE\n",
            at="HEALTHCHECK",
            fixed="FROM a\nHEALTHCHECK NONE\n",
        ),
        Invalid(
            "FROM a\nHEALTHCHECK --interval=1m \\\n  # comment\n  CMD x\nHEALTHCHECK CMD y\n",
            at="HEALTHCHECK",
            fixed="FROM a\n# comment\nHEALTHCHECK CMD y\n",
        ),
        Invalid(
            "FROM a\nONBUILD HEALTHCHECK CMD x\nONBUILD HEALTHCHECK NONE\n",
            at="ONBUILD HEALTHCHECK",
            fixed="FROM a\nONBUILD HEALTHCHECK NONE\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every HEALTHCHECK and trigger that a later one of its stage replaces."""
        for instruction, last in overridden(doc.tree, HealthCheck):
            counts = doc.place(last, *keyword_place(last))
            yield self.finding(
                doc,
                doc.place(instruction, *keyword_place(instruction)),
                f"the `HEALTHCHECK` on line {doc.lines.line(counts.start)} replaces this one, "
                "which never runs; remove it, or run both checks from one command",
                (Related(counts, "the one that counts"),),
                partial(_fix, doc, instruction),
            )


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    from dflint.lint.overridden_fixes import drop_overridden

    return drop_overridden(doc, instruction, MultipleHealthcheck.meta.name)
