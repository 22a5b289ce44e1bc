"""The rule `invalid-mount`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.mount_reasons import explain_mount, option_span
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class InvalidMount(ProblemRule):
    """A `RUN --mount` has options that BuildKit does not take.

    The value is a row of `key=value`, with commas and no blanks between them. Which keys there
    are depends on the type.

    Dockerfile reference, "RUN --mount".
    """

    meta = Meta("invalid-mount", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    bad = (
        "FROM debian:12-slim\n"
        "RUN --mount=type=cache,target=/root/.cache,shared=locked pip install flask\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN --mount=type=cache,target=/root/.cache,sharing=locked pip install flask\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/b,sharing=locked,id=$C x\n"),
        Valid(
            "FROM a\nRUN --mount=type=secret,id=b,required --mount=target=c --mount=type=ssh x\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nRUN --mount=type=foo,target=/b x\n", at="type=foo"),
        Invalid(
            "FROM a\nRUN --mount=type=ssh \\\n  # comment\n  --mount=type=cache,trget=/b x\n",
            at="trget=/b",
        ),
        Invalid("FROM a\nRUN --mount=type=cache, target=/b x\n", at="--mount=type=cache,"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the option at fault, or the whole mount."""
        for problem in doc.problems_of(self.meta.name):
            fault = explain_mount(problem.reason)
            span = problem.span
            value = span.slice(doc.text).partition("=")[2]
            is_plain = fault.key and value == problem.found
            option = option_span(value, fault.key) if is_plain else None
            if option is not None:
                start = span.end - len(value)
                span = Span(start + option.start, start + option.end)
            yield self.finding(doc, span, f"the mount is refused, the build stops: {fault.advice}")
