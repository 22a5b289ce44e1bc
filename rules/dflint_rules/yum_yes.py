"""The rule `yum-yes`."""

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


class YumYes(Rule):
    """`yum` asks whether to go on, and nobody is there to answer.

    `yum` asks `Is this ok [y/d/N]` before it installs, updates or removes anything. During a
    build standard input is empty, which counts as no: it prints `Exiting on user command` and
    the build fails.

    Not reported with `-y`, `--assumeyes`, `assumeyes=1` in its configuration, where a pipe
    answers, and where a variable may hold options.

    yum(8), `--assumeyes`.
    """

    meta = Meta(
        "yum-yes",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3030",
            "yumInstallForceYes",
            "Yum_Install_Allows_Manual_Input",
            "missing-yum-assume-yes-switch",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("yum",)
    bad = "FROM amazonlinux:2\nRUN yum install git && yum clean all\n"
    good = "FROM amazonlinux:2\nRUN yum install -y git && yum clean all\n"
    valid = (
        Valid("FROM a\nRUN yum -y update && yum install -qy b && yum clean all && yum makecache\n"),
        Valid("FROM a\nRUN echo y | yum install b\nRUN yum install --setopt=assumeyes=1 b\n"),
        Valid("FROM a\nRUN yum $OPTIONS install b && echo yum install && yum list c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN yum install b && yum clean all\n",
            at="yum install",
            fixed="FROM a\nRUN yum -y install b && yum clean all\n",
        ),
        Invalid(
            "FROM a\nRUN yum \\\n  # -y\n  group install b; yum update\n",
            at=("yum \\\n  # -y\n  group", "yum update"),
            fixed="FROM a\nRUN yum -y \\\n  # -y\n  group install b; yum -y update\n",
        ),
        Invalid(
            "ONBUILD RUN sudo yum remove b\n",
            at="yum remove",
            fixed="ONBUILD RUN sudo yum -y remove b\n",
        ),
        Invalid("FROM a\nARG Y=yum\nRUN $Y install b\n", at="$Y install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call that asks."""
        for call in unanswered_calls(doc.programs, doc.tree, "yum"):
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
