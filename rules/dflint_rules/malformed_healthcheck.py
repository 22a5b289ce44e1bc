"""The rule `malformed-healthcheck`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class MalformedHealthcheck(ProblemRule):
    """`HEALTHCHECK` is neither `HEALTHCHECK [flags] CMD command` nor `HEALTHCHECK NONE`.

    BuildKit refuses it: "Unknown type … in HEALTHCHECK (try CMD)", "Missing command after
    HEALTHCHECK CMD", "HEALTHCHECK NONE takes no arguments".

    Dockerfile reference, "HEALTHCHECK".
    """

    meta = Meta(
        "malformed-healthcheck",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "extra_args",
            "ARGUMENT_EXTRA",
            "ARGUMENT_UNNECESSARY",
            "HEALTHCHECK_CMD_ARGUMENT_MISSING",
            "UNKNOWN_TYPE",
        ),
        fix="unsafe",
    )
    bad = "FROM nginx:1.29\nHEALTHCHECK curl -f http://localhost/\n"
    good = "FROM nginx:1.29\nHEALTHCHECK CMD curl -f http://localhost/\n"
    valid = (
        Valid('FROM a\nHEALTHCHECK --retries=1 cmd x\nHEALTHCHECK CMD ["x"]\n'),
        Valid("FROM a\nHEALTHCHECK none\nONBUILD HEALTHCHECK x\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nHEALTHCHECK --retries=1 \\\n  # comment\n  curl -f http://b/\n",
            at="curl",
            fixed="FROM a\nHEALTHCHECK --retries=1 \\\n  # comment\n  CMD curl -f http://b/\n",
            unsafe=True,
        ),
        Invalid(
            'FROM a\nhealthcheck ["curl", "b"]\n',
            at='["curl",',
            fixed='FROM a\nhealthcheck CMD ["curl", "b"]\n',
            unsafe=True,
        ),
        Invalid("FROM a\nHEALTHCHECK interval=5s CMD b\n", at="interval=5s"),
        Invalid("FROM a\nHEALTHCHECK --retries=1 \\\n  # comment\n  CMD\n", at="CMD"),
        Invalid("FROM a\nHEALTHCHECK NONE x y\n", at="x y"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what is missing or too much."""
        if problem.reason.startswith("Missing"):
            return "the command of the health check is missing behind `CMD`, the build stops"
        if not problem.found:
            return "`HEALTHCHECK NONE` takes nothing more, the build stops; remove the rest"
        reading = instruction_at(doc.tree, problem.span.start).reading
        command = reading.arguments[1] if len(reading.arguments) > 1 else ""
        right = quoted(f"CMD {problem.found} {command}".rstrip())
        return (
            f"`HEALTHCHECK` is followed by `CMD` or `NONE`, found {quoted(problem.found)}: the "
            f"build stops; write {right}"
        )

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write `CMD` before the command."""
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit

        text = instruction_at(doc.tree, problem.span.start).line.text
        is_command = not problem.found.isupper() and problem.found[:1] not in "-=<&|;"
        # With a CMD in it something else is wrong.
        if not is_command or "=" in problem.found or "CMD" in text.upper().split():
            return None
        edit = Edit.insertion(problem.span.start, "CMD ")
        return Fix("write `CMD` before the command", [edit], Applicability.UNSAFE)
