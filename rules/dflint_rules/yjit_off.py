"""The rule `yjit-off`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class YjitOff(Rule):
    """Ruby runs without its compiler.

    YJIT makes Rails applications a fifth faster from Ruby 3.2 on; `ENV RUBY_YJIT_ENABLE=1`
    switches it on (Rails 7.2 and later do so by themselves).

    Off unless selected: whether an image is for production is not in the file. The fix sets the
    variable below the last FROM, unsafely: it takes memory.

    bundle-config(1).
    """

    meta = Meta(
        "yjit-off",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/yjit-not-enabled-on-supported-runtime",),
        default=False,
        fix="unsafe",
    )
    on = (From,)
    mentions = ("ruby",)
    bad = "FROM ruby:3.4\nWORKDIR /app\nCOPY app/ app/\n"
    good = "FROM ruby:3.4\nENV RUBY_YJIT_ENABLE=1\nWORKDIR /app\nCOPY app/ app/\n"
    valid = (
        Valid("FROM ruby:2.7\n"),
        Valid('FROM ruby:3.4\nCMD ["ruby", "--yjit", "a.rb"]\n'),
    )
    invalid = (
        Invalid(
            "FROM ruby:3.3-slim\n",
            at="FROM",
            fixed="FROM ruby:3.3-slim\nENV RUBY_YJIT_ENABLE=1\n",
            unsafe=True,
        ),
        Invalid(
            "FROM ruby:3.4 AS a\nFROM a\n",
            at="FROM",
            fixed="FROM ruby:3.4 AS a\nFROM a\nENV RUBY_YJIT_ENABLE=1\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        if stage is None or "yjit" in self.text_of(doc).lower():
            return
        bottom = (stage, *stage.ancestors())[-1]
        if re.match(r"(?:docker\.io/)?(?:library/)?ruby:(?:3\.[2-9]|[4-9])", bottom.image):
            yield self.finding(
                doc,
                doc.keyword(stage.from_instruction),
                "this Ruby can compile what runs often; set `ENV RUBY_YJIT_ENABLE=1`",
                fix=partial(_fix, stage.from_instruction),
            )


def _fix(start: From) -> Fix:
    from dflint.lint.edits import insertion_below
    from dflint.lint.fixing import Applicability, Contract, Effect, Fix

    edit = insertion_below(start, "ENV RUBY_YJIT_ENABLE=1")
    contract = Contract(keys=("Env.RUBY_YJIT_ENABLE",))
    return Fix("switch it on", [edit], Applicability.UNSAFE, Effect.METADATA, contract=contract)
