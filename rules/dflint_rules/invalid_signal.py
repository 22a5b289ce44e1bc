"""The rule `invalid-signal`."""

from __future__ import annotations

from dflint.lint.edits import replacement
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class InvalidSignal(ProblemRule):
    """`STOPSIGNAL` names no signal.

    BuildKit refuses it: "invalid signal: SIGFOO". A signal is a name of Linux, in any case, with
    or without `SIG`, or a number other than 0. All of the line is the signal, a comment too.

    Dockerfile reference, "STOPSIGNAL".
    """

    meta = Meta(
        "invalid-signal",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("INVALID_SIGNAL",),
        fix="unsafe",
    )
    bad = "FROM nginx:1.29\nSTOPSIGNAL SIGSTOPPED\n"
    good = "FROM nginx:1.29\nSTOPSIGNAL SIGQUIT\n"
    valid = (
        Valid('FROM a\nSTOPSIGNAL term\nSTOPSIGNAL "SIGQUIT"\nSTOPSIGNAL SIGRTMIN+3\n'),
        Valid("FROM a\nARG S=9\nSTOPSIGNAL $S\nSTOPSIGNAL 37\n"),
    )
    invalid = (
        Invalid("FROM a\nSTOPSIGNAL SIGTREM\nSTOPSIGNAL 0\n", at=("SIGTREM", "0"),
                fixed="FROM a\nSTOPSIGNAL SIGTERM\nSTOPSIGNAL 0\n", unsafe=True),
        Invalid("FROM a\nSTOPSIGNAL \\\n  # comment\n  KILL # now\n", at="KILL # now",
                fixed="FROM a\n# comment\n# now\nSTOPSIGNAL KILL\n", unsafe=True),
        Invalid('FROM a\nSTOPSIGNAL ["SIGINT"]\n', at='["SIGINT"]',
                fixed="FROM a\nSTOPSIGNAL SIGINT\n", unsafe=True),
        Invalid("FROM a\nSTOPSIGNAL $S\n", at="$S"),
    )  # fmt: skip

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which signal was meant."""
        value = problem.found
        if not value:
            written = quoted(problem.span.slice(doc.text))
            return f"{written} is empty here, the build stops; write a signal such as `SIGTERM`"
        meant = _meant(value)
        advice = f"did you mean `{meant}`?" if meant else "expected a name such as `SIGTERM`"
        if "#" in value:
            advice = "a comment takes a line of its own"
        elif "[" in value or "," in value:
            advice = "it takes no JSON array"
        return f"{quoted(value)} is no signal, the build stops; {advice}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the signal that is nearly there, and a comment above."""
        from dflint.lint.contract import may_set
        from dflint.lint.edits import newline_of
        from dflint.lint.fix import Applicability, Effect, Fix
        from dflint.semantic.signals import is_signal

        instruction = instruction_at(doc.tree, problem.span.start)
        reading = instruction.reading
        if not reading.arguments or "$" in reading.arguments[0] or reading.trigger is not None:
            return None
        written, mark, comment = reading.arguments[0].partition("#")
        written = written.strip(" \t[]\"',")
        signal = written if is_signal(written) else _meant(written)
        if not signal:
            return None
        keyword = instruction.line.text[: reading.head.keyword_end]
        above = f"{mark}{comment}{newline_of(instruction)}" if mark else ""
        edit = replacement(doc, instruction, f"{above}{keyword} {signal}")
        title, contract = f"write `{signal}`", may_set("stopsignal")
        return Fix(title, [edit], Applicability.UNSAFE, Effect.METADATA, contract=contract)


def _meant(value: str) -> str | None:
    """The signal that a name is a slip of the pen away from."""
    from dflint.semantic.signals import signal_names
    from dflint.text.nearest import nearest

    return nearest(value, {f"SIG{name}" for name in signal_names()})
