"""The rule `invalid-image-reference`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.explained_bases import explained_bases
from dflint.semantic.instruction_at import instruction_at
from dflint.semantic.reference_reasons import explain_reference
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class InvalidImageReference(ProblemRule):
    """The name of an image is no valid image reference.

    BuildKit refuses it: "failed to parse stage name …: invalid reference format". A reference is
    `registry/repository:tag@digest` with the repository in lower case; the build is stopped
    before anything is pulled. `FROM` finds a stage by its name in lower case only.

    An `ARG` that spoils the reference has rules of its own. BuildKit's check
    InvalidDefaultArgInFrom reports every base that is no reference, with or without an `ARG`.

    Dockerfile reference, "FROM"; the grammar is that of github.com/distribution/reference.
    """

    meta = Meta(
        "invalid-image-reference",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "InvalidDefaultArgInFrom",
            "FLAG_INVALID_FROM_VALUE",
            "INVALID_REFERENCE_FORMAT",
        ),
    )
    bad = "FROM https://registry.example.org/Team/App:1.0\n"
    good = "FROM registry.example.org/team/app:1.0\n"
    valid = (
        Valid("FROM localhost:5000/a/b_c:1.0-X AS d\nFROM D.io/a\nCOPY --from=d x y\n"),
        Valid(f"FROM a@sha256:{'0' * 64}\nFROM scratch\nONBUILD COPY --from=A x y\n"),
    )
    invalid = (
        Invalid("FROM Alpine\nFROM https://b/c\n", at=("Alpine", "https://b/c")),
        Invalid("FROM \\\n  # comment\n  a:$TARGETVARIANT-c\n", at="a:$TARGETVARIANT-c"),
        Invalid("FROM a\nCOPY --from=b: x y\n", at="b:"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the references that no argument spoils."""
        explained = explained_bases(doc.model)
        stages = {stage.name for stage in doc.model.stages}
        for problem in doc.problems_of(self.meta.name):
            if instruction_at(doc.tree, problem.span.start) not in explained:
                reason = explain_reference(problem.found, problem.reason, stages)
                message = (
                    f"{quoted(problem.found)} is no image reference, the build stops: {reason}"
                )
                yield self.finding(doc, problem.span, message)
