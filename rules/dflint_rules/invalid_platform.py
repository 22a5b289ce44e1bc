"""The rule `invalid-platform`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.explained_bases import undeclared_in
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class InvalidPlatform(ProblemRule):
    """`FROM --platform` names no platform.

    BuildKit refuses it: "failed to parse platform …", "empty platform value from expression".
    A platform is `os/architecture/variant`; an operating system or an architecture alone is
    completed. An `ARG` that is not declared has a rule of its own.

    Dockerfile reference, "FROM".
    """

    meta = Meta("invalid-platform", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    bad = "FROM --platform=x64-linux golang:1.25 AS build\n"
    good = "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\n"
    valid = (
        Valid("FROM --platform=linux/arm64/v8 a\nFROM --platform=$BUILDPLATFORM a\n"),
        Valid("FROM --platform=amd64 a\nFROM --platform=windows(10.0.17763)/amd64 a\n"),
    )
    invalid = (
        Invalid("FROM --platform=foo a\n", at="--platform=foo"),
        Invalid(
            "ARG B\nFROM \\\n  # comment\n  --platform=$B a\nFROM --platform=linux,arm a\n",
            at=("--platform=$B", "--platform=linux,arm"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the platforms; a warning where a build argument can give one."""
        undeclared = undeclared_in(doc.model)
        for problem in doc.problems_of(self.meta.name):
            if instruction_at(doc.tree, problem.span.start) in undeclared:
                continue  # which is a defect of its own
            message = (
                f"{quoted(problem.found)} is no platform, the build stops; expected "
                "`os/architecture/variant` such as `linux/arm64`"
            )
            if "$" in problem.found:
                message = (
                    f"the platform {quoted(problem.found)} is empty without `--build-arg`, the "
                    "build stops; give its `ARG` a default"
                )
            finding = self.finding(doc, problem.span, message)
            if "$" in problem.found:
                finding.severity = min(self.severity, Severity.WARNING)
            yield finding
