"""The rule `bundler-flags`."""

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


_SETTINGS = {
    "--without": "without GROUPS",
    "--with": "with GROUPS",
    "--path": "path DIR",
    "--deployment": "deployment true",
    "--no-deployment": "deployment false",
    "--system": "system true",
    "--shebang": "shebang NAME",
    "--clean": "clean true",
    "--no-prune": "no_prune true",
    "--frozen": "frozen true",
}


class BundlerFlags(Rule):
    """`bundle install` is given options that Bundler has given up.

    `--without`, `--with`, `--path`, `--deployment`, `--system` and their like were remembered by
    Bundler for later calls. Since 2.1 it warns, and newer versions refuse them. `bundle config
    set --local without 'development test'` does the same, or the variables `BUNDLE_WITHOUT`,
    `BUNDLE_PATH`, `BUNDLE_DEPLOYMENT`.

    The fix puts `bundle config set --local` in front, which writes what the options did. It is
    unsafe in Ruby's image from 2.7 on, and a proposal where the version is not known: Bundler 1
    has no `set`.

    bundle-install(1), "Options".
    """

    meta = Meta(
        "bundler-flags",
        Category.DEPRECATION,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/ruby/deprecated-bundler-install-flags",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("bundle",)
    bad = (
        "FROM ruby:3.4\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install --deployment\n"
    )
    good = (
        "FROM ruby:3.4\n"
        "ENV BUNDLE_DEPLOYMENT=1\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install\n"
    )
    valid = (
        Valid(
            "FROM a\n"
            "RUN bundle install --jobs 4 --retry 3 && bundle config set --local without "
            "test\n"
        ),
        Valid("FROM a\nRUN bundle exec b --path c\n"),
    )
    invalid = (
        Invalid(
            "FROM ruby:3.4\nRUN bundle install --deployment --jobs 4 \\\n"
            "    --without development test\n",
            at=("--deployment", "--without"),
            fixed=(
                "FROM ruby:3.4\nRUN bundle config set --local deployment true && "
                "bundle config set --local without development:test && bundle install --jobs 4\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM ruby:3.4\nRUN bundle check || bundle install --path b\n", at="--path"),
        Invalid("FROM ruby:2.6\nRUN bundle install --path b\n", at="--path"),
        Invalid("FROM a\nRUN bundle install --without development test --jobs 4\n", at="--without"),
        Invalid(
            "FROM a\nRUN bundle --path=vendor --deployment\n", at=("--path=vendor", "--deployment")
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("bundle"):
                if call.action != "install" and call.verb:
                    continue
                for option in call.options:
                    setting = _SETTINGS.get(option.name)
                    if setting is not None:
                        yield self.finding(
                            doc,
                            option.span,
                            "newer versions of Bundler refuse this option; write `bundle config "
                            f"set --local {setting}`, or "
                            f"`ENV BUNDLE_{setting.split(' ')[0].upper()}`",
                            fix=partial(_fix, doc, program, call),
                        )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.bundler_fixes import remember_options

    return remember_options(doc, program, call)
