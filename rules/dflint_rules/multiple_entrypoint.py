"""The rule `multiple-entrypoint`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Entrypoint, OnBuild
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


class MultipleEntrypoint(Rule):
    """Only the last `ENTRYPOINT` of a stage has an effect.

    An image holds one entry point. Each `ENTRYPOINT` replaces the one before it, so no container
    ever runs the earlier ones. The same holds for two `ONBUILD ENTRYPOINT` in a stage, of which
    the last trigger wins.

    A stage may replace the `ENTRYPOINT` of the stage or image that it is built on.

    Dockerfile reference, "ENTRYPOINT": only the last `ENTRYPOINT` instruction in the Dockerfile
    will have an effect.
    """

    meta = Meta(
        "multiple-entrypoint",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL4004",
            "MultipleInstructionsDisallowed",
            "DS-0007",
            "Multiple_ENTRYPOINT_Instructions_Listed",
            "multiple-entrypoint-instructions",
            "S6589",
            "MULTIPLE_INSTRUCTIONS",
        ),
        options=(KEEP,),
        fix="safe",
    )
    on = (Entrypoint, OnBuild)
    occasion = "repeated entrypoint"
    bad = 'FROM redis:8\nENTRYPOINT ["prepare.sh"]\nENTRYPOINT ["redis-server"]\n'
    good = 'FROM redis:8\nENTRYPOINT ["prepare.sh"]\nCMD ["redis-server"]\n'
    valid = (
        Valid('FROM a AS one\nENTRYPOINT ["x"]\nFROM one\nENTRYPOINT ["y"]\n'),
        Valid('FROM a\nENTRYPOINT ["x"]\nCMD ["y"]\nONBUILD ENTRYPOINT ["z"]\n'),
    )
    invalid = (
        Invalid(
            'FROM a\nENTRYPOINT ["x"]\nCMD ["y"]\nENTRYPOINT ["z"]\n',
            at="ENTRYPOINT",
            fixed='FROM a\nCMD ["y"]\nENTRYPOINT ["z"]\n',
        ),
        Invalid(
            "FROM a\nEntryPoint x \\\n\n  # comment\n  y\nENTRYPOINT z\n",
            at="EntryPoint",
            fixed="FROM a\n# comment\nENTRYPOINT z\n",
        ),
        Invalid(
            "FROM a\nONBUILD ENTRYPOINT x\nONBUILD \\\n  ENTRYPOINT z\nONBUILD ENTRYPOINT y\n",
            at=("ONBUILD ENTRYPOINT", "ONBUILD \\\n  ENTRYPOINT"),
            fixed="FROM a\nONBUILD ENTRYPOINT y\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every ENTRYPOINT and trigger that a later one of its stage replaces."""
        for instruction, last in overridden(doc.tree, Entrypoint):
            counts = doc.place(last, *keyword_place(last))
            yield self.finding(
                doc,
                doc.place(instruction, *keyword_place(instruction)),
                f"the `ENTRYPOINT` on line {doc.lines.line(counts.start)} replaces this one, "
                "which never runs; remove it, or start both from one script",
                (Related(counts, "the one that counts"),),
                partial(_fix, doc, instruction),
            )


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    from dflint.lint.overridden_fixes import drop_overridden

    return drop_overridden(doc, instruction, MultipleEntrypoint.meta.name)
