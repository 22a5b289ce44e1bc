"""The rule `nginx-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd, Entrypoint, StopSignal
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.unset_stop_signals import unset_stop_signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class NginxStopsignal(Rule):
    """nginx is stopped in the middle of its answers.

    On `SIGTERM` nginx drops the connections that are open; on `SIGQUIT` it answers what was
    asked, and ends then. Docker sends `SIGTERM` unless `STOPSIGNAL` says otherwise; the official
    image says so.

    Off unless selected: who has a proxy before it that repeats requests does not see it.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "nginx-stopsignal",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-nginx-sigquit",),
        default=False,
        fix="unsafe",
    )
    on = (
        Cmd,
        Entrypoint,
    )
    mentions = ("nginx", "openresty")
    bad = 'FROM alpine:3.22\nRUN apk add --no-cache nginx\nCMD ["nginx", "-g", "daemon off;"]\n'
    good = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache nginx\n"
        "STOPSIGNAL SIGQUIT\n"
        'CMD ["nginx", "-g", "daemon off;"]\n'
    )
    valid = (
        Valid('FROM nginx\nCMD ["nginx"]\n'),
        Valid('FROM a\nSTOPSIGNAL SIGQUIT\nCMD ["nginx"]\nFROM b\nCMD ["nginx-debug"]\n'),
    )
    invalid = (
        Invalid('FROM a\nSTOPSIGNAL SIGTERM\nCMD ["openresty"]\n', at="CMD"),
        Invalid(
            'FROM a\nCMD ["/usr/sbin/nginx"]\n',
            at="CMD",
            fixed='FROM a\nSTOPSIGNAL SIGQUIT\nCMD ["/usr/sbin/nginx"]\n',
            unsafe=True,
        ),
        Invalid(
            'FROM a\nENTRYPOINT ["nginx", "-g", "daemon off;"]\n',
            at="ENTRYPOINT",
            fixed='FROM a\nSTOPSIGNAL SIGQUIT\nENTRYPOINT ["nginx", "-g", "daemon off;"]\n',
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction, program, image in unset_stop_signals(doc.model):
            if image.rpartition("/")[2].startswith(("nginx", "openresty")):
                return
            if program.rpartition("/")[2] in ("nginx", "openresty"):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "on SIGTERM nginx drops what it is answering; write `STOPSIGNAL SIGQUIT`",
                    fix=partial(_fix, doc, instruction),
                )
                return


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    """A STOPSIGNAL above, where there is none."""
    from dflint.lint.start_fixes import stop_signal_fix

    return None if doc.all(StopSignal) else stop_signal_fix(instruction, "SIGQUIT")
