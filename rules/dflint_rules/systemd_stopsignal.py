"""The rule `systemd-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd, Entrypoint, StopSignal
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.unset_stop_signals import unset_stop_signals

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
        options=(
            OptionSpec(
                "any-init",
                "bool",
                False,
                "Take every `/sbin/init` for systemd.",
                exact_for=("tally/prefer-systemd-sigrtmin-plus-3",),
            ),
        ),
    )
    on = (
        Cmd,
        Entrypoint,
    )
    mentions = ("systemd", "/sbin/init")
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
            'FROM a\nCMD ["/sbin/init"]\n',
            at="CMD",
            options={"any-init": True},
            fixed='FROM a\nSTOPSIGNAL SIGRTMIN+3\nCMD ["/sbin/init"]\n',
            unsafe=True,
        ),
        Invalid('FROM a\nSTOPSIGNAL 15\nCMD ["/lib/systemd/systemd"]\n', at="CMD"),
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
        options = doc.settings.options.get(self.meta.name, {})
        is_systemd = bool(options.get("any-init")) or "systemd" in doc.text
        for instruction, program, image in unset_stop_signals(doc.model):
            if "init" in image or "systemd" in image:
                return
            is_init = program in ("/sbin/init", "/usr/sbin/init") and is_systemd
            if is_init or program.rpartition("/")[2] == "systemd":
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "systemd does not halt on SIGTERM, and is killed after ten seconds; write "
                    "`STOPSIGNAL SIGRTMIN+3`",
                    fix=partial(_fix, doc, instruction),
                )
                return


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    """A STOPSIGNAL above, where there is none."""
    from dflint.lint.start_fixes import stop_signal_fix

    return None if doc.all(StopSignal) else stop_signal_fix(instruction, "SIGRTMIN+3")
