"""The rule `useradd-no-log-init`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.busybox import is_busybox_based

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.invocation import Invocation

# Ids from 100,000 on.
_LEAST_DIGITS = 6


class UseraddNoLogInit(Rule):
    """`useradd` with a high user id and without `--no-log-init` makes the layer large.

    `/var/log/lastlog` and `/var/log/faillog` hold one record for each id, at the place that the
    id gives: for id 100,000 the first is 29 MB, for an id of a company's directory many
    gigabytes. On disk they are holes, but an archive of a layer holds every byte, and so does
    what is made of it. `--no-log-init` (`-l`) leaves the user out of both files.

    Reported are ids from 100,000 on, also those that are an ARG's default. An id that only a run
    can tell is not: it is most often that of a person's own computer; nor one on Alpine, which
    has no such files. Where others have given them up too, the option does no harm.

    Dockerfile best practices, "USER"; useradd(8).
    """

    meta = Meta(
        "useradd-no-log-init",
        Category.SIZE,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3046",),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("useradd",)
    bad = "FROM debian:12-slim\nRUN useradd --uid 200000 app\nUSER app\n"
    good = "FROM debian:12-slim\nRUN useradd --no-log-init --uid 200000 app\nUSER app\n"
    valid = (
        Valid("FROM a\nRUN useradd -l -u 123456 x; useradd --no-log-init --uid=123456 x\n"),
        Valid("FROM a\nARG U\nRUN useradd -u 99999 x; useradd -mu $U x; useradd -lmu 123456 x\n"),
        Valid("FROM a\nRUN useradd -K UID_MIN=100000 x; useradd x; echo useradd -u 123456\n"),
        Valid("FROM alpine\nRUN apk add shadow && useradd -u 123456 x\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN useradd -u 123456 x\n",
            at="123456",
            fixed="FROM a\nRUN useradd --no-log-init -u 123456 x\n",
        ),
        Invalid(
            "FROM a\nONBUILD RUN sudo useradd --uid=100000 x\n",
            at="--uid=100000",
            fixed="FROM a\nONBUILD RUN sudo useradd --no-log-init --uid=100000 x\n",
        ),
        Invalid(
            "FROM a\nARG U=200000\nRUN useradd \\\n  # id\n  -mu ${U} x\n",
            at="${U}",
            fixed="FROM a\nARG U=200000\nRUN useradd --no-log-init \\\n  # id\n  -mu ${U} x\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The ids that are high, of the calls without the option."""
        for program in doc.programs:
            for call in program.invocations_of("useradd"):
                uid = call.option("-u", "--uid")
                if uid is None or uid.given is None or call.option("-l", "--no-log-init"):
                    continue
                value = (uid.value or "").lstrip("0")
                is_high = value.isdecimal() and len(value) >= _LEAST_DIGITS
                if is_high and not is_busybox_based(doc.model, program):
                    yield self.finding(
                        doc,
                        uid.given.span,
                        "`/var/log/lastlog` grows with the id and makes the layer large; leave "
                        "this user out of it with `--no-log-init`",
                        fix=partial(_fix, doc, call),
                    )


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.contract import LOGIN_LOGS
    from dflint.lint.program_fixes import add_option

    return add_option(doc, call, "--no-log-init", before_verb=True, contract=LOGIN_LOGS)
