"""The rule `heredoc-destination`."""

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


class HeredocDestination(ProblemRule):
    """The last argument of `COPY` or `ADD`, its destination, is a heredoc.

    BuildKit refuses it: "COPY cannot accept a heredoc as a destination". A heredoc is a source,
    the path that it is written to comes last.

    Dockerfile reference, "Here-Documents".
    """

    meta = Meta("heredoc-destination", Category.SYNTAX, Severity.ERROR, since="0.1", fix="safe")
    bad = "FROM nginx:1.29\nCOPY /etc/nginx/conf.d/site.conf <<EOF\nserver { listen 80; }\nEOF\n"
    good = "FROM nginx:1.29\nCOPY <<EOF /etc/nginx/conf.d/site.conf\nserver { listen 80; }\nEOF\n"
    valid = (
        Valid("FROM a\nCOPY <<A <<B /x/\na\nA\nb\nB\n"),
        Valid("FROM a\nCOPY a <b\nRUN cat > x <<A\nA\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY --chmod=755 /b \\\n  # x\n  <<EOF\nx\nEOF\n",
            at="<<EOF",
            fixed="FROM a\nCOPY --chmod=755 <<EOF \\\n  # x\n  /b\nx\nEOF\n",
        ),
        Invalid('FROM a\nADD \\\n  # comment\n  <<A <<-"B"\nA\nB\n', at='<<-"B"'),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say how the destination is written."""
        reading = instruction_at(doc.tree, problem.span.start).reading
        others = [word for word in reading.arguments[:-1] if "<<" not in word]
        to = others[-1] if len(others) == 1 else "/path"
        right = quoted(f"{reading.keyword.upper()} {reading.arguments[-1]} {to}")
        return f"a heredoc is a source, the destination comes last; write {right}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Change places with the one other argument."""
        from dflint.lint.contract import SAME_IMAGE
        from dflint.lint.fix import Effect, Fix
        from dflint.text.edit import Edit

        instruction = instruction_at(doc.tree, problem.span.start)
        words = instruction.reading.arguments
        if len(words) != 2 or "<<" in words[0] or instruction.reading.is_json:
            return None
        first, second = doc.argument(instruction, 0), doc.argument(instruction, 1)
        edits = [Edit(first, second.slice(doc.text)), Edit(second, first.slice(doc.text))]
        return Fix("write the destination last", edits, effect=Effect.FILES, contract=SAME_IMAGE)
