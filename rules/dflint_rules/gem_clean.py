"""The rule `gem-clean`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class GemClean(Rule):
    """`gem update` leaves the old versions.

    `gem update` installs newer versions beside the old ones, which stay until `gem cleanup`
    removes them; a later `RUN` cannot take them out of the layer.

    Off unless selected.

    RubyGems command reference, "gem cleanup".
    """

    meta = Meta(
        "gem-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "no_gem_clean_all",
            "gemUpdateSystemRmRootGem",
        ),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("gem",)
    bad = "FROM ruby:3.4-slim\nRUN gem update --no-document\n"
    good = "FROM ruby:3.4-slim\nRUN gem update --no-document && gem cleanup\n"
    valid = (
        Valid("FROM a\nRUN gem update --system && rm -rf /root/.gem\n"),
        Valid("FROM a\nRUN gem install b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN gem update --system\n", at="gem update"),
        Invalid("FROM a\nRUN gem update b\nRUN gem cleanup\n", at="gem update"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = program.invocations_of("gem")
            if any(call.action == "clean" for call in calls) or ".gem" in program.script.text:
                continue
            for call in calls:
                if call.action == "upgrade":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "the versions that this replaces stay in the layer; end the RUN with `gem "
                        "cleanup`",
                    )
