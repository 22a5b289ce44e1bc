"""The rule `bundle-without`."""

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


class BundleWithout(Rule):
    """Gems for development are in the image.

    Without `BUNDLE_WITHOUT=development:test` all groups of the `Gemfile` are installed:
    debuggers, frameworks for tests, consoles in the browser.

    Off unless selected: whether an image is for production is not in the file. The fix sets the
    variable above the first installation. It is unsafe where `RAILS_ENV` or `RACK_ENV` says
    `production`, a proposal elsewhere: what starts for development wants these gems. None where
    the file calls tools of theirs (`rspec`).

    bundle-config(1).
    """

    meta = Meta(
        "bundle-without",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/missing-bundle-without-development",),
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
        "ENV BUNDLE_WITHOUT=development:test\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install\n"
    )
    valid = (
        Valid("FROM a\nENV RACK_ENV=test\nRUN bundle install\n"),
        Valid("FROM a AS dev\nRUN bundle install\n"),
        Valid("FROM a\nRUN bundle install --without test\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle install --jobs 4\n", at="bundle install"),
        Invalid(
            "FROM a\nENV RAILS_ENV=production\nRUN bundle install\nRUN bundle install --jobs 4\n",
            at=("bundle install", "bundle install"),
            fixed=(
                "FROM a\nENV RAILS_ENV=production\nENV BUNDLE_WITHOUT=development:test\n"
                "RUN bundle install\nRUN bundle install --jobs 4\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nENV RAILS_ENV=production\nRUN bundle install && bundle exec rspec\n",
            at="bundle install",
        ),
        Invalid("FROM a AS b\nFROM c\nRUN bundle install\n", at="bundle install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        text = self.text_of(doc)
        if any(name in text for name in ("BUNDLE_WITHOUT", "without", "BUNDLE_ONLY")):
            return
        from dflint.semantic.development import is_for_development
        from dflint.semantic.shipped_stages import shipped_stages

        shipped = shipped_stages(doc.model)
        for program in doc.programs:
            if program.stage_number not in shipped or is_for_development(doc.model, program):
                continue
            for call in program.invocations_of("bundle"):
                if call.action == "install":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "gems for development and tests are installed too; set "
                        "`ENV BUNDLE_WITHOUT=development:test`",
                        fix=partial(_fix, doc, program),
                    )


def _fix(doc: Document, program: Program) -> Fix | None:
    from dflint.lint.bundler_fixes import leave_out_groups

    return leave_out_groups(doc, program)
