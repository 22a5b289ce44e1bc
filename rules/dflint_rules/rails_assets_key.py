"""The rule `rails-assets-key`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class RailsAssetsKey(Rule):
    """Assets are compiled with the real key of the application.

    `rails assets:precompile` starts the application, which wants `SECRET_KEY_BASE`, and the build
    does not have it. `SECRET_KEY_BASE_DUMMY=1` (Rails 7.1 and later) gives it one that is good
    for nothing else.

    Off unless selected: whether an image is for production is not in the file.

    bundle-config(1).
    """

    meta = Meta(
        "rails-assets-key",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/asset-precompile-without-dummy-key",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("assets:precompile",)
    bad = "FROM ruby:3.4\nWORKDIR /app\nCOPY app/ app/\nRUN bin/rails assets:precompile\n"
    good = (
        "FROM ruby:3.4\n"
        "WORKDIR /app\n"
        "COPY app/ app/\n"
        "RUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile\n"
    )
    valid = (
        Valid("FROM a\nENV SECRET_KEY_BASE=b\nRUN rake assets:precompile\n"),
        Valid("FROM a\nRUN rails db:migrate\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle exec rake assets:precompile\n", at="assets:precompile"),
        Invalid(
            "FROM a\nRUN RAILS_ENV=production ./bin/rails assets:precompile\n",
            at="assets:precompile",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if "assets:precompile" not in program.script.text or "SECRET_KEY_BASE" in doc.text:
                continue
            if program.occurrence.reading.flag_values("mount"):
                continue
            for call in program.invocations_of("rails", "rake", "bundle"):
                for argument in call.arguments:
                    if argument.prefix == "assets:precompile":
                        yield self.finding(
                            doc,
                            argument.span,
                            "the application wants a key here; give it `SECRET_KEY_BASE_DUMMY=1`, "
                            "never the "
                            "real one",
                        )
