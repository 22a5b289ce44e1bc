"""The rule `epilogue-order`."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint, HealthCheck, OnBuild, StopSignal
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_MESSAGE = (
    "put STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD at the end of the stage, in this order, where "
    "one looks for them"
)


class EpilogueOrder(Rule):
    """What the image starts with does not stand at the end of its stage.

    `STOPSIGNAL`, `HEALTHCHECK`, `ENTRYPOINT` and `CMD` say how the finished image behaves. Where
    they stand at the end, in this order, one finds them, and they make no step of the build wait
    for them.

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
    )
    on = (
        StopSignal,
        HealthCheck,
        Entrypoint,
        Cmd,
    )
    bad = 'FROM debian:12-slim\nCMD ["app"]\nCOPY app /usr/local/bin/\n'
    good = 'FROM debian:12-slim\nCOPY app /usr/local/bin/\nCMD ["app"]\n'
    valid = (
        Valid('FROM a\nRUN b\nSTOPSIGNAL SIGINT\nHEALTHCHECK NONE\nENTRYPOINT ["c"]\nCMD ["d"]\n'),
        Valid('FROM a\nCMD ["b"]\nRUN c\nFROM e\nCMD ["f"]\nONBUILD RUN g\n'),
    )
    invalid = (
        Invalid('FROM a\nCMD ["b"]\nLABEL c=d\n', at="CMD"),
        Invalid('FROM a\nENTRYPOINT ["b"]\nRUN c\nCMD ["d"]\n', at="ENTRYPOINT"),
        Invalid('FROM a\nCMD ["b"]\nENTRYPOINT ["c"]\n', at="ENTRYPOINT"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        kinds = (StopSignal, HealthCheck, Entrypoint, Cmd)
        final = doc.model.final_stage
        for stage in () if final is None else (final,):
            last = -1
            pending: list[StopSignal | HealthCheck | Entrypoint | Cmd] = []
            for instruction in stage.instructions[1:]:
                if isinstance(instruction, kinds):
                    order = kinds.index(type(instruction))
                    if order < last:
                        yield self.finding(doc, doc.keyword(instruction), _MESSAGE)
                    last = max(last, order)
                    pending.append(instruction)
                elif pending and not isinstance(instruction, OnBuild):
                    for one in pending:
                        yield self.finding(doc, doc.keyword(one), _MESSAGE)
                    pending = []
                    last = -1
