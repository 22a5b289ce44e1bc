"""The rule `systemd-stopsignal`."""

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


class SystemdStopsignal(Rule):
    """systemd does not end on the signal that it is sent.

    As the first process of a container systemd takes `SIGTERM` for a wish to start itself anew:
    `docker stop` waits ten seconds and kills it then, with all services. `SIGRTMIN+3` has it halt
    in order.

    The fix adds `STOPSIGNAL`; it is unsafe, because the image's configuration is another one
    then.

    systemd(1), "Signals".
    """

    meta = Meta(
        "systemd-stopsignal",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/prefer-systemd-sigrtmin-plus-3",),
        fix="unsafe",
    )
    on = (
        Cmd,
        Entrypoint,
    )
    mentions = ("systemd",)
    bad = 'FROM rockylinux:9\nRUN systemctl enable app\nCMD ["/usr/lib/systemd/systemd"]\n'
    good = (
        "FROM rockylinux:9\n"
        "RUN systemctl enable app\n"
        "STOPSIGNAL SIGRTMIN+3\n"
        'CMD ["/usr/lib/systemd/systemd"]\n'
    )
    valid = (
        Valid('FROM ubi9/ubi-init\nCMD ["/lib/systemd/systemd"]\n'),
        Valid('FROM a\nCMD ["/sbin/init"]\n'),
        Valid('FROM a\nSTOPSIGNAL 37\nFROM b\nCMD ["c"]\n'),
    )
    invalid = (
        Invalid(
            'FROM a\nRUN rm /lib/systemd/x\nCMD ["/usr/sbin/init"]\n',
            at="CMD",
            fixed=(
                'FROM a\nRUN rm /lib/systemd/x\nSTOPSIGNAL SIGRTMIN+3\nCMD ["/usr/sbin/init"]\n'
            ),
            unsafe=True,
        ),
        Invalid(
            'FROM a\nENTRYPOINT ["/lib/systemd/systemd"]\n',
            at="ENTRYPOINT",
            fixed='FROM a\nSTOPSIGNAL SIGRTMIN+3\nENTRYPOINT ["/lib/systemd/systemd"]\n',
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
        if "init" in chain[-1].image or "systemd" in chain[-1].image:
            return
        for instruction in instructions:
            is_start = isinstance(instruction, (Cmd, Entrypoint)) and instruction.reading.is_json
            program = "".join(instruction.reading.arguments[:1]) if is_start else ""
            is_init = program in ("/sbin/init", "/usr/sbin/init") and "systemd" in doc.text
            if is_init or program.endswith("/systemd"):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "systemd does not halt on SIGTERM, and is killed after ten seconds; write "
                    "`STOPSIGNAL SIGRTMIN+3`",
                    fix=partial(_fix, instruction),
                )
                return


def _fix(instruction: Instruction) -> Fix:
    from dflint.lint.edits import insertion_above
    from dflint.lint.fix import Applicability, Effect, Fix

    edit = insertion_above(instruction, "STOPSIGNAL SIGRTMIN+3")
    return Fix(
        "stop it by SIGRTMIN+3",
        (edit,),
        Applicability.UNSAFE,
        Effect.METADATA,
        contract=may_set("stopsignal"),
    )
