"""The rule `inline-ignore-banned`."""

from __future__ import annotations

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.suppress import suppressions_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class InlineIgnoreBanned(Rule):
    """A comment silences rules.

    Where the rules are a policy, authors of Dockerfiles are not to switch them off: what is to be
    passed over stands in the configuration, where it is reviewed. Reported is every comment that
    silences something, whatever tool it speaks to: `# dflint: ignore`, `# hadolint ignore`,
    `# shellcheck disable` and the `skip` of a `check` directive. No comment silences this rule.

    Off unless selected.
    """

    meta = Meta(
        "inline-ignore-banned",
        Category.POLICY,
        Severity.WARNING,
        since="0.1",
        aliases=("DL1001",),
        default=False,
    )
    mentions = ("ignore", "disable", "skip")
    bad = "FROM alpine:3.22\n# hadolint ignore=DL3019\nRUN apk add curl\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl\n"
    valid = (
        Valid("FROM a\n# hadolint shell=/bin/sh\n# this one can be ignored\nRUN x\n"),
        Valid("# check=error=true\nFROM a\nRUN <<E\n# hadolint ignore=DL3008\nE\n"),
    )
    invalid = (
        Invalid(
            "# check=skip=all\nFROM a\n# hadolint ignore=DL3008\nRUN \\\n  # dflint: ignore\n y\n",
            at=("skip=all", "# hadolint ignore=DL3008", "# dflint: ignore"),
        ),
        Invalid(
            "# dflint: ignore-file\nFROM a\n# shellcheck disable=SC1\nRUN x\n",
            at=("# dflint: ignore-file", "# shellcheck disable=SC1"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each comment."""
        for suppression in suppressions_in(doc.tree, doc.text):
            message = "comments are not to silence rules here; mend what is found, "
            message += "or list the rule in the configuration"
            yield self.finding(doc, suppression.span, message)
