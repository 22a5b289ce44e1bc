"""The rule `bundle-network`."""

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


class BundleNetwork(Rule):
    """Gems are installed with the network where they were fetched before.

    After `bundle cache` or `bundle package` all gems are in `vendor/cache`, and `bundle install
    --local` needs no network. `RUN --network=none` keeps what gems run while they are compiled
    from reaching it.

    Off unless selected: whether an image is for production is not in the file. The fix proposes the
    flag, where all of the RUN is Bundler's: what gems fetch while they are compiled is not seen.

    bundle-config(1).
    """

    meta = Meta(
        "bundle-network",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/prefer-network-none-install",),
        default=False,
        fix="display",
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
        "COPY vendor/cache vendor/cache\n"
        "RUN bundle install --local\n"
    )
    good = (
        "FROM ruby:3.4\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "COPY vendor/cache vendor/cache\n"
        "RUN --network=none bundle install --local\n"
    )
    valid = (
        Valid("FROM a\nRUN bundle install\n"),
        Valid("FROM a\nRUN --network=none bundle install --local\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle install --local\n", at="bundle install"),
        Invalid("FROM a\nRUN b; bundle install --jobs 4 --prefer-local\n", at="bundle install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.occurrence.reading.flag("network") is not None:
                continue
            for call in program.invocations_of("bundle"):
                if (
                    call.action == "install"
                    and call.option("--local", "--prefer-local") is not None
                ):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "this needs no network, and what gems run should not have it; add "
                        "`--network=none` to "
                        "the RUN",
                        fix=partial(_fix, program),
                    )


def _fix(program: Program) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    harmless = ("bundle", "bundler", "cd", "echo", "set", "export", "mkdir", "rm", "cp", "chown")
    if any(command.program not in harmless for command in program.script.commands):
        return None
    edit = Edit.insertion(program.occurrence.keyword.end, " --network=none")
    level = Applicability.DISPLAY
    return Fix("take the network away", [edit], level, Effect.FILES, contract=SAME_IMAGE)
