"""The rule `invalid-signal`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class InvalidSignal(ProblemRule):
    """`STOPSIGNAL` names no signal.

    BuildKit refuses it: "invalid signal: SIGFOO". A signal is a name of Linux, in any case, with
    or without `SIG`, or a number other than 0. All of the line is the signal, a comment too.

    Dockerfile reference, "STOPSIGNAL".
    """

    meta = Meta("invalid-signal", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    bad = "FROM nginx:1.29\nSTOPSIGNAL SIGSTOPPED\n"
    good = "FROM nginx:1.29\nSTOPSIGNAL SIGQUIT\n"
    valid = (
        Valid('FROM a\nSTOPSIGNAL term\nSTOPSIGNAL "SIGQUIT"\nSTOPSIGNAL SIGRTMIN+3\n'),
        Valid("FROM a\nARG S=9\nSTOPSIGNAL $S\nSTOPSIGNAL 37\n"),
    )
    invalid = (
        Invalid("FROM a\nSTOPSIGNAL SIGTREM\nSTOPSIGNAL 0\n", at=("SIGTREM", "0")),
        Invalid("FROM a\nSTOPSIGNAL \\\n  # comment\n  KILL # now\n", at="KILL # now"),
        Invalid("FROM a\nSTOPSIGNAL $S\n", at="$S"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which signal was meant."""
        value = problem.found
        if not value:
            written = quoted(problem.span.slice(doc.text))
            return f"{written} is empty here, the build stops; write a signal such as `SIGTERM`"
        from dflint.semantic.signals import signal_names
        from dflint.text.nearest import nearest

        meant = nearest(value, {f"SIG{name}" for name in signal_names()})
        advice = f"did you mean `{meant}`?" if meant else "expected a name such as `SIGTERM`"
        if "#" in value:
            advice = "a comment takes a line of its own"
        elif "[" in value or "," in value:
            advice = "it takes no JSON array"
        return f"{quoted(value)} is no signal, the build stops; {advice}"
