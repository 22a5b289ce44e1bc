"""The rule `apt-one-install`."""

from __future__ import annotations

from itertools import pairwise

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class AptOneInstall(Rule):
    """A `RUN` calls `apt-get install` more than once.

    Each call reads the lists and works out anew what is needed. In one call packages are chosen
    that fit together, and it is done once.

    Off unless selected: where the second needs a repository that the first made possible, there
    have to be two.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "apt-one-install",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("ruleMoreThanOneInstall",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && apt-get install -y --no-install-recommends gcc \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends gcc make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get install -y b\nRUN apt-get install -y c\n"),
        Valid("FROM a\nRUN apt-get install -y b && apt-get update && apt-get install -y c\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y b; apt install -y c\n", at="apt install"),
        Invalid(
            ("FROM a\nRUN apt-get install b && x && apt-get install c && apt-get install d\n"),
            at=("apt-get install", "apt-get install"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = [
                call
                for call in program.invocations_of("apt-get", "apt")
                if call.action == "install"
            ]
            for first, second in pairwise(calls):
                between = program.script.text[first.command.end : second.command.start]
                if (
                    "update" not in between
                    and "apt-key" not in between
                    and "sources" not in between
                ):
                    yield self.finding(
                        doc,
                        second.call_span,
                        "name these packages in the call above: one call does for all",
                    )
