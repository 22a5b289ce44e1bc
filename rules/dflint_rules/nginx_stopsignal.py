"""The rule `nginx-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd, Entrypoint, StopSignal
from dflint.lint.contract import may_set
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

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
    mentions = ("nginx",)
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
        stage = doc.model.final_stage
        chain = () if stage is None else (stage, *stage.ancestors())
        instructions = [one for each in chain for one in each.instructions]
        if not chain or any(isinstance(one, StopSignal) for one in instructions):
            return
        image = chain[-1].image.rpartition("/")[2]
        if image.startswith(("nginx", "openresty")):
            return
        for instruction in instructions:
            is_start = isinstance(instruction, (Cmd, Entrypoint)) and instruction.reading.is_json
            program = "".join(instruction.reading.arguments[:1]) if is_start else ""
            if program.rpartition("/")[2] == "nginx":
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "on SIGTERM nginx drops what it is answering; write `STOPSIGNAL SIGQUIT`",
                    fix=partial(_fix, instruction),
                )
                return


def _fix(instruction: Instruction) -> Fix:
    from dflint.lint.edits import insertion_above
    from dflint.lint.fix import Applicability, Effect, Fix

    edit = insertion_above(instruction, "STOPSIGNAL SIGQUIT")
    return Fix(
        "stop it by SIGQUIT",
        (edit,),
        Applicability.UNSAFE,
        Effect.METADATA,
        contract=may_set("stopsignal"),
    )
