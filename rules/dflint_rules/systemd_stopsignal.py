"""The rule `systemd-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd, Entrypoint
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


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
        from dflint.lint.start_fixes import stop_signal_fix
        from dflint.semantic.unset_stop_signals import unset_stop_signals

        for instruction, program, image in unset_stop_signals(doc.model):
            if "init" in image or "systemd" in image:
                return
            is_init = program in ("/sbin/init", "/usr/sbin/init") and "systemd" in doc.text
            if is_init or program.endswith("/systemd"):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "systemd does not halt on SIGTERM, and is killed after ten seconds; write "
                    "`STOPSIGNAL SIGRTMIN+3`",
                    fix=partial(stop_signal_fix, instruction, "SIGRTMIN+3"),
                )
                return
