"""The rule `shared-uid`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class SharedUid(Rule):
    """Two users share a number, and with it all rights.

    With `--non-unique` a user gets a number that another one has. To the kernel the two are one:
    each may read, change and stop what is the other's, and names in listings are those of the
    first. What is meant, mostly, is a second name, or the user that is there already: `usermod
    --login`.

    Off unless selected: where a base image has a user with the number that files on the host
    have, it is done on purpose.

    useradd(8), `--non-unique`.
    """

    meta = Meta(
        "shared-uid",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("DKL-LI-0002",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "useradd",
        "usermod",
        "groupadd",
        "groupmod",
    )
    bad = "FROM debian:12-slim\nRUN useradd -o -u 0 admin\n"
    good = "FROM debian:12-slim\nRUN useradd -u 1001 admin\n"
    valid = (
        Valid("FROM a\nRUN useradd -u 1000 b && groupadd -g 1 c\n"),
        Valid("FROM a\nRUN useradd -d /o b && grep -o c d\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN useradd -ou 0 b\n", at="-ou"),
        Invalid(
            "FROM a\nRUN groupadd --non-unique -g 1 b; usermod -o -u 1 c\n",
            at=("--non-unique", "-o"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("useradd", "usermod", "groupadd", "groupmod"):
                option = call.option("-o", "--non-unique")
                if option is not None:
                    yield self.finding(
                        doc,
                        option.span,
                        "two names for one number have the same rights over each other's files and "
                        "processes; use the user that is there, or another number",
                    )
