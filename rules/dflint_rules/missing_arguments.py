"""The rule `missing-arguments`."""

from __future__ import annotations

from dflint.cst.instructions import Cmd
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import index_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document

_EXPECTED = {
    "arg": "ARG name=default",
    "env": "ENV name=value",
    "expose": "EXPOSE 8080",
    "healthcheck": "HEALTHCHECK CMD command",
    "label": "LABEL name=value",
    "maintainer": 'LABEL org.opencontainers.image.authors="name"',
    "onbuild": "ONBUILD RUN command",
    "shell": 'SHELL ["/bin/sh", "-c"]',
    "stopsignal": "STOPSIGNAL SIGTERM",
    "user": "USER name",
    "volume": "VOLUME /directory",
    "workdir": "WORKDIR /directory",
}


class MissingArguments(ProblemRule):
    """An instruction lacks an argument that it needs.

    BuildKit refuses it: "COPY requires at least two arguments", "WORKDIR requires exactly one
    argument". The cause may be a continuation that is missing above the arguments.

    Dockerfile reference: the section of each instruction shows its forms.
    """

    meta = Meta(
        "missing-arguments",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "required_params",
            "missing_args",
            "ARGUMENT_MISSING",
            "ARGUMENT_REQUIRES_AT_LEAST_ONE",
            "ARGUMENT_REQUIRES_ONE",
            "ARGUMENT_REQUIRES_TWO",
            "ARGUMENT_REQUIRES_AT_LEAST_TWO",
            "ARGUMENT_REQUIRES_ONE_OR_THREE",
            "tally/invalid-onbuild-trigger",
        ),
    )
    bad = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json ./\n"
    valid = (
        Valid("FROM a\nCOPY x \\\n  # comment\n  y\nHEALTHCHECK NONE\nCMD\nRUN\nENTRYPOINT\n"),
        Valid('FROM a\nCOPY <<EOF /x\nEOF\nUSER ""\nCMD []\nONBUILD COPY x\n'),
    )
    invalid = (
        Invalid("FROM a\nCOPY x\n", at="COPY"),
        Invalid("FROM a\nSHELL []\nWORKDIR \\\n  # comment\n", at=("SHELL", "WORKDIR")),
        Invalid("FROM a\nHEALTHCHECK --retries=1\n  CMD x\n", at="HEALTHCHECK"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what is missing."""
        at = index_at(doc.tree, problem.span.start)
        reading = doc.instructions[at].reading
        keyword = reading.keyword
        if keyword in ("copy", "add"):
            found = quoted(reading.arguments[0]) if reading.arguments else "neither"
            return (
                f"`{keyword.upper()}` needs a source and a destination, found "
                f"{'only ' * bool(reading.arguments)}{found}: the build stops"
            )
        below = next(iter(doc.instructions[at + 1 :]), None)
        if keyword == "healthcheck" and reading.flags and isinstance(below, Cmd):
            return "`HEALTHCHECK` has no `CMD`, the build stops; end the line with a continuation"
        if reading.flags and keyword != "healthcheck":
            flag = quoted(reading.flags[0])
            return f"`{keyword.upper()}` has no argument, the build stops: {flag} is read as a flag"
        return f"`{keyword.upper()}` has no argument, the build stops; write `{_EXPECTED[keyword]}`"
