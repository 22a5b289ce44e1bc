"""The rule `variable-in-copy-from`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class VariableInCopyFrom(ProblemRule):
    """`COPY --from` names by a variable what it copies from.

    It is not expanded there, and BuildKit refuses it: "variable expansion is not supported for
    --from, define a new stage with FROM using ARG from global scope as a workaround".

    Dockerfile reference, "COPY --from".
    """

    meta = Meta(
        "variable-in-copy-from", Category.CORRECTNESS, Severity.ERROR, since="0.1", fix="unsafe"
    )
    bad = "ARG TOOLS=busybox:1.37\nFROM debian:12-slim\nCOPY --from=$TOOLS /bin/busybox /bin/\n"
    good = (
        "ARG TOOLS=busybox:1.37\n"
        "FROM $TOOLS AS tools\n"
        "\n"
        "FROM debian:12-slim\n"
        "COPY --from=tools /bin/busybox /bin/\n"
    )
    valid = (
        Valid("ARG B=b\nFROM $B AS c\nFROM a\nCOPY --from=c --chown=$U x y\n"),
        Valid("FROM a\nCOPY --from=b $X y\nONBUILD COPY --from=$B x y\n"),
    )
    invalid = (
        Invalid(
            "ARG B=b\n# c\nFROM a\nCOPY --from=$B x y\n",
            at="$B",
            fixed="ARG B=b\nFROM $B AS b\n\n# c\nFROM a\nCOPY --from=b x y\n",
            unsafe=True,
        ),
        Invalid("FROM b\nARG B=b\nFROM a\nCOPY --from=$B x y\n", at="$B"),
        Invalid("ARG B=b\nFROM a\nFROM c AS b\nCOPY --from=$B x y\n", at="$B"),
        Invalid("FROM a\nCOPY \\\n  # comment\n  --from=b:${C:-1} x y\n", at="b:${C:-1}"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say how to name the image by a variable."""
        del doc
        right = quoted(f"FROM {problem.found} AS name", 60)
        return f"`--from` expands no variable, the build stops; write {right} and copy from `name`"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Give what the variable names a stage of its own, where an ARG for FROM declares it."""
        from dflint.lint.edits import newline_of
        from dflint.lint.fix import Applicability, Fix
        from dflint.semantic.instruction_at import instruction_at
        from dflint.text.edit import Edit

        name = problem.found.strip("${}")
        variable = doc.model.global_scope.find(name)
        stage = doc.model.stage_of(instruction_at(doc.tree, problem.span.start))
        title = name.lower()
        is_plain = problem.found in (f"${name}", f"${{{name}}}") and title.isidentifier()
        if variable is None or not variable.value or stage is None or not is_plain:
            return None
        value = variable.value.lower()
        # A number or a stage's name is no image: what the argument names is chosen among stages.
        if title in _names(doc) or value in _names(doc) or value.isdecimal():
            return None
        newline = newline_of(stage.from_instruction)
        first = doc.model.stages[0].from_instruction.line
        lines = f"FROM {problem.found} AS {title}{newline}{newline}"
        edits = [Edit.insertion(first.above, lines), Edit(problem.span, title)]
        return Fix(f"copy from a stage `{title}`", edits, Applicability.UNSAFE)


def _names(doc: Document) -> set[str]:
    return {stage.name for stage in doc.model.stages} | {"scratch", "context"}
