"""The rule `stopsignal-name`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import StopSignal
from dflint.lint.contract import may_set
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


_NUMBERS = {
    "1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "6": "SIGABRT", "9": "SIGKILL", "15": "SIGTERM",
}  # fmt: skip
_NAMES = frozenset((
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM",
    "SIGWINCH",
    "SIGRTMIN", "SIGPWR", "SIGSTOP", "SIGCONT",
))  # fmt: skip


class StopsignalName(Rule):
    """A signal is not written by its name.

    `STOPSIGNAL 15`, `STOPSIGNAL TERM` and `STOPSIGNAL SIGTERM` are the same signal. The name with
    `SIG` is what manuals and logs say, and does not depend on the architecture, as some numbers
    do.

    Off unless selected.

    Dockerfile reference, "STOPSIGNAL".
    """

    meta = Meta(
        "stopsignal-name",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/prefer-canonical-stopsignal",),
        default=False,
        fix="unsafe",
    )
    on = (StopSignal,)
    bad = "FROM debian:12-slim\nSTOPSIGNAL 15\n"
    good = "FROM debian:12-slim\nSTOPSIGNAL SIGTERM\n"
    valid = (
        Valid("FROM a\nSTOPSIGNAL SIGRTMIN+3\nSTOPSIGNAL $A\n"),
        Valid("FROM a\nSTOPSIGNAL 64\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nSTOPSIGNAL 9\n", at="9", fixed="FROM a\nSTOPSIGNAL SIGKILL\n", unsafe=True
        ),
        Invalid(
            "FROM a\nSTOPSIGNAL sigquit\nFROM b\nSTOPSIGNAL INT\n",
            at=("sigquit", "INT"),
            fixed="FROM a\nSTOPSIGNAL SIGQUIT\nFROM b\nSTOPSIGNAL SIGINT\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(StopSignal):
            word = "".join(instruction.reading.arguments[:1]).strip("\"'")
            name = _NUMBERS.get(word) or word.upper()
            name = name if name.startswith("SIG") else f"SIG{name}"
            is_known = name.partition("+")[0].partition("-")[0] in _NAMES
            if "$" not in word and word != name and is_known:
                span = doc.argument(instruction, 0)
                yield self.finding(
                    doc, span, f"write `{name}`, as manuals do", fix=partial(_fix, span, name)
                )


def _fix(span: Span, name: str) -> Fix:
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix

    # The image's configuration holds it as it is written.
    edits = (Edit(span, name),)
    return Fix(
        f"write `{name}`",
        edits,
        Applicability.UNSAFE,
        Effect.METADATA,
        contract=may_set("stopsignal"),
    )
