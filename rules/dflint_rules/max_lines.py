"""The rule `max-lines`."""

from __future__ import annotations

from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class MaxLines(Rule):
    """A Dockerfile is longer than the project wants.

    A long file is hard to follow, and mostly does several things: images to build with and to
    run, or what scripts of the project could do. Stages can be built from files of their own
    (`docker buildx bake`, named contexts).

    Off unless selected: what is long is a matter of taste.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "max-lines",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/max-lines",),
        default=False,
        options=(OptionSpec("lines", "int", 150, "How many lines a file may have."),),
    )
    bad = "FROM debian:12-slim\nRUN ./make\nRUN ./make check\n"
    good = "FROM debian:12-slim\nRUN ./make\n"
    given = (("lines", 2),)
    valid = (
        Valid("FROM a\n"),
        Valid("FROM a\nRUN b\n", {"lines": 2}),
    )
    invalid = (
        Invalid("FROM a\nRUN b\nRUN c\nRUN d\n", at="RUN c", options={"lines": 2}),
        Invalid("FROM a\n\n", at="\n", options={"lines": 1}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        most = doc.settings.options.get(self.meta.name, {}).get("lines", 150)
        if not isinstance(most, int) or doc.text.count("\n") <= most:
            return
        start = doc.lines.offset(most + 1)
        end = doc.text.find("\n", start)
        yield self.finding(
            doc,
            Span(start, end if end > start else start + 1),
            f"the file has {doc.text.count(chr(10))} lines, and {most} are allowed; part it",
        )
