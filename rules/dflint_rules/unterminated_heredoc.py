"""The rule `unterminated-heredoc`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class UnterminatedHeredoc(ProblemRule):
    """A heredoc has no closing line.

    Everything below becomes a part of it, and BuildKit refuses the file: "unterminated heredoc".
    The closing line is the name and nothing else: no blanks around it, tabs before it only with
    `<<-`. In `RUN`, `COPY` and `ADD` every word such as `<<name` begins a heredoc.

    Dockerfile reference, "Here-Documents".
    """

    meta = Meta("unterminated-heredoc", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "FROM alpine:3.22\nRUN <<EOF\n  adduser -D app\n  mkdir /data\n  EOF\n"
    good = "FROM alpine:3.22\nRUN <<EOF\n  adduser -D app\n  mkdir /data\nEOF\n"
    valid = (
        Valid("FROM a\nRUN <<EOF\n  EOF\nx\nEOF\n"),
        Valid('FROM a\nRUN <<-EOF\nx\n\tEOF\nRUN cat <<<x; echo $((1<<3)) "<<y"\n'),
    )
    invalid = (
        Invalid("FROM a\nRUN <<EOF\nx\n  EOF\n", at="<<EOF"),
        Invalid('FROM a\nCOPY \\\n  # comment\n  <<A <<-"B" /x/\na\nA\nb\n', at='<<-"B"'),
        Invalid("FROM a\nRUN useradd -u <<ID x\nUSER x\n", at="<<ID"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what closes the heredoc, and show the line that was meant to."""
        name = problem.found
        stop = instruction_at(doc.tree, problem.span.start).line.stop
        at = doc.text.find("\n", problem.span.end, stop) + 1
        for line in doc.text[at:stop].split("\n") if at else ():
            if line.strip() == name:
                advice = "remove the blanks around it"
                if line.rstrip("\r").strip("\t") == name and line.rstrip("\r").endswith(name):
                    advice = "remove the tabs before it, or begin the heredoc with `<<-`"
                number = doc.lines.line(at)
                return (
                    f"line {number} does not close the heredoc {quoted(name)}, the build stops; "
                    f"{advice}"
                )
            at += len(line) + 1
        return (
            f"no line {quoted(name)} closes this heredoc, the build stops; add it, or quote the "
            "word if no heredoc is meant"
        )
