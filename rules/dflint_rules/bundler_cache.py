"""The rule `bundler-cache`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class BundlerCache(Rule):
    """Bundler's archives of gems stay in the layer.

    Bundler keeps the archive of each gem below `cache/`, beside the gem. `rm -rf "$(bundle config
    get path)"/ruby/*/cache` (in the official image `/usr/local/bundle/cache`) in the same `RUN`
    removes them.

    Off unless selected: whether an image is for production is not in the file.

    bundle-config(1).
    """

    meta = Meta(
        "bundler-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/leftover-bundler-cache",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("bundle",)
    bad = "FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n"
    good = (
        "FROM ruby:3.4\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install && rm -rf /usr/local/bundle/cache\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/b bundle install\n"),
        Valid("FROM a\nRUN bundle exec c\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle install\n", at="bundle install"),
        Invalid("FROM a\nRUN b && bundle install --jobs 4\n", at="bundle install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.occurrence.reading.flag_values("mount") or "cache" in program.script.text:
                continue
            if "BUNDLE_NO_CACHE" in doc.text or "no-cache" in program.script.text:
                continue
            for call in program.invocations_of("bundle"):
                if call.action == "install":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "the archive of each gem stays in the layer; remove the `cache` directory "
                        "in this RUN",
                    )
