"""The rule `dnf-yes`."""

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


class DnfYes(Rule):
    """`dnf` asks whether to go on, and nobody is there to answer.

    `dnf` asks `Is this ok [y/N]` before it installs, upgrades or removes anything, and before it
    changes module streams or enables a Copr repository. During a build standard input is empty,
    which counts as no: it prints `Operation aborted` and the build fails.

    `microdnf` is a program of its own that never asks, but in Fedora it is a name of `dnf5`,
    which does. It is reported there, and where the base image is not known.

    Not reported with `-y`, `--assumeyes`, `assumeyes=True` in its configuration, where a pipe
    answers, and where a variable may hold options.

    dnf(8), `--assumeyes`.
    """

    meta = Meta(
        "dnf-yes",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3038",
            "Missing_Flag_From_Dnf_Install",
            "missing-dnf-assume-yes-switch",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("dnf",)
    bad = "FROM fedora:42\nRUN dnf install git && dnf clean all\n"
    good = "FROM fedora:42\nRUN dnf install -y git && dnf clean all\n"
    valid = (
        Valid("FROM a\nRUN dnf -y update && dnf install -qy b && dnf clean all && dnf makecache\n"),
        Valid("FROM a\nRUN yes | dnf install b\nRUN dnf install --setopt assumeyes=True b\n"),
        Valid("FROM a\nRUN dnf $OPTIONS install b && dnf module list && dnf list c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN dnf install b && dnf clean all\n",
            at="dnf install",
            fixed="FROM a\nRUN dnf -y install b && dnf clean all\n",
        ),
        Invalid(
            "FROM a\nRUN dnf module enable b && \\\n  # -y\n  dnf5 upgrade\n",
            at=("dnf module", "dnf5 upgrade"),
            fixed="FROM a\nRUN dnf -y module enable b && \\\n  # -y\n  dnf5 -y upgrade\n",
        ),
        Invalid(
            "ONBUILD RUN sudo dnf groupinstall b\n",
            at="dnf groupinstall",
            fixed="ONBUILD RUN sudo dnf -y groupinstall b\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call that asks."""
        for call in unanswered_calls(doc.programs, doc.tree, "dnf", "microdnf"):
            message = (
                f"`{call.name} {call.verb}` asks before it changes anything; nobody answers, and "
                "it fails the build; add `-y`"
            )
            fix = partial(_fix, doc, call)
            yield self.finding(doc, call.call_span, message, fix=fix)


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.contract import RPM_HISTORY
    from dflint.lint.program_fixes import add_option

    return add_option(doc, call, "-y", before_verb=True, contract=RPM_HISTORY)
