"""The rule `powershell-error-action`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
_PLAIN = _CORE + 'SHELL ["powershell", "-Command"]\n'
_STOP = "$ErrorActionPreference = 'Stop';"


class PowershellErrorAction(Rule):
    """PowerShell goes on after a command that fails: `$ErrorActionPreference` is not `Stop`.

    By default a cmdlet that fails prints its error, and the script goes on; the RUN ends with the
    status of the last command, and the build with an image in which something is missing. Set it
    for all RUNs: `SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]`.

    Reported are scripts of several commands in the shell form, once for each SHELL. Programs that
    are no cmdlets do not obey it; PowerShell 7.4 has `$PSNativeCommandUseErrorActionPreference`.

    Microsoft Learn, "about_Preference_Variables"; Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "powershell-error-action",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/powershell/error-action-preference",),
    )
    on = (Run,)
    mentions = ("powershell", "pwsh")
    bad = _PLAIN + "RUN Expand-Archive a.zip C:/a; Remove-Item a.zip\n"
    good = (
        _CORE
        + f'SHELL ["powershell", "-Command", "{_STOP}"]\n'
        + "RUN Expand-Archive a.zip C:/a; Remove-Item a.zip\n"
    )
    valid = (
        Valid(_PLAIN + "RUN Install-Module a\nRUN Write-Host 'a; b' # c; d\n"),
        Valid(_PLAIN + f"RUN {_STOP} A-B; C-D\n"),
        Valid("FROM a\nRUN b; c\n"),
        Valid(_PLAIN + "RUN try { A-B } catch { exit 1 }; C-D\n"),
    )
    invalid = (
        Invalid(_PLAIN + "RUN A-B -c d; E-F\nRUN A-B; C-D\n", at="A-B -c d; E-F"),
        Invalid('FROM a\nSHELL ["pwsh", "-c"]\nRUN A-B; \\\n  C-D\n', at="A-B; \\\n  C-D"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first script under each SHELL."""
        from dflint.lint.windows_steps import powershell_scripts

        told: set[str] = set()
        for script in powershell_scripts(doc):
            body = script.text.strip().rstrip(";")
            known = (script.before + script.text).lower()
            if script.is_launched or ";" not in body or script.before in told:
                continue
            if "erroractionpreference" in known or "-ea " in known or "try" in known:
                continue
            told.add(script.before)
            yield self.finding(
                doc,
                script.span,
                "a cmdlet that fails does not end the script: the RUN succeeds by its last "
                "command; set `$ErrorActionPreference = 'Stop';` in SHELL",
            )
