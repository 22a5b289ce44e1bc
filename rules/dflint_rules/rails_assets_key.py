"""The rule `rails-assets-key`."""

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
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class RailsAssetsKey(Rule):
    """Assets are compiled with the real key of the application.

    `rails assets:precompile` starts the application, which wants `SECRET_KEY_BASE`, and the build
    does not have it. `SECRET_KEY_BASE_DUMMY=1` (Rails 7.1 and later) gives it one that is good
    for nothing else.

    Off unless selected: whether an image is for production is not in the file. The fix puts the
    variable in front of the call. It is unsafe in Ruby's image from 2.7 on, which Rails 7.1 needs
    (older Rails do not look at it), and a proposal where the version is not known.

    bundle-config(1).
    """

    meta = Meta(
        "rails-assets-key",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/asset-precompile-without-dummy-key",),
        default=False,
        fix="unsafe",
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
        Valid("FROM a\nRUN export SECRET_KEY_BASE=b && rake assets:precompile\n"),
        Valid("FROM a\nRUN env SECRET_KEY_BASE_DUMMY=1 ./bin/rails assets:precompile\n"),
        Valid("FROM a\nENV SECRET_KEY_BASE=b\nRUN rake assets:precompile\n"),
        Valid("FROM a\nRUN rails db:migrate\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN SECRET_KEY_BASE_DUMMY=1 rails b && rails assets:precompile\n"
            "RUN SECRET_KEY_BASE=1 rails assets:precompile && export SECRET_KEY_BASE=1\n",
            at="assets:precompile",
        ),
        Invalid(
            "FROM ruby:3.4\nRUN bundle install && RAILS_ENV=production rails assets:precompile\n"
            "RUN sudo -u b rails assets:precompile\n",
            at=("assets:precompile", "assets:precompile"),
            fixed=(
                "FROM ruby:3.4\nRUN bundle install && SECRET_KEY_BASE_DUMMY=1 "
                "RAILS_ENV=production rails assets:precompile\n"
                "RUN sudo -u b rails assets:precompile\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN bundle exec rake assets:precompile\n", at="assets:precompile"),
        Invalid(
            "FROM ruby:3.4\nRUN ! rails assets:precompile\nRUN time rails assets:precompile\n",
            at=("assets:precompile", "assets:precompile"),
        ),
        Invalid(
            "FROM a\nRUN RAILS_ENV=production ./bin/rails assets:precompile\n",
            at="assets:precompile",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if "assets:precompile" not in program.script.text or _has_key(doc.model, program):
                continue
            if program.occurrence.reading.flag_values("mount"):
                continue
            for call in program.invocations_of("rails", "rake", "bundle"):
                for argument in call.arguments:
                    if argument.prefix == "assets:precompile" and not _is_given(program, call):
                        yield self.finding(
                            doc,
                            argument.span,
                            "the application wants a key here; give it `SECRET_KEY_BASE_DUMMY=1`, "
                            "never the "
                            "real one",
                            fix=partial(_fix, doc, program, call),
                        )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.bundler_fixes import set_dummy_key

    return set_dummy_key(doc, program, call)


def _has_key(model: SemanticModel, program: Program) -> bool:
    """Whether ENV or ARG sets the key."""
    environment = model.environment(program.instruction)
    names = ("SECRET_KEY_BASE", "SECRET_KEY_BASE_DUMMY", "RAILS_MASTER_KEY")
    return any(environment.get(name) is not None for name in names)


def _is_given(program: Program, call: Invocation) -> bool:
    """Whether the call itself, or an `export` before it, sets the key."""
    if "SECRET_KEY_BASE" in call.command.text:
        return True
    return any(
        command.name_value in ("export", None) and "SECRET_KEY_BASE" in command.text
        for command in program.script.commands
        if command.start < call.command.start
    )
