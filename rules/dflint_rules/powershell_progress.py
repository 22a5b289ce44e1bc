"""The rule `powershell-progress`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import powershell_scripts
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.lint.windows_steps import PowerShellScript

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
_STOP = "$ErrorActionPreference = 'Stop';"
_SHELL = f'SHELL ["powershell", "-Command", "{_STOP}"]\n'
_QUIET = _SHELL.replace(_STOP, _STOP + " $ProgressPreference = 'SilentlyContinue';")


class PowershellProgress(Rule):
    """`Invoke-WebRequest` draws a progress bar, which makes it many times slower.

    Windows PowerShell draws the bar anew for every few bytes, and the build's log gets all of it.
    Set `$ProgressPreference = 'SilentlyContinue'` in SHELL or in the script. PowerShell 7 (`pwsh`)
    is not reported: it draws less.

    The fix sets it where the script begins, or in SHELL.

    Microsoft Learn, "about_Preference_Variables"; PowerShell issue 2138.
    """

    meta = Meta(
        "powershell-progress",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/powershell/progress-preference",),
        fix="unsafe",
    )
    on = (Run,)
    mentions = ("invoke-webrequest", "iwr ")
    bad = _CORE + _SHELL + "RUN Invoke-WebRequest https://example.org/a.zip -OutFile a.zip\n"
    good = _CORE + _QUIET + "RUN Invoke-WebRequest https://example.org/a.zip -OutFile a.zip\n"
    valid = (
        Valid(_CORE + _SHELL + "RUN $ProgressPreference = 'SilentlyContinue'; iwr a -OutFile b\n"),
        Valid('FROM a\nSHELL ["pwsh", "-c"]\nRUN Invoke-WebRequest a -OutFile b\n'),
        Valid(_CORE + _SHELL + "RUN echo 'Invoke-WebRequest'\n"),
    )
    invalid = (
        Invalid(_CORE + _SHELL + "RUN A-B; iwr -Uri a -OutFile b\n", at="iwr",
                fixed=_CORE + _QUIET + "RUN A-B; iwr -Uri a -OutFile b\n", unsafe=True),
        Invalid(_CORE + "RUN powershell -Command Invoke-WebRequest a -OutFile b\n", at="powershell",
                fixed=_CORE + "RUN powershell -Command $ProgressPreference = 'SilentlyContinue'; "
                "Invoke-WebRequest a -OutFile b\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of each script."""
        for script in powershell_scripts(doc):
            found = re.search(r"(?<![\w-])(?:invoke-webrequest|iwr)(?![\w-])", script.text, re.I)
            known = (script.before + script.text).lower()
            if found is None or "progresspreference" in known or "pwsh" in known:
                continue
            place = script.span
            if not script.is_launched:
                begin = place.start + found.start()
                place = Span(begin, begin + len(found[0]))
            elif place.slice(doc.text).lower().startswith("pwsh"):
                continue
            yield self.finding(
                doc,
                place,
                "the progress bar of `Invoke-WebRequest` makes it many times slower; set "
                "`$ProgressPreference = 'SilentlyContinue';` first",
                fix=partial(_fix, doc, script),
            )


def _fix(doc: Document, script: PowerShellScript) -> Fix | None:
    import dflint.lint.powershell_fixes as fixes

    return fixes.set_before(doc, script, "$ProgressPreference = 'SilentlyContinue';")
