"""The rule `zypper-update`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class ZypperUpdate(Rule):
    """`zypper dist-upgrade` turns the base image into whatever the repositories hold that day.

    It installs, downgrades and removes whatever makes the system match its repositories, other
    vendors' packages included. What comes of it depends on the day, and everything that is
    replaced is in the image twice. A newer base image has the same packages once, and its tag
    tells which.

    Not reported in files that speak of Tumbleweed, where this is the only way to update, and
    where it moves to repositories that it is told (`--from`). To leave the command out is only
    proposed: which image is new enough, the file does not tell.

    zypper(8), "dist-upgrade".
    """

    meta = Meta(
        "zypper-update",
        Category.REPRODUCIBILITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3035",
            "Run_Using_Zypper_Update",
            "avoid-zypper-update",
        ),
        fix="display",
    )
    on = (Run, OnBuild)
    mentions = ("zypper",)
    bad = (
        "FROM opensuse/leap:15.5\nRUN zypper --non-interactive dist-upgrade && zypper clean --all\n"
    )
    good = "FROM opensuse/leap:15.6\n"
    valid = (
        Valid("FROM a\nRUN zypper -n update && zypper -n patch && zypper -n in dup\n"),
        Valid("FROM opensuse/tumbleweed\nRUN zypper -n dup\n"),
        Valid("FROM a\nRUN zypper -n dup --from b && echo zypper dup\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN zypper -n dist-upgrade && zypper clean\n", at="zypper -n dist-upgrade"
        ),
        Invalid("FROM a\nRUN zypper \\\n  # -n\n  dup\n", at="zypper \\\n  # -n\n  dup"),
        Invalid("ONBUILD RUN sudo zypper dup\n", at="zypper dup"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each upgrade of the distribution."""
        if "tumbleweed" in doc.text.lower():
            return
        for program in doc.programs:
            for call in program.invocations_of("zypper"):
                if call.verb in ("dist-upgrade", "dup") and call.option("--from") is None:
                    message = (
                        f"`zypper {call.verb}` makes the base image whatever the repositories hold "
                        "today; build on a newer image instead"
                    )
                    fix = partial(_fix, doc, program, call)
                    yield self.finding(doc, call.call_span, message, fix=fix)


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.fixing import Applicability
    from dflint.lint.word_fixes import leave_step_out

    name = f"zypper {call.verb}"
    return leave_step_out(doc, program, call.command, name, Applicability.DISPLAY)
