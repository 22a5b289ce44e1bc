"""The rule `bundler-mount`."""

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


class BundlerMount(Rule):
    """Gems are fetched anew by each build.

    A cache mount on Bundler's cache (`RUN --mount=type=cache,target=/usr/local/bundle/cache`)
    keeps the archives of gems between builds, and they are in no image.

    Off unless selected: whether an image is for production is not in the file. The fix adds the
    mount in Ruby's image, where root installs the gems and nothing says where else they go. It is
    unsafe: it takes BuildKit, and the archives are not in the image for `bundle pristine`.

    bundle-config(1).
    """

    meta = Meta(
        "bundler-mount",
        Category.CACHE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/prefer-bundler-cache-mount",),
        default=False,
        fix="unsafe",
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
        "RUN --mount=type=cache,target=/usr/local/bundle/cache bundle install\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/b bundle install\n"),
        Valid("FROM a\nRUN bundle exec c\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle install\n", at="bundle install"),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install && rm -rf `gem env gemdir`/cache\n",
            at="bundle install",
        ),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install --jobs 4\nRUN bundle install --path b\n",
            at=("bundle install", "bundle install"),
            fixed=(
                "FROM ruby:3.4\n"
                "RUN --mount=type=cache,target=/usr/local/bundle/cache bundle install --jobs 4\n"
                "RUN bundle install --path b\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN --mount=type=bind,target=/b bundle install\n", at="bundle install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if any("type=cache" in one for one in program.occurrence.reading.flag_values("mount")):
                continue
            for call in program.invocations_of("bundle"):
                if call.action == "install":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "all gems are fetched again when this runs again; keep them with "
                        "`--mount=type=cache,target=/usr/local/bundle/cache`",
                        fix=partial(_fix, doc, program, call),
                    )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.mount_fixes import add_mount
    from dflint.semantic.mounted_caches import BUNDLE

    return add_mount(doc, program, call, BUNDLE)
