"""The rule `bundler-cache`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class BundlerCache(Rule):
    """Bundler's archives of gems stay in the layer.

    Bundler keeps the archive of each gem below `cache/`, beside the gem. `rm -rf "$(bundle config
    get path)"/ruby/*/cache` (in the official image `/usr/local/bundle/cache`) in the same `RUN`
    removes them.

    Off unless selected: whether an image is for production is not in the file. The fix is made
    in Ruby's image, where root installs the gems and nothing says where else they go; unsafe where
    a script may want the archives later.

    bundle-config(1).
    """

    meta = Meta(
        "bundler-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/leftover-bundler-cache",),
        default=False,
        fix="safe",
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
        Invalid(
            "FROM ruby:3.4\nCOPY vendor/ /usr/local/bundle/cache/\nRUN bundle install\n",
            at="bundle install",
        ),
        Invalid("FROM a\nRUN b && bundle install --jobs 4\n", at="bundle install"),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install && bundle exec b\n",
            at="bundle install",
            fixed=(
                "FROM ruby:3.4\n"
                "RUN bundle install && rm -rf /usr/local/bundle/cache && bundle exec b\n"
            ),
        ),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install\nUSER b\nRUN bundle install --jobs 4\n",
            at=("bundle install", "bundle install"),
            fixed=(
                "FROM ruby:3.4\nRUN bundle install && rm -rf /usr/local/bundle/cache\n"
                "USER b\nRUN bundle install --jobs 4\n"
            ),
        ),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install\nRUN bundle install --local\n",
            at=("bundle install", "bundle install"),
        ),
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
                        fix=partial(_fix, doc, program, call),
                    )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.bundler_fixes import remove_archives

    return remove_archives(doc, program, call)
