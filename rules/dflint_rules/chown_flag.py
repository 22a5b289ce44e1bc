"""The rule `chown-flag`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class ChownFlag(Rule):
    """Files of the program are given to the user who runs it.

    What `--chown` gives to the user whom the program runs as, the program can change: who breaks
    into it replaces its code and is there again after a restart. Files that are only read can
    stay root's, where everybody may read them.

    Off unless selected: in most images it is files of data, or platforms demand it.

    Dockerfile reference, "COPY --chown".
    """

    meta = Meta(
        "chown-flag",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "Chown_Flag_Exists",
            "S6504",
        ),
        default=False,
    )
    on = (
        Copy,
        Add,
        OnBuild,
    )
    mentions = ("--chown",)
    bad = "FROM node:22-slim\nWORKDIR /app\nCOPY --chown=node app/ ./\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY app/ ./\n"
    valid = (
        Valid("FROM a\nCOPY --chown=root:b c d\nCOPY --chown=0 e f\n"),
        Valid("FROM a\nRUN chown b c\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --chown=b:c d e\n", at="--chown=b:c"),
        Invalid("FROM a\nONBUILD ADD --chmod=644 --chown=1000 d e\n", at="--chown=1000"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Copy, Add):
            owner = (occurrence.reading.flag("chown") or "").partition(":")[0]
            if owner not in ("", "root", "0"):
                yield self.finding(
                    doc,
                    occurrence.flag("chown"),
                    "the program can then change its own files; leave them to root where they are "
                    "only "
                    "read",
                )
