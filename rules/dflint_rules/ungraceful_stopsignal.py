"""The rule `ungraceful-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import StopSignal
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class UngracefulStopsignal(Rule):
    """The signal to stop cannot be caught.

    `docker stop` sends the signal and waits for the process to end. `SIGKILL` ends it at once, in
    the middle of what it does: connections break, what is in buffers is lost. `SIGSTOP` only
    halts it until it is killed after the time that was to be for cleaning up. Leave `STOPSIGNAL`
    out (`SIGTERM` is the default), or name the signal by which the program ends in order.
    The fix leaves it out: what the base image says counts then, else `SIGTERM`.

    Dockerfile reference, "STOPSIGNAL"; signal(7).
    """

    meta = Meta(
        "ungraceful-stopsignal",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/no-ungraceful-stopsignal",),
        fix="unsafe",
    )
    on = (StopSignal,)
    bad = 'FROM debian:12-slim\nSTOPSIGNAL SIGKILL\nCMD ["app"]\n'
    good = 'FROM debian:12-slim\nSTOPSIGNAL SIGINT\nCMD ["app"]\n'
    valid = (
        Valid("FROM a\nSTOPSIGNAL SIGQUIT\n"),
        Valid("FROM a\nSTOPSIGNAL $S\n"),
    )
    invalid = (
        Invalid('FROM a\n# b\nSTOPSIGNAL "SIGKILL"\nCMD c\n', at='"SIGKILL"',
                fixed="FROM a\n# b\n\nCMD c\n", unsafe=True),
        Invalid("FROM a\nSTOPSIGNAL 9\n", at="9", fixed="FROM a\n", unsafe=True),
        Invalid("FROM a\nSTOPSIGNAL STOP\n", at="STOP", fixed="FROM a\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(StopSignal):
            word = "".join(instruction.reading.arguments[:1])
            name = word.strip("\"'").upper().removeprefix("SIG")
            if name in ("KILL", "9", "STOP", "19"):
                yield self.finding(
                    doc,
                    doc.argument(instruction, 0),
                    "no program can catch this signal, so that it ends without saving anything; "
                    "leave it "
                    "to SIGTERM, or name one that the program knows",
                    fix=partial(_fix, doc, instruction),
                )


def _fix(doc: Document, instruction: StopSignal) -> Fix | None:
    import dflint.lint.start_fixes as fixes

    return fixes.without_stopsignal(doc, instruction)
