"""The rule `gem-clean`."""

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
    from dflint.shell.invocation import Invocation


class GemClean(Rule):
    """`gem update` leaves the old versions.

    `gem update` installs newer versions beside the old ones, which stay until `gem cleanup`
    removes them; a later `RUN` cannot take them out of the layer.

    The fix puts it behind the update. There is none below a `gem install` that asks for a version:
    `gem cleanup` leaves the newest one alone.

    Off unless selected.

    RubyGems command reference, "gem cleanup".
    """

    meta = Meta(
        "gem-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "no_gem_clean_all",
            "gemUpdateSystemRmRootGem",
        ),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("gem",)
    bad = "FROM ruby:3.4-slim\nRUN gem update --no-document\n"
    good = "FROM ruby:3.4-slim\nRUN gem update --no-document && gem cleanup\n"
    valid = (
        Valid("FROM a\nRUN gem update --system && rm -rf /root/.gem\n"),
        Valid("FROM a\nRUN gem install b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN /b/gem update --system\n", at="/b/gem update",
                fixed="FROM a\nRUN /b/gem update --system && /b/gem cleanup\n", unsafe=True),
        Invalid("FROM a\nRUN gem update b; c\nRUN gem cleanup\n", at="gem update",
                fixed="FROM a\nRUN gem update b && gem cleanup; c\nRUN gem cleanup\n", unsafe=True),
        Invalid("FROM a\nRUN gem install b -v 1.17.3 && gem install b:2.0 && gem update --system\n",
                at="gem update"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = program.invocations_of("gem")
            if any(call.action == "clean" for call in calls) or ".gem" in program.script.text:
                continue
            for call in calls:
                if call.action == "upgrade":
                    yield self.finding(
                        doc,
                        call.call_span,
                        "the versions that this replaces stay in the layer; end the RUN with `gem "
                        "cleanup`",
                        fix=partial(_fix, doc, program, call),
                    )


#: A version that is asked for: an older one is not to be cleaned up.
_PINNED = re.compile(r"\bgem\s+install\b(?:[^;&|\n]|\\\r?\n)*?(?:\s-v\b|\s--version\b|\w:[\d$])")


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """`gem cleanup` behind it; None where a gem of a certain version was installed before."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.semantic.cleanups import cleanup_edits

    if _PINNED.search(doc.text, 0, call.command.span.start) is not None:
        return None
    word = call.command.program_word
    gem = word.text if word is not None and word.text == word.value else "gem"
    edits = cleanup_edits([(program, call.command)], f"{gem} cleanup")
    if edits is None:
        return None
    title, effect = "add `gem cleanup`", Effect.FILES
    return Fix(title, edits, Applicability.UNSAFE, effect, contract=SAME_IMAGE)
