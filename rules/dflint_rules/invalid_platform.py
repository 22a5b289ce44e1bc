"""The rule `invalid-platform`."""

from __future__ import annotations

from functools import partial

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.explained_bases import undeclared_in
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class InvalidPlatform(ProblemRule):
    """`FROM --platform` names no platform.

    BuildKit refuses it: "failed to parse platform …", "empty platform value from expression".
    A platform is `os/architecture/variant`; an operating system or an architecture alone is
    completed. An `ARG` that is not declared has a rule of its own.

    The fix writes a known name that is a slip of the pen away, and a `/` between two known names
    that something else parts.

    Dockerfile reference, "FROM".
    """

    meta = Meta("invalid-platform", Category.CORRECTNESS, Severity.ERROR, since="0.1", fix="unsafe")
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
            fixed="ARG B\nFROM \\\n  # comment\n  --platform=$B a\nFROM --platform=linux/arm a\n",
            unsafe=True,
        ),
        Invalid("ARG B\nFROM --platform=linux/$B a\n", at="--platform=linux/$B"),
        Invalid(
            "FROM --platform=linux-amd64 a\nFROM --platform=amd46 b\n",
            at=("--platform=linux-amd64", "--platform=amd46"),
            fixed="FROM --platform=linux/amd64 a\nFROM --platform=amd64 b\n",
            unsafe=True,
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
            is_given = "$" in problem.span.slice(doc.text)
            if is_given:
                what = "empty" if "$" in problem.found else quoted(problem.found)
                message = (
                    f"the platform is {what} without `--build-arg`, the build stops; give its "
                    "`ARG` a default"
                )
            fix = partial(_fix, doc, problem)
            finding = self.finding(doc, problem.span, message, fix=fix)
            if is_given:
                finding.severity = min(self.severity, Severity.WARNING)
            yield finding


def _fix(doc: Document, problem: SyntaxProblem) -> Fix | None:
    """The platform that was meant."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.lint.markup import MARKUP
    from dflint.oci.platform import ARCHITECTURES, SYSTEMS
    from dflint.text.nearest import nearest

    value, span = problem.found, problem.span
    if span.slice(doc.text) != f"--platform={value}" or MARKUP.get().search(doc.text):
        return None
    meant = nearest(value, SYSTEMS | ARCHITECTURES) if len(value) > 3 else None
    if meant is not None and sorted(filter(str.isdigit, value)) != sorted(
        filter(str.isdigit, meant)
    ):
        meant = None  # which is another one, as `arm` is of `arm6`
    for sign in "-_,:.\\":
        system, found, architecture = value.partition(sign)
        if found and system in SYSTEMS and architecture in ARCHITECTURES:
            meant = f"{system}/{architecture}"
    if meant is None:
        return None
    edit = Edit(span, f"--platform={meant}")
    return Fix(
        f"write `--platform={meant}`",
        (edit,),
        Applicability.UNSAFE,
        Effect.FILES,
        contract=SAME_IMAGE,
    )
