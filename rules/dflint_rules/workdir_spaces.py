"""The rule `workdir-spaces`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Workdir
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class WorkdirSpaces(Rule):
    """A `WORKDIR` has blanks in its path.

    `WORKDIR` takes all that follows as one path: `WORKDIR /app # sources` makes a directory of
    that name, and so does `WORKDIR /app /src`. A comment needs a line of its own. Where the blank
    is meant, put the path in quotes.

    Dockerfile reference, "WORKDIR".
    """

    meta = Meta(
        "workdir-spaces",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("invalid_workdir",),
    )
    on = (
        Workdir,
        OnBuild,
    )
    bad = "FROM debian:12-slim\nWORKDIR /app # the sources\n"
    good = "FROM debian:12-slim\nWORKDIR /app\n"
    valid = (
        Valid('FROM a\nWORKDIR "/b c"\nWORKDIR /b\\ c\n'),
        Valid("FROM a\nWORKDIR /b\nRUN cd a b\n"),
    )
    invalid = (
        Invalid("FROM a\nWORKDIR /b c\n", at="/b c"),
        Invalid("FROM a\nONBUILD WORKDIR /b # c\n", at="/b # c"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Workdir):
            path = "".join(occurrence.reading.arguments[:1])
            is_quoted = path[:1] in ("'", '"') or "${" in path
            escaped = path.replace("\\ ", "").replace("` ", "")
            if not is_quoted and (" " in escaped or "\t" in escaped) and path[1:2] != ":":
                yield self.finding(
                    doc,
                    occurrence.argument(0),
                    "the blanks are part of the directory's name; write one path, in quotes if it "
                    "is meant "
                    "so, and comments on a line of their own",
                )
