"""The rule `unused-suppression`."""

from __future__ import annotations

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class UnusedSuppression(Rule):
    """A suppression silences nothing.

    A `# dflint: ignore` comment that outlives its reason hides what comes later. Reported are
    names that no rule has, and names of rules that are on and find nothing there. Comments for
    other tools are left alone.
    """

    meta = Meta(
        "unused-suppression", Category.SUPPRESSION, Severity.WARNING, since="0.1", fix="safe"
    )
    bad = "FROM buildpack-deps:bookworm\n# dflint: ignore\nRUN make -C /app\n"
    good = "FROM buildpack-deps:bookworm\nRUN make -C /app\n"
    valid = (
        Valid("FROM a\n# hadolint ignore=DL3008\nRUN x\n# dflint: ignorant\nCMD x\n"),
        Valid("FROM a\nRUN <<EOF\n# dflint: ignore=no-such-rule\nEOF\n"),
    )
    invalid = (
        Invalid(
            "FROM a\n# b\n  # dflint: ignore\nRUN x\n",
            at="# dflint: ignore",
            fixed="FROM a\n# b\nRUN x\n",
            unsafe=True,
        ),
        Invalid("# dflint: ignore\n# escape=`\nFROM a\n", at="# dflint: ignore"),
        Invalid(
            "FROM a\nRUN x \\\n  # dflint: ignore=no-such-rule because\n  y\n", at="no-such-rule"
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Give nothing: the runner makes the findings, which it knows when all rules have run."""
        del doc
        yield from ()
