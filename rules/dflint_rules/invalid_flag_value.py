"""The rule `invalid-flag-value`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.flag_values import expected_value
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.text.edit import Edit

_DURATIONS = ("interval", "timeout", "start-period", "start-interval")
_BOOLEANS = {"1": "true", "yes": "true", "on": "true", "0": "false", "no": "false", "off": "false"}


class InvalidFlagValue(ProblemRule):
    """A flag has no value, or one that it does not take.

    A value stands behind `=`, without a blank. BuildKit refuses a flag without one ("missing a
    value on flag: --from") and values that it cannot read: durations have units, booleans are
    `true` or `false`, a mode is octal or symbolic.

    Dockerfile reference: the section of each instruction describes its flags.
    """

    meta = Meta(
        "invalid-flag-value",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "healthcheck_options_missing_args",
            "FLAG_AT_LEAST_ONE",
            "FLAG_INVALID_DURATION",
            "FLAG_LESS_THAN_1MS",
            "FLAG_MISSING_DURATION",
            "FLAG_MISSING_VALUE",
            "FLAG_UNKNOWN_UNIT",
            "FLAG_INVALID_LINK_VALUE",
            "FLAG_EXPECTED_BOOLEAN_VALUE",
        ),
        fix="unsafe",
    )
    bad = "FROM alpine:3.22\nHEALTHCHECK --interval=30 CMD wget -q http://localhost/\n"
    good = "FROM alpine:3.22\nHEALTHCHECK --interval=30s CMD wget -q http://localhost/\n"
    valid = (
        Valid("FROM a\nHEALTHCHECK --interval=1m30s --timeout= --retries=0 CMD x\n"),
        Valid("FROM a\nCOPY --link --chmod=u+x,go-w a b\nADD --link=True --chmod=$M a b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --from b c d\nFROM a\nCOPY --chmod 755 a b\n", ("--from", "--chmod"),
                fixed="FROM a\nCOPY --from=b c d\nFROM a\nCOPY --chmod=755 a b\n", unsafe=True),
        Invalid("FROM a\nCOPY --from \\\n b c d\nFROM a\nCOPY --chown b c\n",
                at=("--from", "--chown")),
        Invalid("FROM a\nHEALTHCHECK \\\n  # x\n  --interval=30 \\\n  CMD x\n", at="--interval=30",
                fixed="FROM a\nHEALTHCHECK \\\n  # x\n  --interval=30s \\\n  CMD x\n", unsafe=True),
        Invalid("FROM a\nHEALTHCHECK --timeout=5sec --retries=3s CMD x\n", at="--timeout=5sec"),
        Invalid(
            "FROM a\nCOPY --link=1 a b\nRUN --network=foo x\nADD --chmod=u a b\n",
            at=("--link=1", "--network=foo", "--chmod=u"),
            fixed="FROM a\nCOPY --link=true a b\nRUN --network=foo x\nADD --chmod=u a b\n",
            unsafe=True,
        ),
    )  # fmt: skip

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what the flag takes."""
        flag, equals, value = problem.span.slice(doc.text).partition("=")
        name = flag[2:]
        takes = expected_value(name, problem.reason)
        if equals and value:
            return f"`{flag}` takes {takes}, found {quoted(value)}: the build stops"
        arguments = instruction_at(doc.tree, problem.span.start).reading.arguments
        if not equals and len(arguments) > 2:
            right = quoted(f"{flag}={arguments[0]}")
            return f"`{flag}` has no value, the build stops; write {right} with `=`"
        return f"`{flag}` has no value, the build stops; it takes {takes}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the unit, the boolean or the sign that is missing."""
        from dflint.lint.contract import may_set
        from dflint.lint.fix import Applicability, Effect, Fix
        from dflint.text.edit import Edit

        span = problem.span
        flag, equals, value = span.slice(doc.text).partition("=")
        name = flag[2:]
        edit = None
        if equals and name in _DURATIONS and value.isascii() and value.isdigit() and value != "0":
            edit = Edit.insertion(span.end, "s")
        elif equals and "boolean" in problem.reason and value.lower() in _BOOLEANS:
            edit = Edit(Span(span.end - len(value), span.end), _BOOLEANS[value.lower()])
        elif not equals and name in ("from", "chown", "chmod"):
            edit = _sign(doc, span)
        if edit is None:
            return None
        effect = Effect.METADATA | Effect.FILES
        contract = may_set("healthcheck")
        title = "write the value as it is meant"
        return Fix(title, [edit], Applicability.UNSAFE, effect, contract=contract)


def _sign(doc: Document, flag: Span) -> Edit | None:
    """A `=` in the place of the blanks behind a flag of COPY or ADD with three arguments."""
    from dflint.text.edit import Edit

    instruction = instruction_at(doc.tree, flag.start)
    reading = instruction.reading
    if len(reading.arguments) < 3 or reading.is_json or not reading.places:
        return None
    gap = Span(flag.end, doc.argument(instruction, 0).start)
    return Edit(gap, "=") if not gap.slice(doc.text).strip(" \t") else None
