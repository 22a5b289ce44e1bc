"""The rule `apt-no-yes`."""

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


class AptNoYes(Rule):
    """`apt-get` asks whether to go on, and nobody is there to answer.

    Before it installs more than was named, upgrades or removes something, `apt-get` asks `Do you
    want to continue? [Y/n]`. During a build standard input is empty; it prints `Abort.` and the
    build fails. That a package comes without further ones today spares the question only until
    that changes. `DEBIAN_FRONTEND=noninteractive` answers the questions of packages, not this
    one, and neither does the deprecated `--force-yes`. Because many an installation works
    without an answer, this is a warning and no error.

    Not reported where `-y`, `-qq` (`-q=2` says yes too), `APT::Get::Assume-Yes` or a pipe
    answers, in CircleCI's images, whose configuration does, for simulations, and where a variable
    may hold options.

    apt-get(8), `--assume-yes`, `--quiet`.
    """

    meta = Meta(
        "apt-no-yes",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3014",
            "apt-get_missing_param",
            "aptGetInstallUseY",
            "DS-0021",
            "APT-GET_Missing_y_To_Avoid_Manual_Input",
            "missing-assume-yes-switch",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get update && apt-get install -yq b && apt-get -qq upgrade\n"),
        Valid(
            "FROM a\nRUN yes | apt-get install b\nRUN apt-get -o APT::Get::Assume-Yes=1 purge b\n"
        ),
        Valid("FROM a\nRUN apt-get install -s b && apt-get upgrade $X && echo apt-get install\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apt-get update && apt-get install b\n",
            at="apt-get install",
            fixed="FROM a\nRUN apt-get update && apt-get install -y b\n",
        ),
        Invalid(
            "FROM a\nRUN \\\n  # -y\n  apt-get -q \\\n  install --force-yes b; apt-get purge c\n",
            at=("apt-get -q \\\n  install", "apt-get purge"),
            fixed=(
                "FROM a\nRUN \\\n  # -y\n  apt-get -q \\\n  install -y --force-yes b; "
                "apt-get purge -y c\n"
            ),
        ),
        Invalid(
            'ONBUILD RUN bash -c "DEBIAN_FRONTEND=noninteractive apt-get upgrade"\n',
            at="apt-get upgrade",
            fixed='ONBUILD RUN bash -c "DEBIAN_FRONTEND=noninteractive apt-get upgrade -y"\n',
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call that asks."""
        for call in unanswered_calls(doc.programs, doc.tree, "apt-get", "apt", "aptitude"):
            when = (
                "if more is to be done than was named"
                if call.action == "install"
                else ("before it changes anything")
            )
            message = (
                f"`{call.name} {call.verb}` asks whether to go on {when}; nobody answers, and it "
                "aborts the build; add `-y`"
            )
            fix = partial(_fix, doc, call)
            yield self.finding(doc, call.call_span, message, fix=fix)


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.contract import APT_LOGS
    from dflint.lint.program_fixes import add_option

    return add_option(doc, call, "-y", contract=APT_LOGS)
