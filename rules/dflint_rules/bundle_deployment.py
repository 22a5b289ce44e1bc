"""The rule `bundle-deployment`."""

from __future__ import annotations

import re
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


_OFF = re.compile(r"BUNDLE_(?:DEPLOYMENT|FROZEN)[ =](?:['\"]?(?:0|false)\b|\"\"|''|(?=\s))")


class BundleDeployment(Rule):
    """Bundler may change `Gemfile.lock` in the build.

    With `BUNDLE_DEPLOYMENT=1` (or `BUNDLE_FROZEN`) `bundle install` fails where `Gemfile.lock`
    does not fit `Gemfile`; without, it writes another one, and the image has other versions than
    were tested. With `BUNDLE_DEPLOYMENT` alone the gems go to `vendor/bundle` besides, unless
    `BUNDLE_PATH` says where.

    Off unless selected: whether an image is for production is not in the file. The fix proposes
    `BUNDLE_FROZEN`, which leaves the gems where they are: a lock file without Linux among its
    platforms ends the build.

    bundle-config(1).
    """

    meta = Meta(
        "bundle-deployment",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/missing-bundle-deployment",),
        default=False,
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("bundle",)
    bad = "FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n"
    good = (
        "FROM ruby:3.4\n"
        "ENV BUNDLE_FROZEN=1\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install\n"
    )
    valid = (
        Valid("FROM a AS dev\nRUN bundle install\n"),
        Valid("FROM a\nENV RAILS_ENV=development\nRUN bundle install\n"),
        Valid("FROM a\nRUN bundle config set frozen true && bundle install\n"),
        Valid("FROM a\nRUN bundle exec b\n"),
    )
    invalid = (
        Invalid('FROM a\nENV BUNDLE_DEPLOYMENT=""\nRUN bundle install\n', at="bundle install"),
        Invalid("FROM a\nENV BUNDLE_DEPLOYMENT=0\nRUN bundle install\n", at="bundle install"),
        Invalid("FROM a\nRUN bundle install --jobs 4\n", at="bundle install"),
        Invalid("FROM a\nRUN cd b && bundle install\n", at="bundle install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        text = _OFF.sub("", self.text_of(doc))
        if any(
            name in text for name in ("BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN", "deployment", "frozen")
        ):
            return
        from dflint.semantic.development import is_for_development

        for program in doc.programs:
            if is_for_development(doc.model, program):
                continue
            for call in program.invocations_of("bundle"):
                if call.action == "install":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "this may write another `Gemfile.lock` than was tested; set `ENV "
                        "BUNDLE_FROZEN=1`",
                        fix=partial(_fix, doc, program),
                    )


def _fix(doc: Document, program: Program) -> Fix | None:
    from dflint.lint.bundler_fixes import freeze

    return freeze(doc, program)
