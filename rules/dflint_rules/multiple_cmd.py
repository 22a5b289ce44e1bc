"""The rule `multiple-cmd`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd, OnBuild
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


class MultipleCmd(Rule):
    """Only the last `CMD` of a stage has an effect.

    An image holds one default command. Each `CMD` replaces the one before it, so no container
    ever runs the earlier ones: two services in one container need a script or a process manager.
    The same holds for two `ONBUILD CMD` in a stage, of which the last trigger wins.

    A stage may replace the `CMD` of the stage or image that it is built on.

    Dockerfile reference, "CMD": there can only be one `CMD` instruction in a Dockerfile, and if
    there are more, only the last one takes effect.
    """

    meta = Meta(
        "multiple-cmd",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL4003",
            "MultipleInstructionsDisallowed",
            "DS-0016",
            "Multiple_CMD_Instructions_Listed",
            "S6589",
            "MULTIPLE_INSTRUCTIONS",
        ),
        options=(KEEP,),
        fix="safe",
    )
    on = (Cmd, OnBuild)
    occasion = "repeated cmd"
    bad = 'FROM node:22-slim\nCMD ["npm", "run", "migrate"]\nCMD ["node", "server.js"]\n'
    good = 'FROM node:22-slim\nCMD ["node", "server.js"]\n'
    valid = (
        Valid('FROM a AS one\nCMD ["x"]\nFROM one\nCMD ["y"]\n'),
        Valid("FROM a\nCMD x\nONBUILD CMD y\n"),
        Valid('FROM a AS base\nONBUILD CMD x\nFROM base\nCMD ["y"]\nENTRYPOINT ["z"]\n'),
    )
    invalid = (
        Invalid(
            'FROM a\nCMD ["x"]\nRUN y\nCMD ["z"]\n',
            at="CMD",
            fixed='FROM a\nRUN y\nCMD ["z"]\n',
        ),
        Invalid(
            "FROM a\n# above\ncmd x \\\n  # comment\n  y\nCMD w\n\nCMD z",
            at=("cmd", "CMD"),
            fixed="FROM a\n# above\n# comment\n\nCMD z",
        ),
        Invalid(
            "FROM a\nONBUILD CMD x\nCMD y\nONBUILD CMD z\n",
            at="ONBUILD CMD",
            fixed="FROM a\nCMD y\nONBUILD CMD z\n",
        ),
        Invalid(
            "FROM a\n  CMD x \\\n    # comment\n    y\nCMD z\n",
            at="CMD",
            options={"keep": "comment"},
            fixed="FROM a\n#   CMD x \\\n    # comment\n#     y\nCMD z\n",
        ),
        Invalid("FROM a\n# hadolint ignore=DL3025\nCMD x\nCMD z\n", at="CMD"),
        Invalid("FROM a\n{{ if x }}\nCMD x\n{{ else }}\nCMD y\n{{ end }}\n", at="CMD"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every CMD and trigger that a later one of its stage replaces."""
        for instruction, last in overridden(doc.tree, Cmd):
            counts = doc.place(last, *keyword_place(last))
            yield self.finding(
                doc,
                doc.place(instruction, *keyword_place(instruction)),
                f"the `CMD` on line {doc.lines.line(counts.start)} replaces this one, "
                "which never runs; remove it, or start both commands from one script",
                (Related(counts, "the one that counts"),),
                partial(_fix, doc, instruction),
            )


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    from dflint.lint.overridden_fixes import drop_overridden

    return drop_overridden(doc, instruction, MultipleCmd.meta.name)
