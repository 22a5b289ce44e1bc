"""The rule `bundler-redundant`."""

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
    from dflint.shell.invocation import Argument, Invocation


class BundlerRedundant(Rule):
    """Bundler is installed where the base image has it.

    Ruby has come with Bundler since 2.6, and takes the version that `Gemfile.lock` names by
    itself. `gem install bundler` brings another one, of the day.

    Off unless selected: whether an image is for production is not in the file. The fix leaves it
    out. It is unsafe from Ruby 3.1 on, a proposal with older ones, whose Bundler may not know the
    lock file, and none where the tag does not tell.

    bundle-config(1).
    """

    meta = Meta(
        "bundler-redundant",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/redundant-bundler-install",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("bundler",)
    bad = "FROM ruby:3.4\nRUN gem install --no-document bundler\n"
    good = "FROM ruby:3.4\nRUN gem install --no-document rake\n"
    valid = (
        Valid("FROM ruby:3.4\nRUN gem install bundler -v 2.6.0 && gem install bundler:2.6.1\n"),
        Valid("FROM a\nRUN gem install bundler\n"),
    )
    invalid = (
        Invalid("FROM ruby:3\nRUN gem install bundler\n", at="bundler"),
        Invalid(
            "FROM ruby:3.4\nRUN gem install bundler && bundle install\nRUN gem install bundler\n"
            "RUN a && gem install bundler rake\nRUN a && gem install bundler\n",
            at=("bundler",) * 4,
            fixed=("FROM ruby:3.4\nRUN bundle install\nRUN a && gem install rake\nRUN a\n"),
            unsafe=True,
        ),
        Invalid("FROM ruby:3-slim AS b\nFROM b\nRUN gem install rake bundler\n", at="bundler"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if not program.base_image.startswith("ruby:"):
                continue
            for call in program.invocations_of("gem"):
                for argument in call.operands if call.action == "install" else ():
                    if argument.value == "bundler" and call.option("-v", "--version") is None:
                        yield self.finding(
                            doc,
                            argument.span,
                            "the image has Bundler, and it takes the version of Gemfile.lock",
                            fix=partial(_fix, doc, program, call, argument),
                        )


def _fix(doc: Document, program: Program, call: Invocation, argument: Argument) -> Fix | None:
    from dflint.lint.bundler_fixes import remove_bundler

    return remove_bundler(doc, program, call, argument)
