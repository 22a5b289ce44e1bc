"""The rule `windows-stopsignal`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import StopSignal
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import WINDOWS_MARKS, is_windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"


class WindowsStopsignal(Rule):
    """`STOPSIGNAL` is set in a stage for Windows, where it does nothing.

    Windows has no signals: `docker stop` sends a console event (`CTRL_SHUTDOWN_EVENT`) and ends the
    container when its time is up.

    Microsoft Learn, "SetConsoleCtrlHandler"; Dockerfile reference, "STOPSIGNAL".
    """

    meta = Meta(
        "windows-stopsignal",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/windows/no-stopsignal",),
        fix="unsafe",
    )
    on = (StopSignal,)
    mentions = WINDOWS_MARKS
    bad = _CORE + "STOPSIGNAL SIGTERM\n"
    good = _CORE + 'CMD ["app.exe"]\n'
    valid = (
        Valid("FROM a\nSTOPSIGNAL SIGINT\n"),
        Valid(_CORE + "FROM a\nSTOPSIGNAL 2\n"),
    )
    invalid = (
        Invalid('FROM a\nSHELL ["cmd", "/C"]\nSTOPSIGNAL 9\n', at="STOPSIGNAL",
                fixed='FROM a\nSHELL ["cmd", "/C"]\n', unsafe=True),
        Invalid(_CORE + "# end\nSTOPSIGNAL SIGQUIT\nRUN a\n", at="STOPSIGNAL",
                fixed=_CORE + "# end\n\nRUN a\n", unsafe=True),
        Invalid(_CORE.replace("\n", " AS a\n") + "FROM a\nSTOPSIGNAL 9\n", at="STOPSIGNAL",
                fixed=_CORE.replace("\n", " AS a\n") + "FROM a\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the keyword."""
        for instruction in doc.all(StopSignal):
            if is_windows(doc, instruction):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "Windows has no signals: STOPSIGNAL does nothing; leave it out",
                    fix=partial(_fix, doc, instruction),
                )


def _fix(doc: Document, instruction: StopSignal) -> Fix | None:
    import dflint.lint.start_fixes as fixes

    return fixes.without_stopsignal(doc, instruction)
