"""The rule `epilogue-order`."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.epilogue import KINDS, Epilogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage


_MESSAGE = (
    "put STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD at the end of the stage, in this order, where "
    "one looks for them"
)


class EpilogueOrder(Rule):
    """What the image starts with does not stand at the end of its stage.

    `STOPSIGNAL`, `HEALTHCHECK`, `ENTRYPOINT` and `CMD` say how the finished image behaves. Where
    they stand at the end, in this order, one finds them, and they make no step of the build wait
    for them.

    The fix moves them there, with the comments right above them. It leaves a shell form above a
    `SHELL`, and a `STOPSIGNAL` with a variable above an `ARG` or `ENV`, where they are: they would
    be something else below.

    Off unless selected: the order changes nothing in the image.

    Dockerfile reference, "CMD".
    """

    meta = Meta(
        "epilogue-order",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/epilogue-order",),
        default=False,
        fix="safe",
    )
    on = KINDS
    bad = 'FROM debian:12-slim\nCMD ["app"]\nCOPY app /usr/local/bin/\n'
    good = 'FROM debian:12-slim\nCOPY app /usr/local/bin/\nCMD ["app"]\n'
    valid = (
        Valid('FROM a\nRUN b\nSTOPSIGNAL SIGINT\nHEALTHCHECK NONE\nENTRYPOINT ["c"]\nCMD ["d"]\n'),
        Valid('FROM a\nCMD ["b"]\nRUN c\nFROM e\nCMD ["f"]\nONBUILD RUN g\n'),
    )
    invalid = (
        Invalid('FROM a\nCMD ["b"]\nLABEL c=d\n', at="CMD", fixed='FROM a\nLABEL c=d\nCMD ["b"]\n'),
        Invalid(
            'FROM a\n\n# b\nENTRYPOINT ["c"]\n\nRUN d\nCMD ["e"]\n',
            at="ENTRYPOINT",
            fixed='FROM a\n\nRUN d\n\n# b\nENTRYPOINT ["c"]\nCMD ["e"]\n',
        ),
        Invalid(
            'FROM a\nCMD ["b"]\nENTRYPOINT ["c"]\n',
            at="ENTRYPOINT",
            fixed='FROM a\nENTRYPOINT ["c"]\nCMD ["b"]\n',
        ),
        Invalid(
            "FROM a\nRUN b\n\nCMD c\n\nENTRYPOINT d\n\nSTOPSIGNAL 9\n",
            at=("ENTRYPOINT", "STOPSIGNAL"),
            fixed="FROM a\nRUN b\n\nSTOPSIGNAL 9\n\nENTRYPOINT d\n\nCMD c\n",
        ),
        Invalid(
            "FROM a\nRUN b\n\nSTOPSIGNAL 9\n\nCMD c\nENV d=e\n",
            at=("STOPSIGNAL", "CMD"),
            fixed="FROM a\nRUN b\n\nENV d=e\n\nSTOPSIGNAL 9\n\nCMD c\n",
        ),
        Invalid(
            "FROM a\nHEALTHCHECK CMD b \\\n  # c\n  d\nRUN <<F\ng\nF",
            at="HEALTHCHECK",
            fixed="FROM a\nRUN <<F\ng\nF\nHEALTHCHECK CMD b \\\n  # c\n  d",
        ),
        Invalid(
            'FROM a\nCMD b\nSHELL ["c", "-c"]\nCMD ["d"]\nONBUILD RUN e\nRUN f\n',
            at=("CMD", "CMD"),
            fixed='FROM a\nCMD b\nSHELL ["c", "-c"]\nONBUILD RUN e\nRUN f\nCMD ["d"]\n',
        ),
        Invalid(
            'FROM a\nCMD ["b"]\nSHELL ["c", "-c"]\nCMD d\nSHELL ["e", "-c"]\n', at=("CMD",) * 2
        ),
        Invalid("FROM a\nENV B=1\nSTOPSIGNAL $B\nENV B=2\n", at="STOPSIGNAL"),
        Invalid("FROM a\n# hadolint ignore=DL3025\n\nCMD b\nRUN c\n", at="CMD"),
        Invalid('FROM a\nCMD ["b"]\nRUN c \\\n', at="CMD"),
        Invalid('FROM a\n# dflint: format=off\nCMD ["b"]\nRUN c\n', at="CMD"),
        Invalid('FROM a\n# {{ b }}\nCMD ["c"]\nRUN d\n', at="CMD"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        if stage is not None:
            for instruction in Epilogue(stage).misplaced:
                fix = partial(_fix, doc, stage, instruction)
                yield self.finding(doc, doc.keyword(instruction), _MESSAGE, (), fix)


def _fix(doc: Document, stage: Stage, instruction: Instruction) -> Fix | None:
    from dflint.lint.epilogue_fixes import move_to_end

    return move_to_end(doc, stage, instruction)
