"""The rule `zypper-yes`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.unanswered_calls import unanswered_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.shell.invocation import Invocation


class ZypperYes(Rule):
    """`zypper` asks whether to go on, and nobody is there to answer.

    `zypper` asks `Continue? [y/n/v/...? shows all options] (y)` before it installs, updates or
    removes anything. During a build standard input is empty: it gives up reading the answer, and
    the build fails.

    Not reported with the global `-n` or `--non-interactive`, with `-y` or `--no-confirm`, where a
    pipe answers, and where a variable may hold options.

    zypper(8), `--non-interactive`.
    """

    meta = Meta(
        "zypper-yes",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3034",
            "Missing_Zypper_Non-interactive_Switch",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("zypper",)
    bad = "FROM opensuse/leap:15.6\nRUN zypper install git && zypper clean --all\n"
    good = (
        "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install git && zypper clean --all\n"
    )
    valid = (
        Valid("FROM a\nRUN zypper -n install b && zypper in -y b && zypper clean && zypper ref\n"),
        Valid("FROM a\nRUN zypper --non-interactive dup\nRUN echo y | zypper rm b\n"),
        Valid("FROM a\nRUN zypper $OPTIONS install b && zypper search c && zypper ar d\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN zypper install b && zypper clean\n",
            at="zypper install",
            fixed="FROM a\nRUN zypper --non-interactive install b && zypper clean\n",
        ),
        Invalid(
            "FROM a\nRUN zypper -q \\\n  # -n\n  in b; zypper patch\n",
            at=("zypper -q \\\n  # -n\n  in", "zypper patch"),
            fixed=(
                "FROM a\nRUN zypper --non-interactive -q \\\n  # -n\n  in b; "
                "zypper --non-interactive patch\n"
            ),
        ),
        Invalid(
            'ONBUILD RUN ["sudo", "zypper", "remove", "b"]\n',
            at='zypper", "remove',
            fixed='ONBUILD RUN ["sudo", "zypper", "--non-interactive", "remove", "b"]\n',
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call that asks."""
        for call in unanswered_calls(doc.programs, doc.tree, "zypper"):
            message = (
                f"`{call.name} {call.verb}` asks before it changes anything; nobody answers, and "
                "it aborts; add `--non-interactive` before the verb"
            )
            fix = partial(_fix, doc, call)
            yield self.finding(doc, call.call_span, message, fix=fix)


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.contract import RPM_HISTORY
    from dflint.lint.program_fixes import add_option

    return add_option(doc, call, "--non-interactive", before_verb=True, contract=RPM_HISTORY)
