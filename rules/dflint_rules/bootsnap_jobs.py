"""The rule `bootsnap-jobs`."""

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
    from dflint.shell.invocation import Argument


class BootsnapJobs(Rule):
    """Bootsnap compiles in several processes.

    Under emulation (`--platform` for another architecture) Bootsnap's processes have hung in
    builds; `bootsnap precompile -j 1` does it in one, as Rails' own Dockerfile has it.

    Off unless selected: whether an image is for production is not in the file.

    bundle-config(1).
    """

    meta = Meta(
        "bootsnap-jobs",
        Category.PORTABILITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/bootsnap-precompile-without-j1",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("bootsnap",)
    bad = "FROM ruby:3.4\nWORKDIR /app\nCOPY app/ app/\nRUN bundle exec bootsnap precompile app/\n"
    good = (
        "FROM ruby:3.4\n"
        "WORKDIR /app\n"
        "COPY app/ app/\n"
        "RUN bundle exec bootsnap precompile -j 1 app/\n"
    )
    valid = (
        Valid("FROM a\nRUN bootsnap precompile -j1 b\n"),
        Valid("FROM a\nRUN bundle exec rake precompile\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN bundle exec bootsnap precompile --gemfile\n", at="precompile",
                fixed="FROM a\nRUN bundle exec bootsnap precompile -j 1 --gemfile\n", unsafe=True),
        Invalid("FROM a\nRUN bootsnap precompile b\n", at="precompile",
                fixed="FROM a\nRUN bootsnap precompile -j 1 b\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("bootsnap", "bundle"):
                texts = [one.prefix for one in call.arguments]
                is_precompile = "precompile" in texts and (
                    call.name == "bootsnap" or "bootsnap" in texts
                )
                if is_precompile and not any(text.startswith(("-j", "--jobs")) for text in texts):
                    argument = call.arguments[texts.index("precompile")]
                    yield self.finding(
                        doc,
                        argument.span,
                        "for another architecture this may hang; add `-j 1`",
                        fix=partial(_fix, program, argument),
                    )


def _fix(program: Program, argument: Argument) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.semantic.program_edits import insert_words

    edits = insert_words(program, argument.word, "-j 1")
    if edits is None:
        return None
    return Fix("add `-j 1`", edits, Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE)
